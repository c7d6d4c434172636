"use client";

import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { Room } from "@/lib/contracts/rooms.ts";
import { visible } from "@/lib/format/visible.ts";
import { MessageCount } from "./message-count.tsx";
import { RoomChips } from "./room-chips.tsx";
import { roomHref } from "./room-href.ts";

export function RoomTable({ rooms }: { rooms: readonly Room[] }) {
  const t = useTranslations("rooms");
  const format = useFormatter();
  const router = useRouter();
  const columns: Column<Room>[] = [
    {
      id: "room",
      header: t("columns.room"),
      render: ({ jid, name }) => (
        // An address may break anywhere, so that the other columns would leave it no room at all.
        <span className="block min-w-40">
          <Link href={roomHref(jid)} className="font-medium underline-offset-2 hover:underline">
            <JidText jid={jid} />
          </Link>
          {name === "" ? null : <bdi className="block max-w-72 truncate text-meta text-ink-3">{visible(name)}</bdi>}
        </span>
      ),
    },
    { id: "kind", header: t("columns.kind"), render: (room) => <RoomChips room={room} /> },
    {
      id: "occupants",
      header: t("columns.occupants"),
      isNumber: true,
      render: ({ occupants }) => (
        <span className={occupants === 0 ? "text-ink-3" : undefined}>{format.number(occupants)}</span>
      ),
    },
    {
      id: "affiliations",
      header: t("columns.affiliations"),
      isNumber: true,
      render: ({ affiliations }) => format.number(affiliations),
    },
    {
      id: "messages",
      header: t("columns.messages"),
      isNumber: true,
      render: ({ messages }) => <MessageCount count={messages} />,
    },
    {
      id: "lastMessage",
      header: t("columns.lastMessage"),
      render: ({ lastMessageAt }) => <TimeText at={lastMessageAt} />,
    },
    { id: "used", header: t("columns.used"), render: ({ usedAt }) => <TimeText at={usedAt} /> },
    { id: "created", header: t("columns.created"), render: ({ createdAt }) => <TimeText at={createdAt} /> },
  ];
  return (
    <DataTable
      name="rooms"
      label={t("title")}
      columns={columns}
      rows={rooms}
      rowKey={({ jid }) => jid}
      onOpen={({ jid }) => router.push(roomHref(jid))}
    />
  );
}
