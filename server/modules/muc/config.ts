import { z } from "zod";
import type { RoomOptions } from "./options.ts";

const Roles = z.array(z.enum(["moderator", "participant", "visitor"]));

/** What the owners of a room decide (XEP-0045 10.2); stored as part of its document. */
export const RoomConfig = z.object({
  name: z.string(),
  description: z.string(),
  language: z.string(),
  isPersistent: z.boolean(),
  isPublic: z.boolean(),
  isMembersOnly: z.boolean(),
  isModerated: z.boolean(),
  /** null: none is asked for. */
  password: z.string().nullable(),
  whois: z.enum(["moderators", "anyone"]),
  mayParticipantsChangeSubject: z.boolean(),
  mayParticipantsInvite: z.boolean(),
  privateMessages: z.enum(["anyone", "participants", "moderators", "none"]),
  maxOccupants: z.int(),
  /** Whose presence others are told. */
  presenceOf: Roles,
  /** Who may read the lists of members, admins and owners, where addresses are no secret. */
  memberListFor: Roles,
  isArchived: z.boolean(),
  historyLength: z.int(),
  /** Which messages are forwarded to members who are not there; null: mentions, or all in a room for members only. */
  absent: z.enum(["all", "mentions", "none"]).nullable(),
});
export type RoomConfig = z.infer<typeof RoomConfig>;

export function newConfig(options: RoomOptions): RoomConfig {
  return {
    name: "",
    description: "",
    language: "",
    isPersistent: options.default_persistent,
    isPublic: options.default_public,
    isMembersOnly: options.default_members_only,
    isModerated: options.default_moderated,
    password: null,
    whois: options.default_whois,
    mayParticipantsChangeSubject: false,
    mayParticipantsInvite: true,
    privateMessages: "anyone",
    maxOccupants: options.max_occupants,
    presenceOf: ["moderator", "participant", "visitor"],
    memberListFor: ["moderator", "participant"],
    isArchived: options.default_archived,
    historyLength: Math.min(20, options.max_history),
    absent: null,
  };
}

export function absentPolicy({ absent, isMembersOnly }: RoomConfig): "all" | "mentions" | "none" {
  return absent ?? (isMembersOnly ? "all" : "mentions");
}
