"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { AddHostDialog } from "./add-host-dialog.tsx";
import { useHostColumns } from "./host-columns.tsx";

/** As many as are seen at a glance. */
const withoutSearch = 10;

export function HostsPage() {
  const t = useTranslations("hosts");
  const [q, setQ] = useQueryState("q", parseAsString.withDefault("").withOptions({ history: "replace" }));
  const hosts = useQuery(api.hosts.list.queryOptions());
  const all = hosts.data?.items ?? [];
  const wanted = q.trim().toLowerCase();
  const shown = all.filter(({ host }) => host.includes(wanted));
  const [isAdding, setAdding] = useCreateFlag();
  const columns = useHostColumns();

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="hosts.add">
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-4" />
              {t("add")}
            </Button>
          </May>
        }
      />
      {all.length > withoutSearch || q !== "" ? (
        <SearchField
          label={t("search")}
          value={q}
          onChange={(text) => void setQ(text || null)}
          className="w-80 max-sm:w-full"
        />
      ) : null}
      <Panel flush>
        <QueryView query={hosts} skeleton={<TableSkeleton rows={4} columns={6} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <May call="hosts.add">
                    <Button onClick={() => setAdding(true)}>{t("add")}</Button>
                  </May>
                }
                command="nightpost host add example.org"
              />
            ) : shown.length === 0 ? (
              <NoMatch title={t("noMatch")} onClear={() => void setQ(null)} />
            ) : (
              <DataTable name="hosts" label={t("title")} columns={columns} rows={shown} rowKey={(row) => row.host} />
            )
          }
        </QueryView>
      </Panel>
      <AddHostDialog open={isAdding} onOpenChange={setAdding} />
    </Page>
  );
}
