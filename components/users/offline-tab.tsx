"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Reveal } from "@/components/kit/reveal.tsx";
import { api } from "@/lib/api/client.ts";
import { formatBytes } from "@/lib/format/bytes.ts";

const limit = 50;

export function OfflineTab({ jid }: { jid: string }) {
  const t = useTranslations("users");
  const locale = useLocale();
  const place = useCursor(`offline ${jid}`);
  const input = { jid, limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const messages = useQuery(api.users.offline.queryOptions({ input, placeholderData: keepPreviousData }));
  return (
    <Panel flush>
      <QueryView query={messages} skeleton={<TableSkeleton rows={6} columns={5} />}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("noOffline")}</p>
          ) : (
            <>
              <DataTable
                label={t("tabs.offline")}
                rows={items}
                rowKey={(message) => String(message.id)}
                columns={[
                  { id: "at", header: t("offlineColumns.at"), render: (message) => <TimeText at={message.at} /> },
                  { id: "from", header: t("offlineColumns.from"), render: (message) => <JidText jid={message.from} /> },
                  { id: "type", header: t("offlineColumns.type"), render: (message) => message.type },
                  {
                    id: "size",
                    header: t("offlineColumns.size"),
                    isNumber: true,
                    render: (message) => formatBytes(message.bytes, locale),
                  },
                  {
                    id: "body",
                    header: t("offlineColumns.body"),
                    className: "max-w-96",
                    render: (message) =>
                      message.body === null ? (
                        <span className="text-ink-3">{t("bodyHidden")}</span>
                      ) : (
                        <Reveal text={message.body} />
                      ),
                  },
                ]}
              />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}
