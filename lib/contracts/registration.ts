import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { PolicyIssue, Revision } from "./policy.ts";
import { RegistrationPolicy, ReplyTemplate } from "./registration-policy.ts";

/** Why a registration was let through or refused. `waiting`: an admin has to approve it. */
export const RegistrationVerdict = z.object({
  allowed: z.boolean(),
  code: z.enum([
    "allowed",
    "waiting",
    "closed",
    "queue-full",
    "needs-invite",
    "bad-invite",
    "pass-used",
    "access-rule",
    "network",
    "rate-limited",
    "reserved-name",
    "bad-name",
    "weak-password",
    "exists",
    "needs-tls",
    "host-disabled",
  ]),
  /** The deciding line in words, e.g. `networks[1]: deny 203.0.113.0/24`. */
  line: z.string(),
  retryAfterSeconds: z.int().nullable(),
});
export type RegistrationVerdict = z.infer<typeof RegistrationVerdict>;

export const RegistrationDecision = z.object({
  id: z.int(),
  at: Timestamp,
  host: HostName,
  jid: z.string(),
  address: z.string(),
  source: z.enum(["in-band", "web"]),
  verdict: RegistrationVerdict,
});
export type RegistrationDecision = z.infer<typeof RegistrationDecision>;

/** Somebody has asked for an account and waits for an admin, or was refused. */
export const RegistrationApplication = z.object({
  jid: JidText,
  host: HostName,
  at: Timestamp,
  source: z.enum(["in-band", "web"]),
  address: z.string(),
  message: z.string().describe("what they wrote for the admin"),
  language: z.string().describe("theirs, as a BCP 47 tag; empty where it is not known"),
  expiresAt: Timestamp,
  denied: z.object({ at: Timestamp, by: z.string(), reason: z.string() }).nullable(),
});
export type RegistrationApplication = z.infer<typeof RegistrationApplication>;

/** Lets one registration through that the policy would refuse. */
export const RegistrationPass = z.object({
  id: z.string(),
  jid: JidText,
  host: HostName,
  network: z.string().describe("where it has to come from, as CIDR"),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp,
});
export type RegistrationPass = z.infer<typeof RegistrationPass>;

const Jids = z.array(JidText).min(1).max(500);
const Reply = z.string().max(1000).default("").describe("`{name}` and `{host}` are filled in for each of them");
const TemplateName = z
  .string()
  .max(64)
  .default("")
  .describe("name of a template of their hosts: each is told it in their language, in place of the text");
const Decided = z.object({
  done: z.int(),
  failed: z.array(z.object({ jid: JidText, code: z.enum(["not-found", "exists"]) })),
});

const host = z.object({ host: HostName.optional().describe("absent: the default for all hosts") });

export const registration = {
  get: endpoint(
    "GET",
    "/registration",
    { permission: "policy:read", host: "host" },
    "The registration policy of a host, or the default",
  )
    .input(host)
    .output(
      z.object({
        inherited: z.boolean(),
        policy: RegistrationPolicy,
        revision: Revision,
        issues: z.array(PolicyIssue),
      }),
    ),
  set: endpoint(
    "PUT",
    "/registration",
    { permission: "policy:write", audit: "registration.set", host: "host" },
    "Set the registration policy (null on a host: inherit the default)",
  )
    .input(host.extend({ policy: RegistrationPolicy.nullable(), comment: z.string().max(1000).default("") }))
    .output(z.object({ revision: Revision, issues: z.array(PolicyIssue) })),
  test: endpoint(
    "POST",
    "/registration/test",
    { permission: "policy:read", host: "host" },
    "Would this address be allowed to register this name",
  )
    .input(
      z.object({
        host: HostName,
        address: z.string().max(64),
        local: z.string().max(1023).default(""),
        password: z.string().max(1023).optional().meta({ secret: true }),
        secure: z.boolean().default(true),
        invited: z.boolean().default(false).describe("with an invite for any name"),
        draft: RegistrationPolicy.optional(),
      }),
    )
    .output(RegistrationVerdict),
  log: endpoint(
    "GET",
    "/registration/log",
    { permission: "policy:read", host: "host", filtered: true },
    "Decisions, newest first",
  )
    .input(
      PageInput.extend({
        host: HostName.optional(),
        jid: JidText.optional().describe("only about this name"),
        outcome: z.enum(["all", "allowed", "denied"]).default("all"),
      }),
    )
    .output(pageOf(RegistrationDecision)),
  hits: endpoint(
    "GET",
    "/registration/hits",
    { permission: "policy:read", host: "host", filtered: true },
    "How often each line of the policy has decided in the last 24 hours",
  )
    .input(host)
    .output(
      z.object({
        allowed: z.int(),
        denied: z.int(),
        lines: z.array(z.object({ line: z.string(), allowed: z.boolean(), count: z.int() })),
      }),
    ),
  applications: endpoint(
    "GET",
    "/registration/applications",
    { permission: "users:read", host: "host", filtered: true },
    "Applications for accounts, the oldest first",
  )
    .input(
      PageInput.extend({
        host: HostName.optional(),
        state: z.enum(["waiting", "denied"]).default("waiting"),
        search: z.string().max(255).optional(),
      }),
    )
    .output(pageOf(RegistrationApplication)),
  approve: endpoint(
    "POST",
    "/registration/applications/approve",
    { permission: "users:write", audit: "registration.approve", filtered: true },
    "Make the accounts that were applied for; each is left a message with the text, if there is one",
  )
    .input(z.object({ jids: Jids, text: Reply, template: TemplateName }))
    .output(Decided),
  deny: endpoint(
    "POST",
    "/registration/applications/deny",
    { permission: "users:write", audit: "registration.deny", filtered: true },
    "Refuse applications; whoever logs in with one is told the reason",
  )
    .input(z.object({ jids: Jids, reason: Reply, template: TemplateName }))
    .output(Decided),
  templates: endpoint(
    "GET",
    "/registration/templates",
    { permission: "users:read", host: "host" },
    "Texts for those who applied on a host, as its registration policy has them",
  )
    .input(z.object({ host: HostName }))
    .output(z.object({ items: z.array(ReplyTemplate) })),
  passes: endpoint(
    "GET",
    "/registration/passes",
    { permission: "policy:read", host: "host", filtered: true },
    "Registrations that are let through once, the newest first",
  )
    .input(host)
    .output(z.object({ items: z.array(RegistrationPass) })),
  allowOnce: endpoint(
    "POST",
    "/registration/passes",
    { permission: "users:write", audit: "registration.allow-once", host: "jid" },
    "Let this name be registered from this address once, whatever the policy says of mode, networks and pauses",
  )
    .input(
      z.object({
        jid: JidText,
        address: z.string().max(64).describe("an IPv4 address, or one of the IPv6 /64 it is in"),
        minutes: z.int().min(1).max(10_080).default(60),
      }),
    )
    .output(RegistrationPass),
  revokePass: endpoint(
    "DELETE",
    "/registration/passes/{id}",
    { permission: "users:write", audit: "registration.revoke-pass", filtered: true },
    "Take it back",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(Done),
};
