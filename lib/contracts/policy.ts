import { z } from "zod";
import { ConsolePolicy } from "./console-policy.ts";
import { endpoint, HostName, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { ForwardPolicy } from "./forward-policy.ts";
import { OperationsPolicy } from "./operations-policy.ts";
import { PolicyCount, PolicyImpact } from "./policy-impact.ts";
import { RegistrationPolicy } from "./registration-policy.ts";
import { told } from "./told.ts";

/** Names of ACLs, access rules, shapers, targets: what fits on a command line without quoting. */
export const Name = z
  .string()
  .regex(/^(?!__proto__$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, "letters, digits, _ . - and at most 64 of them");

const pattern = z.string().max(512);
const single = <K extends string, T extends z.ZodType>(key: K, value: T) =>
  z.strictObject({ [key]: value } as Record<K, T>);

/** One ACL condition in ejabberd's grammar: a word or an object with one key (`{ user: "a@example.org" }`). */
export const Condition = z.union([
  z.enum(["all", "none"]),
  single("user", pattern),
  single("server", pattern),
  single("resource", pattern),
  single("ip", z.union([pattern, z.array(pattern).min(1).max(1000)])),
  single("user_regexp", pattern),
  single("server_regexp", pattern),
  single("resource_regexp", pattern),
  single("node_regexp", z.strictObject({ user: pattern, server: pattern })),
  single("user_glob", pattern),
  single("server_glob", pattern),
  single("resource_glob", pattern),
  single("node_glob", z.strictObject({ user: pattern, server: pattern })),
  single("acl", Name),
]);
export type Condition = z.infer<typeof Condition>;

/** Conditions of an ACL are joined by OR. */
export const AclEntry = z.array(Condition).max(1000);
/** Conditions inside one line are joined by AND; the first line that matches decides; none: deny. */
export const AccessLine = z.union([
  z.strictObject({ allow: z.array(Condition).min(1).max(100) }),
  z.strictObject({ deny: z.array(Condition).min(1).max(100) }),
]);
export type AccessLine = z.infer<typeof AccessLine>;
export const AccessRule = z.array(AccessLine).max(1000);

const Inherit = z.enum(["append", "replace"]);

/** Token bucket on bytes read from a stream: sustained bytes per second and burst in bytes. */
export const Shaper = z.strictObject({ rate: z.int().min(256).max(1e9), burst: z.int().min(256).max(1e9) });
/** First line whose conditions all match gives the value: a shaper's name, a number (limits), or `infinite`. */
export const ShaperLine = z.strictObject({
  value: z.union([z.literal("infinite"), z.int().min(0), Name]),
  to: z.array(Condition).min(1).max(100),
});

export const ModuleSetting = z.strictObject({
  enabled: z.boolean(),
  /** Some of it may be secret: the module's own schema says what, which the audit log does not know. */
  options: z.record(z.string().max(64), z.unknown()).default({}).meta({ secret: true }),
});

export const HostPolicy = z.strictObject({
  enabled: z.boolean().default(true),
  drainUntil: Timestamp.nullable()
    .default(null)
    .describe("No session begins any more, and at this time the host is switched off; null: it is not drained."),
  acl: z.record(Name, z.strictObject({ inherit: Inherit, any: AclEntry })).default({}),
  accessRules: z.record(Name, z.strictObject({ inherit: Inherit, lines: AccessRule })).default({}),
  registration: RegistrationPolicy.nullable().default(null).describe("null: the policy of `defaults.registration`"),
  modules: z.record(Name, ModuleSetting).default({}),
});
export type HostPolicy = z.infer<typeof HostPolicy>;

/** A question that is asked at each change, and the answer that it must have. Without a host: that of the JID. */
export const PolicyTest = z.strictObject({
  name: z.string().min(1).max(100),
  rule: Name,
  jid: z.string().max(3071),
  ip: z.string().max(64).optional(),
  host: HostName.optional(),
  expected: z.enum(["allow", "deny"]),
});
export type PolicyTest = z.infer<typeof PolicyTest>;

/** The policy document: everything an admin changes while the server runs. One revision is one value of it. */
export const Policy = z.strictObject({
  hosts: z.record(HostName, HostPolicy),
  acl: z.record(Name, AclEntry),
  accessRules: z.record(Name, AccessRule),
  shapers: z.record(Name, Shaper),
  shaperRules: z.record(Name, z.array(ShaperLine).max(100)),
  registration: RegistrationPolicy,
  modules: z.record(Name, ModuleSetting),
  forward: ForwardPolicy,
  console: ConsolePolicy.prefault({}),
  operations: OperationsPolicy.prefault({}),
  tests: z.array(PolicyTest).max(500).default([]).describe("A change that makes one of them fail is refused."),
  accessText: z
    .array(z.string().max(4000))
    .max(20_000)
    .optional()
    .describe(
      "`acl`, `accessRules` and `tests` as somebody wrote them, line by line, for the comments. Where it says something else, it does not count.",
    ),
});
export type Policy = z.infer<typeof Policy>;

export const PolicyIssue = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.enum([
    "unknown-name",
    "bad-pattern",
    "bad-cidr",
    "shadowed-line",
    "always-true",
    "role-for-all",
    "unanchored-regexp",
    "ipv4-only-deny",
    "unused-name",
    "reserved-name",
    "acl-cycle",
    "locks-out-admin",
    "failed-test",
    "bad-option",
    "bad-value",
  ]),
  /** Path into the document, e.g. `accessRules.configure[0].allow[0].acl`. */
  path: z.string(),
  message: z.string(),
  suggestion: z.string().nullable(),
  ...told,
  line: z.int().optional().describe("Where in the text at this path; the message begins with it."),
  column: z.int().optional(),
});
export type PolicyIssue = z.infer<typeof PolicyIssue>;

