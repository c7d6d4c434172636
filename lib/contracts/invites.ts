import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { GroupName } from "./groups.ts";
import { Name } from "./policy.ts";
import { maxTags, Tag } from "./users.ts";
import { maxRoleInviteDays } from "./words.ts";

const daySeconds = 86_400;
export const maxRoleInviteSeconds = maxRoleInviteDays * daySeconds;

export const Invite = z.object({
  id: z.string().describe("Names it; it opens nothing."),
  kind: z
    .enum(["account", "contact", "reset"])
    .describe("`account`: to make one; `contact`: to become a contact of a user; `reset`: to set a new password."),
  host: HostName,
  local: z.string().nullable().describe("The name that is kept for it, or whose password it sets; null: any name."),
  inviter: z.string().nullable().describe("Bare JID that becomes a contact of those who redeem it."),
  registers: z.boolean().describe("An account can be made with it."),
  maxUses: z.int(),
  uses: z.int(),
  state: z.enum(["open", "used", "expired", "revoked"]),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp,
  openedAt: Timestamp.nullable().describe("When its page was first looked at."),
  revokedAt: Timestamp.nullable(),
  note: z.string(),
  role: z
    .object({ name: z.string(), host: z.string().nullable().describe("null: wherever the role holds.") })
    .nullable()
    .describe("The role of the console that the account gets."),
  groups: z.array(z.string()).describe("Shared roster groups of the host that the account joins."),
  tags: z.array(z.string()).describe("Tags that the account gets."),
});
export type Invite = z.infer<typeof Invite>;

export const InviteDetail = Invite.extend({
  redeemed: z
    .array(
      z.object({
        jid: z.string(),
        at: Timestamp,
        hasLoggedIn: z.boolean().describe("It is an account of this server that somebody has logged in to."),
        isOwed: z.boolean().describe("It has not got yet what the invite gives; that is tried again."),
        withheld: z
          .array(
            z.object({
              what: z.enum(["role", "group", "tags"]),
              name: z.string(),
              text: z.string(),
              reason: z.string().nullable().describe("Why, for those who tell the sentence in another language."),
            }),
          )
          .describe("What of that it did not get, and why."),
      }),
    )
    .describe("Who redeemed it, oldest first."),
});

export type InviteDetail = z.infer<typeof InviteDetail>;

/** An invite as it is told once, to whoever makes it: its token is kept nowhere. */
export const MadeInvite = Invite.extend({
  token: z.string(),
  uri: z.string().nullable().describe("For a client (XEP-0401); null for a password reset."),
  url: z.string().nullable().describe("Its page on this server; null while it serves none."),
});
export type MadeInvite = z.infer<typeof MadeInvite>;

const read = { permission: "users:read", filtered: true } as const;
const write = (audit: string) => ({ permission: "users:write", audit }) as const;
const Id = z.object({ id: z.string().min(1).max(64) });
const lifetime = (seconds: number) => z.int().min(60).max(31_536_000).default(seconds);

/** What is to be made: one invite or many alike. */
export const NewInvites = z.object({
  host: HostName,
  kind: z.enum(["account", "contact"]).default("account"),
  local: z.string().min(1).max(1023).optional().describe("The name to keep; then one use, one invite"),
  inviter: JidText.optional().describe(
    "Account that becomes a contact of those who redeem it; needed for a `contact` invite",
  ),
  maxUses: z.int().min(1).max(10_000).default(1),
  expireSeconds: lifetime(7 * daySeconds),
  count: z.int().min(1).max(500).default(1),
  note: z.string().max(200).default(""),
  role: z
    .object({ name: Name, host: HostName.optional().describe("On this host only; a `host-admin` needs one.") })
    .optional()
    .describe(
      "A role of the console that the account gets, but never `owner`: one use, 7 days at most. Needs the right to give roles, now and when it is redeemed.",
    ),
  groups: z
    .array(GroupName)
    .max(20)
    .default([])
    .describe(
      "Shared roster groups that the account joins. Needs the right to change them, now and when it is redeemed.",
    ),
  tags: z.array(Tag).max(maxTags).default([]).describe("Tags that the account gets."),
});
export type NewInvites = z.infer<typeof NewInvites>;

export const invites = {
  list: endpoint("GET", "/invites", { ...read, host: "host" }, "Invites and password resets, newest first")
    .input(
      PageInput.extend({
        host: HostName.optional(),
        kind: Invite.shape.kind.optional(),
        inviter: JidText.optional(),
        state: z.enum(["all", "open", "done"]).default("all").describe("`open`: it can still be redeemed"),
      }),
    )
    .output(pageOf(Invite)),
  funnel: endpoint(
    "GET",
    "/invites/funnel",
    { ...read, host: "host" },
    "How far the invites to make an account got, of those that are still kept",
  )
    .input(z.object({ host: HostName.optional() }))
    .output(
      z.object({
        made: z.int(),
        opened: z.int().describe("Their page was looked at, or a client redeemed them without it."),
        registered: z.int().describe("Accounts that were made with them."),
        loggedIn: z.int().describe("Of these accounts, those that somebody has logged in to."),
      }),
    ),
  get: endpoint("GET", "/invites/{id}", read, "One invite, with who redeemed it").input(Id).output(InviteDetail),
  create: endpoint(
    "POST",
    "/invites",
    { ...write("invite.create"), host: "host" },
    "Make invites; what opens them is told once, in the answer",
  )
    .input(NewInvites)
    .output(z.object({ items: z.array(MadeInvite) })),
  resetPassword: endpoint(
    "POST",
    "/users/{jid}/password/reset",
    { ...write("user.reset-password"), host: "jid" },
    "Make a link by which somebody sets a new password; an earlier one is worthless from now on",
  )
    .input(z.object({ jid: JidText, expireSeconds: lifetime(daySeconds) }))
    .output(MadeInvite),
  revoke: endpoint("DELETE", "/invites/{id}", { ...write("invite.revoke"), filtered: true }, "Revoke an invite")
    .input(Id)
    .output(Done),
};
