import type { RoomSummary } from "../ports.ts";

/** Columns of a {@link SummaryRecord}. */
export const ROOM_COLUMNS = `host, local, name, is_public AS isPublic, is_persistent AS isPersistent, is_members_only AS isMembersOnly,
  is_moderated AS isModerated, is_archived AS isArchived, created_at AS createdAt, used_at AS usedAt`;

type Flag = "isPublic" | "isPersistent" | "isMembersOnly" | "isModerated" | "isArchived";
export type SummaryRecord = Omit<RoomSummary, Flag> & Readonly<Record<Flag, number>>;

export function roomSummary(record: SummaryRecord): RoomSummary {
  const { isPublic, isPersistent, isMembersOnly, isModerated, isArchived, ...rest } = record;
  return {
    ...rest,
    isPublic: isPublic === 1,
    isPersistent: isPersistent === 1,
    isMembersOnly: isMembersOnly === 1,
    isModerated: isModerated === 1,
    isArchived: isArchived === 1,
  };
}
