import { z } from "zod";
import { endpoint, HostName, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { PolicyIssue, Revision } from "./policy.ts";
import { RegistrationPolicy } from "./registration-policy.ts";

/** Why a registration was let through or refused. */
export const RegistrationVerdict = z.object({
  allowed: z.boolean(),
  code: z.enum([
    "allowed",
    "closed",
    "needs-invite",
    "bad-invite",
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
      PageInput.extend({ host: HostName.optional(), outcome: z.enum(["all", "allowed", "denied"]).default("all") }),
    )
    .output(pageOf(RegistrationDecision)),
};
