"use client";

import type { Ref } from "react";
import { useTranslations } from "use-intl";
import { FreshRows } from "@/components/kit/fresh-rows.tsx";
import { EmptyState, ErrorState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { ForwardLog, ForwardLogView } from "@/lib/api/forward-log.ts";
import { LogList, type LogListHandle } from "./log-list.tsx";
import type { useForwardFilter } from "./use-forward-filter.ts";

interface Props {
  ref: Ref<LogListHandle>;
  log: ForwardLog;
  view: ForwardLogView;
  openId: string | null;
  onOpen: (id: string) => void;
  onScrolled: (isScrolled: boolean) => void;
  onResume: () => void;
  hasTargets: boolean;
  filters: ReturnType<typeof useForwardFilter>;
}

export function LogBody({ view, log, hasTargets, filters, onResume, ...props }: Props) {
  const t = useTranslations("forward");
  if (view.status === "loading") {
    return (
      <div role="status" aria-busy="true" className="min-w-0 flex-1">
        <TableSkeleton rows={14} columns={6} />
      </div>
    );
  }
  if (view.status === "error") return <ErrorState error={view.error} onRetry={log.retry} />;
  if (view.count === 0) {
    if (filters.isFiltered) return <NoMatch title={t("noMatch")} onClear={filters.clear} />;
    return hasTargets ? (
      <EmptyState
        title={t("empty.title")}
        text={t("empty.text")}
        action={
          <Button asChild>
            <Link href="/forward/targets">{t("empty.test")}</Link>
          </Button>
        }
      />
    ) : (
      <EmptyState
        title={t("noTargets.title")}
        text={t("noTargets.text")}
        action={
          <Button asChild variant="primary">
            <Link href="/forward/targets?create=1">{t("noTargets.action")}</Link>
          </Button>
        }
        command="nightpost forward target add app --url https://app.example.com/hooks --preset classic"
      />
    );
  }
  return (
    <div className="relative flex min-w-0 flex-1 flex-col">
      <FreshRows
        text={view.fresh > 0 ? t("newWhilePaused", { count: view.fresh }) : null}
        failed={view.failed}
        onResume={onResume}
      />
      <LogList log={log} view={view} {...props} />
    </div>
  );
}