export const Revision = z.object({
  id: z.int(),
  at: Timestamp,
  author: z.string(),
  comment: z.string(),
  ...told,
  /** Id of the revision that this one restored, when it is a rollback. */
  rollbackOf: z.int().nullable(),
});
export type Revision = z.infer<typeof Revision>;

/** One changed place of a diff between two documents. */
export const PolicyChange = z.object({
  path: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
});
export type PolicyChange = z.infer<typeof PolicyChange>;

/** A verdict with its reason: which line decided and how each condition voted. */
export const Verdict = z.object({
  allowed: z.boolean(),
  rule: z.string(),
  /** Index of the deciding line; null when no line matched and the default applied. */
  line: z.int().nullable(),
  text: z.string().describe("The deciding line as text, or the default."),
  ...told,
  trace: z.array(
    z.object({
      index: z.int(),
      action: z.enum(["allow", "deny"]),
      matched: z.boolean(),
      conditions: z.array(z.object({ text: z.string(), matched: z.boolean(), detail: z.string() })),
    }),
  ),
});
export type Verdict = z.infer<typeof Verdict>;

export const AccessTestInput = z.object({
  rule: Name,
  jid: z.string().max(3071),
  ip: z.string().max(64).optional(),
  host: HostName.optional(),
  /** Evaluate this document instead of the one in force. */
  draft: Policy.optional(),
});

export const AclTestInput = z.object({
  acl: Name,
  jid: z.string().max(3071),
  ip: z.string().max(64).optional(),
  host: HostName.optional(),
});

const read = { permission: "policy:read" } as const;
const write = (audit: string) => ({ permission: "policy:write", audit }) as const;

export const policy = {
  get: endpoint("GET", "/policy", read, "The policy in force").output(
    z.object({ revision: Revision, policy: Policy, issues: z.array(PolicyIssue) }),
  ),
  check: endpoint("POST", "/policy/check", read, "Check a draft: issues and diff, nothing is changed")
    .input(
      z.object({
        policy: z.unknown(),
        impact: z
          .boolean()
          .default(false)
          .describe("Ask both documents about the accounts and sessions that there are."),
      }),
    )
    .output(
      z.object({
        issues: z.array(PolicyIssue),
        changes: z.array(PolicyChange),
        impact: PolicyImpact.nullable().describe("null: not asked for, or the draft has not the shape of a policy."),
      }),
    ),
  test: endpoint("POST", "/policy/test", read, "Ask the questions that are kept with the policy, or with a draft")
    .input(z.object({ draft: Policy.optional() }))
    .output(z.object({ items: z.array(z.object({ test: PolicyTest, passed: z.boolean(), verdict: Verdict })) })),
  count: endpoint("POST", "/policy/count", read, "How many accounts and sessions a condition matches")
    .input(z.object({ condition: Condition, draft: Policy.optional() }))
    .output(PolicyCount),
  apply: endpoint("PUT", "/policy", write("policy.apply"), "Apply a whole document as a new revision")
    .input(
      z.object({
        policy: Policy,
        /** Refused with `conflict` when the policy in force has another revision by now. */
        baseRevision: z.int().optional(),
        comment: z.string().max(1000).default(""),
        force: z.boolean().default(false),
      }),
    )
    .output(z.object({ revision: Revision, changes: z.array(PolicyChange), issues: z.array(PolicyIssue) })),
  revisions: endpoint("GET", "/policy/revisions", read, "Revisions, newest first")
    .input(PageInput)
    .output(pageOf(Revision)),
  revision: endpoint(
    "GET",
    "/policy/revisions/{id}",
    read,
    "One revision with its document and its diff to the one before",
  )
    .input(z.object({ id: z.coerce.number().int() }))
    .output(z.object({ revision: Revision, policy: Policy, changes: z.array(PolicyChange) })),
  rollback: endpoint(
    "POST",
    "/policy/revisions/{id}/rollback",
    write("policy.rollback"),
    "Make an earlier document the newest revision",
  )
    .input(z.object({ id: z.coerce.number().int() }))
    .output(z.object({ revision: Revision, changes: z.array(PolicyChange) })),
  setAcl: endpoint("PUT", "/acl/{name}", write("acl.set"), "Set one ACL (null removes it)")
    .input(
      z.object({
        name: Name,
        host: HostName.optional(),
        any: AclEntry.nullable(),
        comment: z.string().max(1000).default(""),
        force: z.boolean().default(false),
      }),
    )
    .output(z.object({ revision: Revision, issues: z.array(PolicyIssue) })),
  testAcl: endpoint("POST", "/acl/test", read, "Does this JID, from this address, match this ACL")
    .input(AclTestInput)
    .output(
      z.object({
        matched: z.boolean(),
        conditions: z.array(z.object({ text: z.string(), matched: z.boolean(), detail: z.string() })),
      }),
    ),
  setAccessRule: endpoint("PUT", "/access/{name}", write("access.set"), "Set one access rule (null removes it)")
    .input(
      z.object({
        name: Name,
        host: HostName.optional(),
        lines: AccessRule.nullable(),
        comment: z.string().max(1000).default(""),
        force: z.boolean().default(false),
      }),
    )
    .output(z.object({ revision: Revision, issues: z.array(PolicyIssue) })),
  testAccess: endpoint("POST", "/access/test", read, "Would this JID from this address be allowed, and by which line")
    .input(AccessTestInput)
    .output(Verdict),
};
