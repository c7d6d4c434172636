import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, secret, Timestamp } from "./endpoint.ts";
import { Job } from "./jobs.ts";
import { Negation } from "./negation.ts";
import { absentChoices, privateMessageChoices, roomAffiliations, roomRoles, whoisChoices } from "./words.ts";

export const RoomRole = z.enum(roomRoles);
export const RoomAffiliation = z.enum(roomAffiliations);

/** What the owners of a room decide (XEP-0045 10.2), without the password. */
export const RoomSettings = z.object({
  name: z.string(),
  description: z.string(),
  language: z.string(),
  isPersistent: z.boolean().describe("It stays when the last one has left."),
  isPublic: z.boolean().describe("Everybody can find it."),
  isMembersOnly: z.boolean(),
  isModerated: z.boolean().describe("Only those speak whom a moderator lets."),
  whois: z.enum(whoisChoices).describe("Who sees the addresses of occupants."),
  mayParticipantsChangeSubject: z.boolean(),
  mayParticipantsInvite: z.boolean(),
  privateMessages: z.enum(privateMessageChoices),
  maxOccupants: z.int().min(1).max(100_000),
  presenceOf: z.array(RoomRole).describe("Roles whose presence others are told."),
  memberListFor: z.array(RoomRole).describe("Roles that may read the members, where addresses are no secret."),
  isArchived: z.boolean().describe("What is said is kept."),
  historyLength: z.int().min(0).max(500).describe("Messages sent to whoever enters."),
  absent: z
    .enum(absentChoices)
    .nullable()
    .describe("Messages forwarded to members who are not there; null: mentions, or all in a room for members only."),
});
export type RoomSettings = z.infer<typeof RoomSettings>;

/** Settings that are left out stay as they are. */
export const RoomChange = RoomSettings.partial().extend({
  password: secret(z.string().min(1).max(65_536).nullable()).optional().describe("null: none is asked for"),
});
export type RoomChange = z.infer<typeof RoomChange>;

export const Room = z.object({
  jid: JidText,
  host: HostName.describe("the virtual host that its service belongs to"),
  name: z.string(),
  occupants: z.int(),
  affiliations: z.int().describe("owners, admins, members and banned users"),
  isPersistent: z.boolean(),
  isPublic: z.boolean(),
  isMembersOnly: z.boolean(),
  isModerated: z.boolean(),
  isArchived: z.boolean(),
  createdAt: Timestamp,
  usedAt: Timestamp.describe("when somebody came or the last one left"),
  lastMessageAt: Timestamp.nullable().describe("of those kept"),
  messages: z.int().describe("messages kept; 10001 stands for more than 10000"),
});
export type Room = z.infer<typeof Room>;

export const RoomDetail = Room.extend({
  settings: RoomSettings,
  hasPassword: z.boolean(),
  subject: z.object({ text: z.string(), at: Timestamp }).nullable(),
});
export type RoomDetail = z.infer<typeof RoomDetail>;

export const RoomMember = z.object({
  jid: z.string().describe("bare JID, or a domain, which stands for all of its accounts"),
  affiliation: RoomAffiliation,
  nick: z.string().nullable().describe("reserved for them"),
  reason: z.string().nullable(),
});
export type RoomMember = z.infer<typeof RoomMember>;

export const RoomOccupant = z.object({
  nick: z.string(),
  role: RoomRole,
  affiliation: z.enum([...RoomAffiliation.options, "none"]),
  jids: z.array(z.string()).describe("full JIDs of the resources that are there"),
});
export type RoomOccupant = z.infer<typeof RoomOccupant>;

export const RoomMessage = z.object({
  id: z.string(),
  at: Timestamp,
  nick: z.string().describe("empty: the room itself"),
  from: z.string().describe("full JID of whoever said it"),
  body: z.string().nullable().describe("null: it has no text"),
});
export type RoomMessage = z.infer<typeof RoomMessage>;

export const RoomFilter = z.object({
  host: HostName.optional(),
  search: z.string().max(255).optional().describe("part of the address or the name"),
  occupied: z.enum(["yes", "no"]).optional(),
  unusedDays: z.coerce.number().int().min(1).max(36_500).optional().describe("nobody has been there for so many days"),
  persistent: z.enum(["yes", "no"]).optional(),
  not: Negation("occupied", "persistent"),
});
export type RoomFilter = z.infer<typeof RoomFilter>;

/** A job that destroys rooms. */
export const RoomRemoval = Job;
export type RoomRemoval = Job;

