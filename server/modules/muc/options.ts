import { z } from "zod";

export const RoomOptions = z.strictObject({
  host: z.string().min(1).max(1023).default("conference.@HOST@").describe("Its address; @HOST@ is the virtual host."),
  name: z.string().min(1).max(100).default("Rooms").describe("Name of the service for people."),
  default_persistent: z.boolean().default(false).describe("New rooms stay when the last one has left."),
  default_public: z.boolean().default(true).describe("New rooms can be found by everybody."),
  default_members_only: z.boolean().default(false).describe("New rooms are for members only."),
  default_moderated: z.boolean().default(false).describe("In new rooms only those speak whom a moderator lets."),
  default_archived: z.boolean().default(true).describe("What is said in new rooms is kept."),
  default_whois: z
    .enum(["moderators", "anyone"])
    .default("moderators")
    .describe("Who sees the addresses of the occupants of new rooms."),
  max_occupants: z.int().min(1).max(100_000).default(10_000).describe("Occupants of one room."),
  quiet_above: z
    .int()
    .min(0)
    .max(100_000)
    .default(1000)
    .describe(
      "In a room with more occupants than this, others are told of moderators only, and moderators of everybody. 0: everybody is told of everybody.",
    ),
  max_affiliations: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(20_000)
    .describe("Owners, admins, members and banned users of one room."),
  max_history: z.int().min(0).max(500).default(50).describe("Messages that somebody who enters may be sent."),
  keep_days: z.int().min(0).max(36_500).default(365).describe("Days that messages are kept; 0: for good."),
  max_messages: z
    .int()
    .min(0)
    .max(100_000_000)
    .default(0)
    .describe("Messages kept for one room; the oldest leave first. 0: no limit."),
  max_room_name: z.int().min(1).max(1023).default(200).describe("Bytes of a room's address before the at sign."),
  max_nick: z.int().min(1).max(1023).default(128).describe("Bytes of a nickname."),
  max_text: z.int().min(16).max(65_536).default(4096).describe("Bytes of a subject, a description or a reason."),
  max_vcard_bytes: z
    .int()
    .min(1024)
    .max(10 * 1024 * 1024)
    .default(64 * 1024)
    .describe("Size of a room's card, picture included."),
  max_created_per_minute: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe("Rooms that one user creates in a minute, without those that are gone again."),
  max_per_second: z
    .int()
    .min(0)
    .max(10_000)
    .default(20)
    .describe(
      "Messages and presence of one user in one room in a second, five times that at once; further messages wait, further presence is refused. 0: no limit.",
    ),
  enforce_registered_nicks: z
    .boolean()
    .default(false)
    .describe("Whoever has registered a nickname in a room has that one there, whatever they ask for."),
});
export type RoomOptions = z.infer<typeof RoomOptions>;
