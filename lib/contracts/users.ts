import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, secret, Timestamp } from "./endpoint.ts";
import { Job } from "./jobs.ts";
import { Negation } from "./negation.ts";
import { accountOrigins, nameRules, subscriptions } from "./words.ts";

export const Password = secret(z.string().min(1).max(1023));

export const AccountOrigin = z.enum(accountOrigins);

/** A word that admins put on accounts, to find them again: letters, digits, dots, hyphens and underscores, in lower case. */
export const Tag = z
  .string()
  .trim()
  .toLowerCase()
  .normalize("NFC")
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,31}$/u, "must be 1 to 32 letters, digits, dots, hyphens or underscores");
export const maxTags = 20;

export const User = z.object({
  jid: JidText,
  local: z.string(),
  host: HostName,
  createdAt: Timestamp,
  createdVia: AccountOrigin,
  createdFrom: z.string().nullable().describe("Address of an in-band or web registration."),
  suspended: z.object({ reason: z.string(), at: Timestamp, until: Timestamp.nullable(), by: z.string() }).nullable(),
  online: z.int().describe("Connected resources."),
  isAway: z.boolean().describe("Connected, and each resource that is available says away or xa (RFC 6121 4.7.2.1)."),
  lastActivity: z.object({ at: Timestamp, status: z.string() }).nullable(),
  offlineMessages: z.int(),
  isAdmin: z.boolean().describe("The access rule `configure` allows this account."),
  tags: z.array(z.string()),
});
export type User = z.infer<typeof User>;

/** An account as a page of the list tells of it. */
export const ListedUser = User.extend({
  name: z.string().nullable().describe("Full name or nickname of its vCard."),
  devices: z.int().describe("Active devices, which are pushed to."),
  rooms: z.int().describe("Rooms in which it is a member or more."),
});
export type ListedUser = z.infer<typeof ListedUser>;

export const Subscription = z.enum(subscriptions);

export const UserDetail = User.extend({
  offlineBytes: z.int(),
  roster: z.array(
    z.object({
      jid: z.string(),
      name: z.string(),
      subscription: Subscription,
      ask: z.boolean(),
      groups: z.array(z.string()),
    }),
  ),
});
export type UserDetail = z.infer<typeof UserDetail>;

/** Whether an account of a name can be made. */
export const NameCheck = z.object({
  jid: JidText.nullable().describe(
    "The address as it is kept, which can differ from what was typed; null: see `fault`.",
  ),
  fault: z
    .object({
      rule: z.enum(nameRules).describe("What it breaks: RFC 8264 9, RFC 8265 3.3, RFC 7622 3.3."),
      char: z.string().nullable().describe("The character that does, as it was typed; null: it is none alone."),
    })
    .nullable()
    .describe("Why it is no user name."),
  holder: z
    .enum(["account", "invite", "application"])
    .nullable()
    .describe("What has the name: an account, an invite that can still be redeemed, or an application that waits."),
});
export type NameCheck = z.infer<typeof NameCheck>;

/** What an account shows of itself. */
export const UserCard = z.object({
  name: z.string().nullable(),
  avatar: z
    .object({ type: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]), base64: z.string() })
    .nullable()
    .describe("XEP-0084, else XEP-0153; null: there is none, or none that can be shown."),
});
export type UserCard = z.infer<typeof UserCard>;

/** What an account keeps on the server for its clients. XML as text. */
export const UserRaw = z.object({
  vcard: z.string().nullable().describe("XEP-0054"),
  privates: z.array(z.string()).describe("private XML, XEP-0049"),
  nodes: z
    .array(z.object({ node: z.string(), items: z.int(), bytes: z.int(), createdAt: Timestamp, config: z.string() }))
    .describe("XEP-0163"),
  blocked: z.array(z.string()).describe("XEP-0191"),
});
export type UserRaw = z.infer<typeof UserRaw>;

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

const Days = z.coerce.number().int().min(1).max(36_500);

/** Which accounts; what is left out does not matter. */
export const UserFilter = z.object({
  host: HostName.optional(),
  search: z.string().max(255).optional().describe("a part of the name"),
  filter: z.enum(["all", "online", "suspended", "never", "queued"]).default("all"),
  createdSince: Timestamp.optional(),
  createdBefore: Timestamp.optional(),
  createdDays: Days.optional().describe("made in the last so many days; where `createdSince` is left out"),
  idleDays: Days.optional().describe("made before so many days, and nobody was there since"),
  minMessages: z.coerce.number().int().min(1).max(1_000_000).optional().describe("at least so many messages wait"),
  via: AccountOrigin.optional(),
  tag: Tag.optional(),
  not: Negation("filter", "createdSince", "createdBefore", "createdDays", "idleDays", "minMessages", "via", "tag"),
});
export type UserFilter = z.infer<typeof UserFilter>;

/** All accounts that a filter finds, whichever page they are on, or of these only some, but for some. */
export const UserSelection = UserFilter.extend({
  only: z.array(JidText).max(1000).optional().describe("bare JIDs; left out: all that the filter finds"),
  except: z.array(JidText).max(1000).default([]).describe("bare JIDs that are left alone"),
});
export type UserSelection = z.infer<typeof UserSelection>;

