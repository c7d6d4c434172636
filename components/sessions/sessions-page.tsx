"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { EndSessionDialog } from "@/components/kit/end-session-dialog.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { useSessionColumns } from "@/components/kit/session-columns.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useFrozen } from "./use-frozen.ts";

const limit = 50;

export function SessionsPage() {
  const t = useTranslations("sessions");
  const [host] = useHost();
  const [search, setSearch] = useQueryState("q", parseAsString.withDefault(""));
  const [ending, setEnding] = useState<string | null>(null);
  const place = useCursor(`${host} ${search}`);
  const columns = useSessionColumns(setEnding);
  const input = {
    limit,
    ...(host ? { host } : {}),
    ...(search ? { search } : {}),
    ...(place.cursor ? { cursor: place.cursor } : {}),
  };
  const sessions = useQuery(
    api.sessions.list.queryOptions({ input, placeholderData: keepPreviousData, staleTime: 5000 }),
  );
  const frozen = useFrozen(sessions.data, JSON.stringify(input));

  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap items-center gap-3">
        <SearchField
          label={t("search")}
          value={search}
          onChange={(text) => {
            place.reset();
            void setSearch(text || null);
          }}
          className="w-72 max-sm:w-full"
        />
        {frozen.isBehind ? (
          <span role="status" className="inline-flex items-center gap-2 text-ink-2">
            {t("changed")}
            <Button size="sm" onClick={frozen.release}>
              {t("refresh")}
            </Button>
          </span>
        ) : null}
      </div>
      <div {...frozen.handlers}>
        <Panel flush>
          <QueryView query={sessions} skeleton={<TableSkeleton rows={10} columns={6} />}>
            {(latest) => {
              const { items, total, nextCursor } = frozen.data ?? latest;
              if (items.length === 0) {
                return search || host ? (
                  <NoMatch title={t("noMatch")} onClear={() => void setSearch(null)} />
                ) : (
                  <EmptyState title={t("empty")} text={t("emptyText")} command="nightpost connected_users" />
                );
              }
              return (
                <>
                  <DataTable label={t("title")} columns={columns} rows={items} rowKey={(session) => session.jid} />
                  <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
                </>
              );
            }}
          </QueryView>
        </Panel>
      </div>
      <EndSessionDialog
        jid={ending}
        onClose={() => {
          setEnding(null);
          frozen.release();
        }}
      />
    </Page>
  );
}
