import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, secret, Timestamp } from "./endpoint.ts";

export const Password = secret(z.string().min(1).max(1023));

export const User = z.object({
  jid: JidText,
  local: z.string(),
  host: HostName,
  createdAt: Timestamp,
  createdVia: z.enum(["setup", "admin", "cli", "in-band", "web", "import"]),
  createdFrom: z.string().nullable().describe("Address of an in-band or web registration."),
  suspended: z.object({ reason: z.string(), at: Timestamp, until: Timestamp.nullable(), by: z.string() }).nullable(),
  online: z.int().describe("Connected resources."),
  lastActivity: z.object({ at: Timestamp, status: z.string() }).nullable(),
  offlineMessages: z.int(),
  isAdmin: z.boolean().describe("The access rule `configure` allows this account."),
});
export type User = z.infer<typeof User>;

export const UserDetail = User.extend({
  offlineBytes: z.int(),
  roster: z.array(
    z.object({
      jid: z.string(),
      name: z.string(),
      subscription: z.enum(["none", "to", "from", "both"]),
      ask: z.boolean(),
      groups: z.array(z.string()),
    }),
  ),
});
export type UserDetail = z.infer<typeof UserDetail>;

export const UserClient = z.object({
  id: z.string(),
  software: z.string().nullable(),
  device: z.string().nullable(),
  mechanism: z.string().describe("SASL mechanism of its last login"),
  address: z.string().describe("address of its last login"),
  firstAt: Timestamp,
  lastAt: Timestamp,
  sessions: z.array(JidText).describe("full JIDs"),
  knowsPassword: z.boolean().describe("It has logged in with the password that the account has now."),
  hasToken: z.boolean().describe("It can come back without the password (XEP-0484)."),
});
export type UserClient = z.infer<typeof UserClient>;

const read = { permission: "users:read" } as const;
const byJid = (audit: string) => ({ permission: "users:write", audit, host: "jid" }) as const;

export const users = {
  list: endpoint(
    "GET",
    "/users",
    { ...read, host: "host", filtered: true },
    "Accounts, ordered by JID, searched by a part of the name",
  )
    .input(
      PageInput.extend({
        host: HostName.optional(),
        search: z.string().max(255).optional(),
        filter: z.enum(["all", "online", "suspended", "never", "queued"]).default("all"),
      }),
    )
    .output(pageOf(User)),
  get: endpoint("GET", "/users/{jid}", { ...read, host: "jid" }, "One account")
    .input(z.object({ jid: JidText }))
    .output(UserDetail),
  create: endpoint(
    "POST",
    "/users",
    { permission: "users:write", audit: "user.create", host: "host" },
    "Register an account",
  )
    .input(z.object({ local: z.string().min(1).max(1023), host: HostName, password: Password }))
    .output(User),
  changePassword: endpoint(
    "PUT",
    "/users/{jid}/password",
    byJid("user.change-password"),
    "Change a password and end the account's sessions",
  )
    .input(z.object({ jid: JidText, password: Password, keepSessions: z.boolean().default(false) }))
    .output(Done),
  checkPassword: endpoint(
    "POST",
    "/users/{jid}/password/check",
    { permission: "users:write", host: "jid", audit: "user.check-password" },
    "Is this the account's password",
  )
    .input(z.object({ jid: JidText, password: Password }))
    .output(z.object({ matches: z.boolean() })),
  suspend: endpoint(
    "POST",
    "/users/{jid}/suspend",
    byJid("user.suspend"),
    "Suspend an account: its sessions end, its data stays",
  )
    .input(
      z.object({ jid: JidText, reason: z.string().max(500).default(""), until: Timestamp.nullable().default(null) }),
    )
    .output(User),
  resume: endpoint("POST", "/users/{jid}/resume", byJid("user.resume"), "Lift a suspension")
    .input(z.object({ jid: JidText }))
    .output(User),
  remove: endpoint("DELETE", "/users/{jid}", byJid("user.delete"), "Delete an account with everything it owns")
    .input(z.object({ jid: JidText }))
    .output(Done),
  clients: endpoint(
    "GET",
    "/users/{jid}/clients",
    { ...read, host: "jid" },
    "Clients with access to an account, the one that was there last first (XEP-0494)",
  )
    .input(z.object({ jid: JidText }))
    .output(z.object({ items: z.array(UserClient) })),
  revokeClient: endpoint(
    "DELETE",
    "/users/{jid}/clients/{id}",
    byJid("user.revoke-client"),
    "Sign a client out: its tokens and sessions end. One that knows the password can come back until that is changed",
  )
    .input(z.object({ jid: JidText, id: z.string().min(1).max(64) }))
    .output(z.object({ knowsPassword: z.boolean() })),
  grantAdmin: endpoint(
    "POST",
    "/users/{jid}/admin",
    { permission: "roles:write", audit: "admin.grant" },
    "Add the account to the ACL `admin`",
  )
    .input(z.object({ jid: JidText }))
    .output(Done),
  revokeAdmin: endpoint(
    "DELETE",
    "/users/{jid}/admin",
    { permission: "roles:write", audit: "admin.revoke" },
    "Take the account out of the ACL `admin`",
  )
    .input(z.object({ jid: JidText }))
    .output(Done),
  importBatch: endpoint(
    "POST",
    "/users/import",
    { permission: "users:write", audit: "user.import", filtered: true },
    "Create up to 1000 accounts; those that exist are left alone or updated",
  )
    .input(
      z.object({
        users: z
          .array(z.object({ local: z.string().max(1023), host: HostName, password: Password }))
          .min(1)
          .max(1000),
        onConflict: z.enum(["skip", "update"]).default("skip"),
      }),
    )
    .output(
      z.object({
        created: z.int(),
        updated: z.int(),
        skipped: z.int(),
        failed: z.array(z.object({ jid: z.string(), reason: z.string() })),
      }),
    ),
};
