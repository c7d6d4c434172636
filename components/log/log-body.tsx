"use client";

import type { Ref } from "react";
import { useTranslations } from "use-intl";
import { FreshRows } from "@/components/kit/fresh-rows.tsx";
import { LiveList, type LiveListHandle } from "@/components/kit/live-list.tsx";
import { EmptyState, ErrorState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { LiveTailView } from "@/lib/api/live-tail.ts";
import { LogRow, rowGrid } from "./log-row.tsx";
import type { LogTail, useLogFilter } from "./use-log.ts";

interface Props {
  ref: Ref<LiveListHandle>;
  log: LogTail;
  view: LiveTailView;
  openId: number | null;
  onOpen: (id: number) => void;
  onScrolled: (isScrolled: boolean) => void;
  onResume: () => void;
  filters: ReturnType<typeof useLogFilter>;
}

export function LogBody({ ref, log, view, openId, onOpen, onScrolled, onResume, filters }: Props) {
  const t = useTranslations();
  if (view.status === "loading") {
    return (
      <div role="status" aria-busy="true" className="min-w-0 flex-1">
        <TableSkeleton rows={14} columns={5} />
      </div>
    );
  }
  if (view.status === "error") return <ErrorState error={view.error} onRetry={log.retry} />;
  if (view.count === 0) {
    return filters.isFiltered ? (
      <NoMatch title={t("log.noMatch")} onClear={filters.clear} />
    ) : (
      <EmptyState title={t("log.empty")} text={t("log.emptyText")} command="nightpost log show --follow" />
    );
  }
  return (
    <div className="relative flex min-w-0 flex-1 flex-col">
      <FreshRows
        text={view.fresh > 0 ? t("log.newWhilePaused", { count: view.fresh }) : null}
        failed={view.failed}
        onResume={onResume}
      />
      <LiveList
        ref={ref}
        label={t("log.title")}
        source={log}
        count={view.count}
        idOf={(record) => String(record.id)}
        openId={openId === null ? null : String(openId)}
        onOpen={(id) => onOpen(Number(id))}
        onScrolled={onScrolled}
        headerClass={rowGrid}
        header={
          <>
            <span role="columnheader">{t("log.columns.level")}</span>
            <span role="columnheader">{t("log.columns.time")}</span>
            <span role="columnheader">{t("log.columns.module")}</span>
            <span role="columnheader" className="@max-4xl:hidden">
              {t("log.columns.host")}
            </span>
            <span role="columnheader">{t("log.columns.message")}</span>
          </>
        }
        render={(record, place, key) => <LogRow key={key} record={record} {...place} />}
        footer={
          view.hasOlder ? (
            <Button size="sm" variant="ghost" onClick={log.loadOlder} disabled={view.isLoadingOlder}>
              {t("forward.loadOlder")}
            </Button>
          ) : (
            t("log.oldestKept")
          )
        }
      />
    </div>
  );
}