/** `expire-password`: nobody knows the new one; whoever has the account needs a link for another. */
export const UserAction = z.enum(["suspend", "resume", "end-sessions", "expire-password", "tag", "untag", "delete"]);
export type UserAction = z.infer<typeof UserAction>;

/** An account that a job leaves alone: one's own, or one with a role that only those change who give roles. */
export const LeftOut = z.object({ jid: JidText, why: z.enum(["self", "role"]) });
export type LeftOut = z.infer<typeof LeftOut>;

export const UserJob = Job.extend({ action: UserAction, filter: UserFilter });
export type UserJob = z.infer<typeof UserJob>;

const read = { permission: "users:read" } as const;
const byJid = (audit: string) => ({ permission: "users:write", audit, host: "jid" }) as const;

export const users = {
  list: endpoint(
    "GET",
    "/users",
    { ...read, host: "host", filtered: true },
    "Accounts, ordered by JID, searched by a part of the name",
  )
    .input(PageInput.extend(UserFilter.shape))
    .output(pageOf(ListedUser)),
  get: endpoint("GET", "/users/{jid}", { ...read, host: "jid" }, "One account")
    .input(z.object({ jid: JidText }))
    .output(UserDetail),
  card: endpoint("GET", "/users/{jid}/card", { ...read, host: "jid" }, "Name and picture that an account has published")
    .input(z.object({ jid: JidText }))
    .output(UserCard),
  checkName: endpoint(
    "GET",
    "/users/name",
    { ...read, host: "host" },
    "Is this a user name, what becomes of it in an address, and who has it; nothing is made",
  )
    .input(z.object({ local: z.string().max(1023), host: HostName }))
    .output(NameCheck),
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
  expirePassword: endpoint(
    "POST",
    "/users/{jid}/password/expire",
    byJid("user.expire-password"),
    "Set a password that nobody knows, and end the account's sessions",
  )
    .input(z.object({ jid: JidText }))
    .output(Done),
  countMatching: endpoint(
    "POST",
    "/users/jobs/count",
    { ...read, host: "host", filtered: true },
    "How many accounts a job would be about, and some of them; nothing is changed",
  )
    .input(UserSelection.extend({ action: UserAction }))
    .output(
      z.object({
        matching: z.int(),
        sessions: z.int().describe("that they have"),
        offlineMessages: z.int().describe("that wait for them"),
        sample: z.array(User),
        leftOutCount: z.int(),
        leftOut: z.array(LeftOut).describe("the first 20 that it may not touch"),
      }),
    ),
  startJob: endpoint(
    "POST",
    "/users/jobs",
    { permission: "users:write", audit: "user.change-many", host: "host", filtered: true },
    "Do the same to all accounts that a filter finds, as a job",
  )
    .input(
      UserSelection.extend({
        action: UserAction,
        reason: z.string().max(500).default(""),
        until: Timestamp.nullable().default(null).describe("of a suspension; null: until it is lifted"),
        word: Tag.optional().describe("what `tag` puts on them and `untag` takes off"),
      }),
    )
    .output(UserJob),
  jobs: endpoint("GET", "/users/jobs", { ...read, filtered: true }, "The latest of these jobs, newest first").output(
    z.object({ items: z.array(UserJob) }),
  ),
  stopJob: endpoint(
    "POST",
    "/users/jobs/{id}/stop",
    { permission: "users:write", audit: "user.change-many.stop", filtered: true },
    "End such a job: accounts that it has not come to stay as they are",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(UserJob),
  tags: endpoint("GET", "/users/tags", { ...read, host: "host", filtered: true }, "Tags that accounts have")
    .input(z.object({ host: HostName.optional() }))
    .output(z.object({ items: z.array(z.object({ tag: z.string(), accounts: z.int() })) })),
  setTags: endpoint(
    "PATCH",
    "/users/{jid}/tags",
    byJid("user.set-tags"),
    `Put tags on an account and take some off; it has ${maxTags} at most`,
  )
    .input(
      z.object({
        jid: JidText,
        add: z.array(Tag).max(maxTags).default([]),
        remove: z.array(Tag).max(maxTags).default([]),
      }),
    )
    .output(User),
  setContact: endpoint(
    "PUT",
    "/users/{jid}/roster/{contact}",
    byJid("user.set-contact"),
    "Add a contact, or set one right; the contact's own roster stays as it is",
  )
    .input(
      z.object({
        jid: JidText,
        contact: JidText,
        name: z.string().max(1023).default(""),
        subscription: Subscription,
        groups: z.array(z.string().min(1).max(1023)).max(50).default([]),
      }),
    )
    .output(Done),
  removeContact: endpoint(
    "DELETE",
    "/users/{jid}/roster/{contact}",
    byJid("user.remove-contact"),
    "Take a contact out; the contact's own roster stays as it is",
  )
    .input(z.object({ jid: JidText, contact: JidText }))
    .output(Done),
  raw: endpoint(
    "GET",
    "/users/{jid}/raw",
    { permission: "bodies:read", audit: "user.raw", host: "jid" },
    "What the account keeps on the server as XML: vCard, private XML, nodes",
  )
    .input(z.object({ jid: JidText }))
    .output(UserRaw),
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
