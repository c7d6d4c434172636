import { z } from "zod";
import { Brand } from "./console-policy.ts";
import {
  Done,
  endpoint,
  HostName,
  JidText,
  pageOf,
  PageInput,
  PermissionSchema,
  secret,
  Timestamp,
} from "./endpoint.ts";
import { WebAuthnOptions, WebAuthnResponse } from "./factors.ts";
import { HostSummary } from "./hosts.ts";
import { Negation } from "./negation.ts";
import { Password } from "./users.ts";
import { auditResults } from "./words.ts";

export const Listener = z.object({
  name: z.string(),
  address: z.string(),
  port: z.int(),
  tls: z.enum(["none", "starttls", "direct", "sniffed"]),
  error: z.string().nullable(),
});

/** By what means somebody acted. */
export const AuditMeans = z.object({
  kind: z.enum(["account", "key", "local", "nobody"]),
  roles: z.array(z.string()).describe("Roles that the account had then."),
  credential: z.string().nullable().describe("Id of the console session or of the API key."),
  userAgent: z.string(),
});
export type AuditMeans = z.infer<typeof AuditMeans>;

export const AuditEntry = z.object({
  id: z.int(),
  at: Timestamp,
  actor: z.string(),
  address: z.string(),
  action: z.string(),
  object: z.string(),
  result: z.enum(auditResults),
  detail: z.unknown().nullable().describe("Input without secrets, and what changed."),
  requestId: z.string(),
  means: AuditMeans.nullable().describe("null: the server acted by itself, or the entry is older than this field."),
  hash: z.string().describe("SHA-256 over this entry and the hash of the one before."),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What makes a new server whole, in the order in which the overview tells it. */
export const firstSteps = ["user", "target", "forwarded", "push", "certificate", "backup", "admin", "factor"] as const;
export type FirstStep = (typeof firstSteps)[number];

/** Something that an operator should look at. */
export const AttentionItem = z.object({
  code: z.enum([
    "target-failing",
    "target-misconfigured",
    "target-gone",
    "target-blocked",
    "target-overflow",
    "target-pruning",
    "target-paused",
    "target-stalled",
    "dead-letters",
    "certificate-expiring",
    "self-signed",
    "plain-http",
    "disk-low",
    "disk-full",
    "module-failed",
    "listener-down",
    "no-target",
    "open-registration",
    "reports-open",
    "applications-waiting",
    "loop-lag",
    "backup-overdue",
    "backup-failed",
    "order-failed",
  ]),
  severity: z.enum(["info", "warning", "error"]),
  subject: z.string(),
  since: Timestamp.nullable(),
  value: z.string(),
  more: z.int().describe("others of which the same can be said, left out here"),
});
export type AttentionItem = z.infer<typeof AttentionItem>;

export const Overview = z.object({
  version: z.string(),
  startedAt: Timestamp,
  now: Timestamp,
  hosts: z.int(),
  users: z.int(),
  online: z.int(),
  messagesPerSecond: z.number(),
  offlineMessages: z.int(),
  offlineOldestAt: Timestamp.nullable(),
  forward: z.object({
    backlog: z.int(),
    delivered24h: z.int(),
    failed24h: z.int(),
    dead: z.int(),
    p95Ms: z.number().nullable(),
  }),
  /** One sample a minute for the last hour, oldest first. */
  history: z.object({
    online: z.array(z.number()),
    messages: z.array(z.number()),
    offline: z.array(z.number()),
    forwards: z.array(z.number()),
  }),
  listeners: z.array(Listener),
  /** Those of the hosts that the caller may read. */
  perHost: z.array(HostSummary).describe("the hosts with the most people online"),
  /** The newest entries of the audit log; null: they are not for the caller. */
  changes: z.array(AuditEntry).nullable(),
  attention: z.array(AttentionItem),
  openSteps: z.array(z.enum(firstSteps)).describe("First steps that nobody has taken; `factor` is the caller's own."),
  memoryBytes: z.int(),
  storageBytes: z.int(),
});
export type Overview = z.infer<typeof Overview>;

export const Actor = z.object({
  kind: z.enum(["account", "key", "local"]),
  name: z.string().describe("bare JID, key name, or the local user of the control socket"),
  /** Hosts that the actor is held to; null: all. */
  hosts: z.array(HostName).nullable(),
  permissions: z.array(PermissionSchema),
  roles: z.array(z.string()).describe("Roles of an account."),
  /** Which permissions hold where; `permissions` and `hosts` are all of them together. */
  grants: z.array(z.object({ permissions: z.array(PermissionSchema), hosts: z.array(HostName).nullable() })),
  mustEnrol: z.boolean().describe("Nothing is granted until the account has a second factor."),
});
export type Actor = z.infer<typeof Actor>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(PermissionSchema),
  hosts: z.array(HostName).nullable(),
  addresses: z.array(z.string()).describe("Addresses and blocks that it may be used from; none: anywhere."),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  lastUsedFrom: z.string().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const ConsoleSession = z.object({
  id: z.string(),
  jid: JidText,
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  address: z.string(),
  userAgent: z.string(),
  current: z.boolean(),
});
export type ConsoleSession = z.infer<typeof ConsoleSession>;

export const server = {
  overview: endpoint(
    "GET",
    "/overview",
    { permission: "server:read" },
    "Figures, listeners and what needs attention",
  ).output(Overview),
  attention: endpoint(
    "GET",
    "/attention",
    { permission: "server:read" },
    "What needs attention, worst first, without the figures of the overview",
  ).output(z.object({ items: z.array(AttentionItem) })),
  status: endpoint("GET", "/status", { permission: "public" }, "Is the server up, and does it have an admin").output(
    z.object({
      status: z.enum(["starting", "ready", "stopping"]),
      version: z.string(),
      needsSetup: z.boolean(),
      hosts: z.array(HostName),
      brand: Brand,
    }),
  ),
  stop: endpoint(
    "POST",
    "/stop",
    { permission: "server:write", audit: "server.stop" },
    "Stop the server (control socket only)",
  ).output(Done),
  listeners: endpoint("GET", "/listeners", { permission: "server:read" }, "Listeners and their ports").output(
    z.object({ items: z.array(Listener) }),
  ),
};

export const auth = {
  /**
   * Called by the console's credentials provider. Answers one message for every wrong pair. JID and password, or a passkey;
   * where the account has a second factor the password is refused with `second-factor` and a ticket, which then comes with
   * a code or a passkey.
   */
  verify: endpoint(
    "POST",
    "/auth/verify",
    { permission: "public", audit: "auth.login" },
    "Check who an admin is and open a console session",
  )
    .input(
      z.object({
        jid: z.string().max(3071).default(""),
        password: Password.optional(),
        ticket: secret(z.string().min(1).max(64)).optional(),
        code: secret(z.string().max(64)).optional().describe("Of an authenticator app, or a recovery code."),
        passkey: z.object({ id: z.string().min(1).max(64), response: WebAuthnResponse }).optional(),
        address: z.string().max(64).default(""),
        userAgent: z.string().max(512).default(""),
      }),
    )
    .output(z.object({ sessionId: z.string(), jid: JidText })),
  passkeyChallenge: endpoint(
    "GET",
    "/auth/passkey",
    { permission: "public" },
    "What a passkey is to sign at log-in",
  ).output(z.object({ id: z.string(), options: WebAuthnOptions })),
  roles: endpoint("GET", "/auth/roles", { permission: "self" }, "What roles there are, and who gives them").output(
    z.object({
      items: z.array(z.object({ role: z.string(), permissions: z.array(PermissionSchema) })),
      owners: z.array(JidText),
    }),
  ),
  me: endpoint("GET", "/auth/me", { permission: "self" }, "Who am I and what may I do").output(
    Actor.extend({ version: z.string() }),
  ),
  logout: endpoint(
    "POST",
    "/auth/logout",
    { permission: "self", audit: "auth.logout" },
    "End this console session",
  ).output(Done),
  sessions: endpoint("GET", "/auth/sessions", { permission: "self" }, "My console sessions").output(
    z.object({ items: z.array(ConsoleSession) }),
  ),
  revoke: endpoint(
    "DELETE",
    "/auth/sessions/{id}",
    { permission: "self", audit: "auth.revoke" },
    "End one of my console sessions",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(Done),
  revokeOthers: endpoint(
    "POST",
    "/auth/sessions/revoke-others",
    { permission: "self", audit: "auth.revoke-others" },
    "End all my console sessions but this one",
  ).output(z.object({ ended: z.int() })),
};

export const keys = {
  list: endpoint("GET", "/keys", { permission: "keys:write" }, "API keys").output(z.object({ items: z.array(ApiKey) })),
  create: endpoint(
    "POST",
    "/keys",
    { permission: "keys:write", audit: "key.create" },
    "Make an API key; its text is shown once",
  )
    .input(
      z.object({
        name: z.string().min(1).max(100),
        permissions: z.array(PermissionSchema).min(1),
        hosts: z.array(HostName).nullable().default(null),
        addresses: z
          .array(z.string().min(1).max(64))
          .max(100)
          .default([])
          .describe("Addresses and blocks that it may be used from; none: anywhere."),
        expiresAt: Timestamp.nullable().optional().describe("null: it does not end; left out: in 90 days"),
      }),
    )
    .output(ApiKey.extend({ key: z.string() })),
  revoke: endpoint("DELETE", "/keys/{id}", { permission: "keys:write", audit: "key.revoke" }, "Revoke an API key")
    .input(z.object({ id: z.string().max(64) }))
    .output(Done),
};

export const audit = {
  list: endpoint("GET", "/audit", { permission: "audit:read" }, "What was changed, by whom, newest first")
    .input(
      PageInput.extend({
        actor: z.string().max(3071).optional(),
        action: z.string().max(64).optional(),
        result: AuditEntry.shape.result.optional(),
        search: z.string().max(255).optional(),
        since: Timestamp.optional(),
        until: Timestamp.optional(),
        not: Negation("actor", "action", "result"),
      }),
    )
    .output(pageOf(AuditEntry)),
  verify: endpoint(
    "GET",
    "/audit/chain",
    { permission: "audit:read" },
    "Is the chain of audit entries whole: was one changed, left out, or taken from the middle",
  ).output(
    z.object({
      intact: z.boolean(),
      brokenAt: z.int().nullable().describe("The first entry that does not fit."),
      rows: z.int(),
      head: z.object({ id: z.int(), hash: z.string() }).describe("The newest entry: what to note down elsewhere."),
    }),
  ),
};
