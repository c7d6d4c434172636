"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { BackLink } from "@/components/kit/back-link.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { ModuleDetail } from "./module-detail.tsx";

const refreshMs = 5_000;

/** One module: its settings, its state on each host and its part in the hooks. */
export function ModulePage() {
  const t = useTranslations("modules");
  const sentence = useSentence();
  const [name] = useQueryState("name", parseAsString.withDefault(""));
  const [host] = useHost();
  const input = { name, ...(host === null ? {} : { host }) };
  const found = useQuery(api.modules.get.queryOptions({ input, enabled: name !== "", refetchInterval: refreshMs }));
  return (
    <Page title={name === "" ? t("title") : name}>
      <BackLink href="/modules">{t("back")}</BackLink>
      <PageHeader title={name === "" ? t("title") : name} lead={found.data ? sentence(found.data.summary) : null} />
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
