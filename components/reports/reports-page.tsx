"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import type { Report } from "@/lib/contracts/reports.ts";
import { ReportDialog } from "./report-dialog.tsx";
import { ReportTable } from "./report-table.tsx";

const limit = 50;
const states = ["open", "resolved", "all"] as const;
const parsers = { state: parseAsStringLiteral(states).withDefault("open"), q: parseAsString };

export function ReportsPage() {
  const t = useTranslations("reports");
  const [host] = useHost();
  const [{ state, q }, setValues] = useQueryStates(parsers, { history: "replace" });
  const [opened, setOpened] = useState<Report | null>(null);
  const filter = { state, ...(host ? { host } : {}), ...(q ? { search: q } : {}) };
  const place = useCursor(JSON.stringify(filter));
  const list = useQuery(
    api.reports.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
    }),
  );
  const narrow = (next: Partial<{ state: (typeof states)[number] | null; q: string | null }>) => {
    place.reset();
    void setValues(next);
  };
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t("search")}
          value={q ?? ""}
          onChange={(text) => narrow({ q: text || null })}
          className="w-72 max-sm:w-full"
        />
        <Segmented
          label={t("state")}
          value={state}
          onChange={(next) => narrow({ state: next })}
          options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
      </div>
      <Panel flush>
        <QueryView query={list} skeleton={<TableSkeleton rows={8} columns={6} />}>
          {({ items, nextCursor, total }) =>
            items.length > 0 ? (
              <>
                <ReportTable reports={items} onOpen={setOpened} />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            ) : q || state === "resolved" ? (
              <NoMatch title={t("noMatch")} onClear={() => narrow({ state: null, q: null })} />
            ) : (
              <EmptyState title={t("empty")} text={t("emptyText")} />
            )
          }
        </QueryView>
      </Panel>
      <ReportDialog report={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
