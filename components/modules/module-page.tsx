"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { ChevronLeft } from "lucide-react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { ModuleDetail } from "./module-detail.tsx";

const refreshMs = 5_000;

/** One module: its settings, its state on each host and its part in the hooks. */
export function ModulePage() {
  const t = useTranslations("modules");
  const [name] = useQueryState("name", parseAsString.withDefault(""));
  const found = useQuery(
    api.modules.get.queryOptions({ input: { name }, enabled: name !== "", refetchInterval: refreshMs }),
  );
  return (
    <Page title={name === "" ? t("title") : name}>
      <Link
        href="/modules"
        className="inline-flex items-center gap-1 self-start text-meta text-ink-2 underline-offset-2 hover:underline"
      >
        <ChevronLeft aria-hidden className="size-3.5" />
        {t("back")}
      </Link>
      <PageHeader
        title={name === "" ? t("title") : name}
        lead={found.data ? <span lang="en">{found.data.summary}</span> : null}
      />
      {name === "" ? (
        <Panel flush>
          <EmptyState title={t("noName")} />
        </Panel>
      ) : (
        <QueryView query={found} skeleton={<TableSkeleton rows={10} columns={3} />}>
          {(data) => <ModuleDetail module={data} />}
        </QueryView>
      )}
    </Page>
  );
}
