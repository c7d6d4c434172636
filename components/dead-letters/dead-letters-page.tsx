"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { ReplayButton } from "@/components/kit/replay-button.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { DeadFacets } from "./dead-facets.tsx";
import { DeadFilters } from "./dead-filters.tsx";
import { DeadSelection } from "./dead-selection.tsx";
import { DeadTable } from "./dead-table.tsx";
import { ReplaysPanel } from "./replays-panel.tsx";
import { useDeadFilter } from "./use-dead-filter.ts";

const RecoverDialog = dynamic(() => import("./recover-dialog.tsx").then((part) => part.RecoverDialog), { ssr: false });

const ReplayDialog = dynamic(() => import("@/components/kit/replay-dialog.tsx").then((part) => part.ReplayDialog), {
  ssr: false,
});

const limit = 100;

/** What was given up, why, and the ways to have it attempted again. */
export function DeadLettersPage() {
  const t = useTranslations();
  const filters = useDeadFilter();
  const { filter } = filters;
  const place = useCursor(JSON.stringify(filter));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isReplaying, setReplaying] = useState(false);
  const [isRecovering, setRecovering] = useState(false);
  const targets = useQuery(api.forward.targets.queryOptions());
  const names = targets.data?.items.map((target) => target.name) ?? [];
  const events = useQuery(
    api.forward.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: 10_000,
    }),
  );
  const set: typeof filters.set = (next) => {
    place.reset();
    setSelected(new Set());
    filters.set(next);
  };

  return (
    <Page title={t("deadLetters.title")}>
      <PageHeader
        title={t("deadLetters.title")}
        lead={t("deadLetters.lead")}
        actions={
          <>
            <ExportMenu list="forward" filter={filter} host={filter.host ?? null} />
            <May call="forward.replay" host={filter.host ?? null}>
              <Button onClick={() => setRecovering(true)} disabled={names.length === 0}>
                <History aria-hidden className="size-3.5" />
                {t("deadLetters.recover")}
              </Button>
              <ReplayButton filter={filter} />
            </May>
          </>
        }
      />
      <ReplaysPanel />
      <DeadFilters values={filters.values} negation={filters.negation} set={set} targets={names} />
      <div className="flex items-start gap-5 max-lg:flex-col">
        <DeadFacets filter={filter} values={filters.negation.plain(filters.values)} set={set} />
        <Panel flush className="w-full flex-1">
          <QueryView query={events} skeleton={<TableSkeleton rows={8} columns={6} />}>
            {({ items, nextCursor, total }) =>
              items.length === 0 ? (
                filters.isFiltered ? (
                  <NoMatch title={t("forward.noMatch")} onClear={filters.clear} />
                ) : (
                  <EmptyState title={t("deadLetters.empty")} text={t("deadLetters.emptyText")} />
                )
              ) : (
                <>
                  <DeadTable events={items} selected={selected} onSelect={setSelected} />
                  <DeadSelection
                    count={selected.size}
                    onReplay={() => setReplaying(true)}
                    onClear={() => setSelected(new Set())}
                  />
                  <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
                </>
              )
            }
          </QueryView>
        </Panel>
      </div>
      <ReplayDialog
        open={isReplaying}
        onClose={() => {
          setReplaying(false);
          // The ids may be on their way by now; what is still dead can be chosen again.
          if (!events.data?.items.some(({ id }) => selected.has(id))) setSelected(new Set());
        }}
        filter={{ ids: [...selected], withExpired: true }}
        onStarted={() => void events.refetch()}
      />
      <RecoverDialog
        open={isRecovering}
        onClose={() => setRecovering(false)}
        targets={names}
        target={filters.values.target}
      />
    </Page>
  );
}
