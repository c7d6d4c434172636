"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { MessageTable } from "@/components/offline/message-table.tsx";
import { queueHref } from "@/components/offline/queue-table.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";

const limit = 50;

export function OfflineTab({ jid }: { jid: string }) {
  const t = useTranslations();
  const place = useCursor(`offline ${jid}`);
  const input = { jid, limit, ...(place.cursor ? { cursor: place.cursor } : {}) };
  const messages = useQuery(api.offline.messages.queryOptions({ input, placeholderData: keepPreviousData }));
  return (
    <Panel
      title={t("users.tabs.offline")}
      flush
      action={
        <Link href={queueHref(jid)} className="text-meta text-accent underline-offset-2 hover:underline">
          {t("shell.pages.offline")}
        </Link>
      }
    >
      <QueryView query={messages} skeleton={<TableSkeleton rows={6} columns={5} />}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("users.noOffline")}</p>
          ) : (
            <>
              <MessageTable jid={jid} messages={items} />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}
