"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import { Attention } from "./attention.tsx";
import { Checklist } from "./checklist.tsx";
import { Figures } from "./figures.tsx";
import { HostsPanel } from "./hosts-panel.tsx";
import { RecentPanel } from "./recent-panel.tsx";
import { ServerPanel } from "./server-panel.tsx";
import { useLiveOverview } from "./use-live-overview.ts";

export function OverviewPage() {
  const t = useTranslations();
  const isLive = useLiveOverview();
  const overview = useQuery(api.server.overview.queryOptions({ refetchInterval: isLive ? 60_000 : 10_000 }));
  return (
    <Page title={t("shell.pages.overview")}>
      <PageHeader title={t("shell.pages.overview")} {...(isLive ? {} : { lead: t("overview.polling") })} />
      <QueryView query={overview} skeleton={<Loading />}>
        {(data) => (
          <div className="flex flex-col gap-5">
            <Figures overview={data} />
            <Checklist overview={data} />
            <Attention items={data.attention} />
            <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <HostsPanel hosts={data.perHost} count={data.hosts} />
              <ServerPanel overview={data} />
            </div>
            {data.changes ? <RecentPanel entries={data.changes} /> : null}
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function Loading() {
  return (
    <div className="flex flex-col gap-5">
      <div className="grid rounded-panel border border-line bg-surface sm:grid-cols-2 lg:grid-cols-4">
        {[0, 1, 2, 3].map((each) => (
          <div key={each} className="flex h-[164px] flex-col gap-3 p-4">
            <Skeleton className="w-24" />
            <Skeleton className="h-7 w-16" />
            <Skeleton className="mt-auto h-9 w-full" />
          </div>
        ))}
      </div>
      <Skeleton className="h-11 w-full rounded-panel" />
      <Skeleton className="h-48 w-full rounded-panel" />
    </div>
  );
}
