"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { browserName } from "@/lib/format/browser-name.ts";
import { visible } from "@/lib/format/visible.ts";

export function SessionsPanel() {
  const t = useTranslations("settings");
  const { colon, comma } = useJoints();
  const sessions = useQuery(api.auth.sessions.queryOptions());
  const revoke = useMutation(api.auth.revoke.mutationOptions({ onSuccess: () => toast.success(t("sessionEnded")) }));
  const revokeOthers = useMutation(
    api.auth.revokeOthers.mutationOptions({
      onSuccess: ({ ended }) => toast.success(t("othersEnded", { count: ended })),
    }),
  );
  return (
    <Panel
      title={t("sessions")}
      flush
      action={
        <Button size="sm" disabled={revokeOthers.isPending} onClick={() => revokeOthers.mutate(undefined)}>
          {t("endOthers")}
        </Button>
      }
    >
      <QueryView query={sessions} skeleton={<TableSkeleton rows={2} columns={4} />}>
        {({ items }) => (
          <DataTable
            label={t("sessions")}
            rows={items.toSorted((a, b) => Number(b.current) - Number(a.current))}
            rowKey={(session) => session.id}
            columns={[
              {
                id: "browser",
                header: t("sessionColumns.browser"),
                render: (session) => (
                  <span className="inline-flex items-center gap-2">
                    <span title={visible(session.userAgent)}>{browserName(session.userAgent)}</span>
                    {session.current ? <Badge tone="ok">{t("current")}</Badge> : null}
                  </span>
                ),
              },
              {
                id: "where",
                header: t("sessionColumns.where"),
                render: (session) => <bdi className="font-mono text-meta text-ink-2">{visible(session.address)}</bdi>,
              },
              {
                id: "created",
                header: t("sessionColumns.created"),
                render: (session) => <TimeText at={session.createdAt} />,
              },
              {
                id: "seen",
                header: t("sessionColumns.seen"),
                render: (session) => <TimeText at={session.lastSeenAt} />,
              },
              {
                id: "expires",
                header: t("sessionColumns.expires"),
                render: (session) => <TimeText at={session.expiresAt} />,
              },
              {
                id: "end",
                header: t("endSession"),
                isBare: true,
                isNumber: true,
                render: (session) =>
                  session.current ? null : (
                    <Button
                      size="sm"
                      aria-label={`${t("endSession")}${colon}${browserName(session.userAgent)}${comma}${session.address}`}
                      onClick={() => revoke.mutate({ id: session.id })}
                    >
                      {t("endSession")}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </QueryView>
    </Panel>
  );
}
