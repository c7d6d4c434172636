"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useEventError } from "@/components/kit/use-event-error.ts";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";

export function ForwardsTab({ jid }: { jid: string }) {
  const t = useTranslations();
  const eventError = useEventError();
  const events = useQuery(api.forward.list.queryOptions({ input: { user: jid, limit: 50 } }));
  return (
    <Panel
      title={t("users.tabs.forwards")}
      flush
      action={
        <Link
          href={`/forward?user=${encodeURIComponent(jid)}`}
          className="text-meta text-accent underline-offset-2 hover:underline"
        >
          {t("users.openLog")}
        </Link>
      }
    >
      <QueryView query={events} skeleton={<TableSkeleton rows={6} columns={5} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("users.noForwards")}</p>
          ) : (
            <DataTable
              label={t("users.tabs.forwards")}
              rows={items}
              rowKey={(event) => event.id}
              columns={[
                {
                  id: "state",
                  header: t("forward.columns.state"),
                  render: (event) => <ForwardStateText state={event.state} isPush={event.device !== null} />,
                },
                { id: "time", header: t("forward.columns.time"), render: (event) => <TimeText at={event.createdAt} /> },
                { id: "target", header: t("forward.columns.target"), render: (event) => event.target },
                {
                  id: "attempt",
                  header: t("forward.columns.attempt"),
                  isNumber: true,
                  render: (event) => t("forward.attemptOf", { attempt: event.attempts, most: event.maxAttempts }),
                },
                {
                  id: "status",
                  header: t("forward.columns.status"),
                  render: (event) => (
                    <span className="text-ink-2">{event.status ?? (event.error ? eventError(event.error) : "—")}</span>
                  ),
                },
                {
                  id: "id",
                  header: t("forward.columns.id"),
                  render: (event) => (
                    <Link
                      href={`/forward/event?id=${encodeURIComponent(event.id)}`}
                      className="font-mono text-meta text-accent underline-offset-2 hover:underline"
                    >
                      {event.id}
                    </Link>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
    </Panel>
  );
}
