"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Eraser, Hourglass } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { choiceTerm } from "@/components/kit/filter-terms.ts";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { ExtendDialog } from "./extend-dialog.tsx";
import { OfflineTotals } from "./offline-totals.tsx";
import { PurgeDialog } from "./purge-dialog.tsx";
import { PurgesPanel } from "./purges-panel.tsx";
import { QueueTable } from "./queue-table.tsx";
import { orders, useQueueFilter } from "./use-queue-filter.ts";

const limit = 50;
const refreshMs = 10_000;

/** Accounts for which messages wait, and what is kept for how long. */
export function OfflinePage() {
  const t = useTranslations("offline");
  const filters = useQueueFilter();
  const { filter, values } = filters;
  const place = useCursor(JSON.stringify(filter));
  const [isExtending, setExtending] = useState(false);
  const [isPurging, setPurging] = useState(false);
  const queues = useQuery(
    api.offline.queues.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: refreshMs,
    }),
  );
  const totals = useQuery(
    api.offline.totals.queryOptions({
      input: values.host ? { host: values.host } : {},
      placeholderData: keepPreviousData,
      refetchInterval: refreshMs,
    }),
  );
  const set: typeof filters.set = (next) => {
    place.reset();
    filters.set(next);
  };
  const terms = [
    choiceTerm({
      name: "order",
      label: t("order"),
      value: values.order,
      options: orders.map((value) => [value, t(`orders.${value}`)] as const),
      set: (order) => set({ order: order ?? "messages" }),
      isShown: true,
    }),
    useHostTerm(),
  ];
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <May call="offline.extend" host={values.host}>
              <Button onClick={() => setExtending(true)}>
                <Hourglass aria-hidden className="size-3.5" />
                {t("extend")}
              </Button>
            </May>
            <May call="offline.purge" host={values.host}>
              <Button variant="danger-quiet" onClick={() => setPurging(true)}>
                <Eraser aria-hidden className="size-3.5" />
                {t("purge")}
              </Button>
            </May>
          </>
        }
      />
      <OfflineTotals totals={totals.data} />
      <PurgesPanel />
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={values.q ?? ""}
          onSearch={(words) => set({ q: words || null })}
          terms={terms}
          className="w-80 max-sm:w-full"
        />
        <Segmented
          label={t("order")}
          value={values.order}
          onChange={(order) => set({ order })}
          options={orders.map((value) => ({ value, label: t(`orders.${value}`) }))}
        />
      </div>
      <Panel flush>
        <QueryView query={queues} skeleton={<TableSkeleton rows={8} columns={6} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              filters.isFiltered ? (
                <NoMatch title={t("noMatch")} onClear={filters.clear} />
              ) : (
                <EmptyState title={t("empty")} text={t("emptyText")} command="nightpost offline list" />
              )
            ) : (
              <>
                <QueueTable queues={items} />
                <Pager
                  place={place}
                  limit={limit}
                  count={items.length}
                  total={filters.isFiltered ? null : (totals.data?.accounts ?? null)}
                  nextCursor={nextCursor}
                />
              </>
            )
          }
        </QueryView>
      </Panel>
      <ExtendDialog
        key={values.host}
        scope={{ host: values.host }}
        open={isExtending}
        onClose={() => setExtending(false)}
      />
      <PurgeDialog open={isPurging} onClose={() => setPurging(false)} host={values.host} />
    </Page>
  );
}
