"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { RoomMessage } from "@/lib/contracts/rooms.ts";
import { visible } from "@/lib/format/visible.ts";

const limit = 50;

/** What was said stays covered until somebody asks for it, who is then in the audit log. */
export function HistoryTab({ room }: { room: string }) {
  const t = useTranslations("rooms");
  const [isAsked, setAsked] = useState(false);
  const [search, setSearch] = useState("");
  const place = useCursor(`${room} ${search}`);
  const history = useQuery(
    api.rooms.history.queryOptions({
      input: { jid: room, limit, ...(search ? { search } : {}), ...(place.cursor ? { cursor: place.cursor } : {}) },
      enabled: isAsked,
      placeholderData: keepPreviousData,
      retry: false,
      // Each reading is a row of the audit log.
      staleTime: Infinity,
    }),
  );
  const columns: Column<RoomMessage>[] = [
    { id: "at", header: t("columns.at"), render: ({ at }) => <TimeText at={at} as="full" />, className: "align-top" },
    {
      id: "who",
      header: t("columns.who"),
      className: "align-top",
      render: ({ nick, from }) => (
        <span className="block max-w-56 min-w-0">
          <bdi className="block truncate font-medium">{nick === "" ? t("theRoom") : visible(nick)}</bdi>
          <span className="block truncate text-meta text-ink-3">
            <JidText jid={from} />
          </span>
        </span>
      ),
    },
    {
      id: "text",
      header: t("columns.text"),
      className: "w-full align-top",
      render: ({ body }) =>
        body === null ? (
          <span className="text-ink-3">{t("noText")}</span>
        ) : (
          <bdi className="whitespace-pre-wrap wrap-anywhere">{visible(body, true)}</bdi>
        ),
    },
  ];
  if (!isAsked) {
    return (
      <Banner action={<Button onClick={() => setAsked(true)}>{t("historyShow")}</Button>}>{t("historyNote")}</Banner>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <SearchField
        label={t("historySearch")}
        value={search}
        onChange={(text) => {
          place.reset();
          setSearch(text);
        }}
        className="w-72 max-sm:w-full"
      />
      <Panel flush>
        <QueryView query={history} skeleton={<TableSkeleton rows={8} columns={3} />}>
          {({ items, nextCursor, total }) =>
            items.length === 0 ? (
              <p className="px-4 py-4 text-ink-2">{t("historyEmpty")}</p>
            ) : (
              <>
                <DataTable label={t("tabs.history")} columns={columns} rows={items} rowKey={({ id }) => id} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            )
          }
        </QueryView>
      </Panel>
    </div>
  );
}
