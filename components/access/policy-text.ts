import { parseDocument, stringify } from "yaml";
import { z } from "zod";
import { AccessRule, AclEntry, HostPolicy, Policy } from "@/lib/contracts/policy.ts";
import { canonical, withValues, yamlOptions } from "./kept-text.ts";

/** The part of the policy that the raw view edits. Hosts without entries of their own are left out. */
const Part = z.strictObject({
  acl: z.record(z.string(), AclEntry).default({}),
  accessRules: z.record(z.string(), AccessRule).default({}),
  hosts: z.record(z.string(), HostPolicy.pick({ acl: true, accessRules: true })).default({}),
  tests: Policy.shape.tests,
});

export type PolicyTextError = { line: number; message: string } | { path: string; message: string };

/** The part as text: as it was written last, if it was, with what it says now. */
export function toText(policy: Policy): string {
  const part = partOf(policy);
  const written = policy.accessText?.join("\n");
  if (written === undefined) return stringify(part, yamlOptions);
  const read = fromText(written, policy);
  if ("policy" in read && canonical(partOf(read.policy)) === canonical(part)) return written;
  return withValues(written, part) ?? stringify(part, yamlOptions);
}

/** The policy with the text that it has now, for what a builder has changed. */
export function withText(policy: Policy): Policy {
  return policy.accessText === undefined ? policy : keepText(policy, toText(policy));
}

/** Text that says no more than the values is not kept. */
function keepText({ accessText: _before, ...policy }: Policy, text: string): Policy {
  return text === stringify(partOf(policy), yamlOptions) ? policy : { ...policy, accessText: text.split("\n") };
}

function partOf({ acl, accessRules, hosts, tests }: Policy) {
  const own = Object.entries(hosts).filter(
    ([, host]) => Object.keys(host.acl).length + Object.keys(host.accessRules).length > 0,
  );
  const ofHosts = own.map(([name, host]) => [name, { acl: host.acl, accessRules: host.accessRules }] as const);
  return {
    acl,
    accessRules,
    ...(own.length === 0 ? {} : { hosts: Object.fromEntries(ofHosts) }),
    ...(tests.length === 0 ? {} : { tests }),
  };
}

/** The policy with what the text says, or the first thing that keeps it from being read. */
export function fromText(text: string, policy: Policy): { policy: Policy } | { error: PolicyTextError } {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem)
    return {
      error: { line: problem.linePos?.[0].line ?? 1, message: problem.message.split(" at line")[0] ?? problem.message },
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return { error: { line: 1, message: error instanceof Error ? error.message : String(error) } };
  }
  const part = Part.safeParse(value ?? {});
  if (!part.success) {
    const [issue] = part.error.issues;
    return { error: { path: issue?.path.join(".") ?? "", message: issue?.message ?? "" } };
  }
  const unknown = Object.keys(part.data.hosts).find((host) => !Object.hasOwn(policy.hosts, host));
  if (unknown) return { error: { path: `hosts.${unknown}`, message: "no such host" } };
  const hosts = Object.fromEntries(
    Object.entries(policy.hosts).map(([name, host]) => {
      const own = part.data.hosts[name];
      return [name, { ...host, acl: own?.acl ?? {}, accessRules: own?.accessRules ?? {} }];
    }),
  );
  const { acl, accessRules, tests } = part.data;
  return { policy: keepText({ ...policy, acl, accessRules, hosts, tests }, text) };
}
