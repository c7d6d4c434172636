"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { useScreenful } from "@/components/kit/use-screenful.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import { charts, metricRanges } from "@/lib/contracts/charts.ts";
import { MarkList } from "./mark-list.tsx";
import { PrometheusPanel } from "./prometheus-panel.tsx";
import { useLiveBoard } from "./use-live-board.ts";

// The library that draws is fetched with this page only.
const ChartPanel = dynamic(() => import("./chart-panel.tsx").then((module) => module.ChartPanel), {
  ssr: false,
  loading: ChartSkeleton,
});

const refetchMs = 60_000;
/** Two stand side by side. */
const eachPx = 123;

export function MetricsPage() {
  const t = useTranslations("metrics");
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(metricRanges).withDefault("1h"));
  const isLive = useLiveBoard(range);
  const shown = useScreenful(charts, eachPx);
  const board = useQuery(
    api.metrics.board.queryOptions({
      input: { range },
      refetchInterval: isLive ? false : refetchMs,
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <Segmented
            label={t("range")}
            value={range}
            options={metricRanges.map((value) => ({ value, label: t(`ranges.${value}`) }))}
            onChange={(next) => void setRange(next)}
          />
        }
      />
      <QueryView query={board} skeleton={<Loading />}>
        {(data) => (
          <>
            <div className="grid gap-5 md:grid-cols-2">
              {shown.map((chart) => (
                <ChartPanel key={chart.id} chart={chart} board={data} />
              ))}
            </div>
            <MarkList marks={data.marks} />
          </>
        )}
      </QueryView>
      <PrometheusPanel />
    </Page>
  );
}

function Loading() {
  return (
    <div className="grid gap-5 md:grid-cols-2">
      {charts.map(({ id }) => (
        <ChartSkeleton key={id} />
      ))}
    </div>
  );
}

function ChartSkeleton() {
  return (
    <div className="h-[246px] rounded-panel border border-line bg-surface p-4">
      <Skeleton className="w-32" />
      <Skeleton className="mt-4 h-40 w-full" />
    </div>
  );
}
