import { isDeepStrictEqual } from "node:util";
import type { Policy } from "../../lib/contracts/policy.ts";
import { own } from "../core/policy/engine.ts";
import { roleRules } from "../core/policy/roles.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { aclsBehind } from "./role-members.ts";

/**
 * Whoever may change the policy but not give roles must not change who has which: neither the roles, nor the access rules
 * that give them, nor an ACL that such a rule leads to. Throws `forbidden`.
 */
export function guardAuthority(before: Policy, after: Policy, call: Call): void {
  if (call.may("roles:write")) return;
  const rules = new Set([...roleRules(before), ...roleRules(after)]);
  const acls = new Set([...rules].flatMap((rule) => [...aclsBehind(before, rule), ...aclsBehind(after, rule)]));
  if (isDeepStrictEqual(authorityOf(before, rules, acls), authorityOf(after, rules, acls))) return;
  throw refused(
    "forbidden",
    "changes-roles",
    {},
    {
      permission: "roles:write",
      rule: "configure",
    },
  );
}

function authorityOf(document: Policy, rules: ReadonlySet<string>, acls: ReadonlySet<string>): unknown {
  const pick = (scope: { acl: Record<string, unknown>; accessRules: Record<string, unknown> }) => [
    [...rules].map((rule) => own(scope.accessRules, rule)),
    [...acls].map((acl) => own(scope.acl, acl)),
  ];
  const hosts = Object.entries(document.hosts).map(([name, scope]) => [name, pick(scope)] as const);
  // A host without rules of its own changes nobody's roles by coming or going.
  const telling = hosts.filter(([, picked]) => picked.flat().some((part) => part !== undefined));
  return [document.console, pick(document), telling.toSorted(([a], [b]) => (a < b ? -1 : 1))];
}