const read = { permission: "rooms:read", filtered: true } as const;
const write = (audit: string) => ({ permission: "rooms:write", audit, filtered: true }) as const;
const ByJid = z.object({ jid: JidText });
const Reason = z.string().max(1000).default("");
const Destruction = z.object({
  reason: Reason,
  venue: JidText.optional().describe("where those who are there are sent instead (XEP-0045 10.9)"),
});
const ofHosts = { permission: "rooms:write", host: "host", filtered: true } as const;

export const rooms = {
  list: endpoint("GET", "/rooms", { ...read, host: "host" }, "Rooms, ordered by service and name")
    .input(PageInput.extend(RoomFilter.shape))
    .output(pageOf(Room)),
  ofUser: endpoint("GET", "/users/{jid}/rooms", { permission: "rooms:read", host: "jid" }, "Rooms of an account")
    .input(ByJid)
    .output(z.object({ items: z.array(z.object({ room: JidText, affiliation: RoomAffiliation })) })),
  get: endpoint("GET", "/rooms/{jid}", read, "One room with its settings").input(ByJid).output(RoomDetail),
  create: endpoint("POST", "/rooms", write("room.create"), "Make a room")
    .input(z.object({ jid: JidText, owner: JidText, settings: RoomChange.default({}) }))
    .output(RoomDetail),
  configure: endpoint("PATCH", "/rooms/{jid}", write("room.configure"), "Change settings of a room")
    .input(z.object({ jid: JidText, settings: RoomChange }))
    .output(RoomDetail),
  affiliations: endpoint(
    "GET",
    "/rooms/{jid}/affiliations",
    read,
    "Owners, admins, members and banned users, ordered by address",
  )
    .input(
      PageInput.extend({
        jid: JidText,
        affiliation: RoomAffiliation.optional(),
        search: z.string().max(255).optional(),
      }),
    )
    .output(pageOf(RoomMember)),
  affiliate: endpoint(
    "POST",
    "/rooms/{jid}/affiliations",
    write("room.affiliate"),
    "Change who is what to a room: those that can be changed are, the others are named",
  )
    .input(
      z.object({
        jid: JidText,
        changes: z
          .array(
            z.object({
              jid: JidText.describe("bare JID or a domain"),
              affiliation: z.enum([...RoomAffiliation.options, "none"]),
              nick: z.string().max(1023).optional(),
              reason: z.string().max(1000).optional(),
            }),
          )
          .min(1)
          .max(1000),
      }),
    )
    .output(z.object({ changed: z.int(), failed: z.array(z.object({ jid: z.string(), reason: z.string() })) })),
  occupants: endpoint("GET", "/rooms/{jid}/occupants", read, "Who is in a room, ordered by nickname")
    .input(PageInput.extend({ jid: JidText }))
    .output(pageOf(RoomOccupant)),
  setRole: endpoint(
    "POST",
    "/rooms/{jid}/occupants/role",
    write("room.role"),
    "Give an occupant another role; `none` puts them out of the room",
  )
    .input(
      z.object({
        jid: JidText,
        nick: z.string().min(1).max(1023),
        role: z.enum([...RoomRole.options, "none"]),
        reason: Reason,
      }),
    )
    .output(Done),
  history: endpoint(
    "GET",
    "/rooms/{jid}/history",
    { permission: "bodies:read", audit: "room.history", filtered: true },
    "What was said in a room, newest first",
  )
    .input(PageInput.extend({ jid: JidText, search: z.string().max(255).optional() }))
    .output(pageOf(RoomMessage)),
  remove: endpoint(
    "DELETE",
    "/rooms/{jid}",
    write("room.destroy"),
    "Destroy a room: everybody leaves, what was said is deleted",
  )
    .input(ByJid.extend(Destruction.shape))
    .output(Done),
  countMatching: endpoint(
    "POST",
    "/rooms/removals/count",
    { permission: "rooms:read", host: "host", filtered: true },
    "How many rooms a filter matches, and some of them; nothing is changed",
  )
    .input(RoomFilter)
    .output(z.object({ matching: z.int(), sample: z.array(Room) })),
  removeMatching: endpoint(
    "POST",
    "/rooms/removals",
    { ...ofHosts, audit: "room.destroy-many" },
    "Destroy all rooms that a filter matches, as a job",
  )
    .input(RoomFilter.extend(Destruction.shape))
    .output(RoomRemoval),
  removals: endpoint("GET", "/rooms/removals", read, "The latest of these jobs, newest first").output(
    z.object({ items: z.array(RoomRemoval) }),
  ),
  stopRemoval: endpoint(
    "POST",
    "/rooms/removals/{id}/stop",
    write("room.destroy-many.stop"),
    "End such a job: rooms that it has not come to stay",
  )
    .input(z.object({ id: z.string().max(64) }))
    .output(RoomRemoval),
};
