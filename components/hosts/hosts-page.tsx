"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { May } from "@/components/kit/may.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { AddHostDialog } from "./add-host-dialog.tsx";
import { useHostColumns } from "./host-columns.tsx";

export function HostsPage() {
  const t = useTranslations("hosts");
  const hosts = useQuery(api.hosts.list.queryOptions());
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
            ) : (
              <DataTable name="hosts" label={t("title")} columns={columns} rows={items} rowKey={(row) => row.host} />
            )
          }
        </QueryView>
      </Panel>
      <AddHostDialog open={isAdding} onOpenChange={setAdding} />
    </Page>
  );
}
