"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { EndSessionDialog } from "@/components/kit/end-session-dialog.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { useSessionColumns } from "@/components/kit/session-columns.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";

export function SessionsTab({ jid }: { jid: string }) {
  const t = useTranslations();
  const [ending, setEnding] = useState<string | null>(null);
  const sessions = useQuery(api.sessions.list.queryOptions({ input: { search: jid, limit: 100 } }));
  const columns = useSessionColumns(setEnding);
  return (
    <Panel flush>
      <QueryView query={sessions} skeleton={<TableSkeleton rows={3} columns={5} />}>
        {({ items }) => {
          // The search finds any part of a JID; only this account's are shown.
          const own = items.filter((session) => session.jid.startsWith(`${jid}/`));
          return own.length === 0 ? (
            <p className="px-4 py-4 text-ink-2">{t("users.noSessions")}</p>
          ) : (
            <DataTable
              label={t("users.tabs.sessions")}
              columns={columns}
              rows={own}
              rowKey={(session) => session.jid}
            />
          );
        }}
      </QueryView>
      <EndSessionDialog jid={ending} onClose={() => setEnding(null)} />
    </Panel>
  );
}
