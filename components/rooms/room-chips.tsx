"use client";

import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import type { Room } from "@/lib/contracts/rooms.ts";

/** What kind of room it is; that it is open and persistent goes without saying. */
export function RoomChips({ room }: { room: Room }) {
  const t = useTranslations("rooms.chips");
  const { isPublic, isMembersOnly, isModerated, isPersistent, isArchived } = room;
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge>{t(isPublic ? "public" : "hidden")}</Badge>
      {isMembersOnly ? <Badge tone="accent">{t("membersOnly")}</Badge> : null}
      {isModerated ? <Badge tone="violet">{t("moderated")}</Badge> : null}
      {isPersistent ? null : <Badge tone="warn">{t("temporary")}</Badge>}
      {isArchived ? <Badge>{t("archived")}</Badge> : null}
    </span>
  );
}
