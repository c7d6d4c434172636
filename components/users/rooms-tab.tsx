"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { roomHref } from "@/components/rooms/room-href.ts";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomMember } from "@/lib/contracts/rooms.ts";

interface Row {
  room: string;
  affiliation: RoomMember["affiliation"];
}

/** Rooms that have the account in one of their lists. */
export function RoomsTab({ jid }: { jid: string }) {
  const t = useTranslations("rooms");
  const rooms = useQuery(api.rooms.ofUser.queryOptions({ input: { jid } }));
  const columns: Column<Row>[] = [
    {
      id: "room",
      header: t("columns.room"),
      render: ({ room }) => (
        <Link href={roomHref(room)} className="font-medium underline-offset-2 hover:underline">
          <JidText jid={room} />
        </Link>
      ),
    },
    { id: "affiliation", header: t("columns.affiliation"), render: (row) => t(`affiliations.${row.affiliation}`) },
  ];
  return (
    <Panel title={t("ofUser")} flush>
      <QueryView query={rooms} skeleton={<TableSkeleton rows={3} columns={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("noneOfUser")}</p>
          ) : (
            <DataTable label={t("ofUser")} columns={columns} rows={items} rowKey={({ room }) => room} />
          )
        }
      </QueryView>
    </Panel>
  );
}
