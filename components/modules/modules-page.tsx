"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { ModuleSummary } from "@/lib/contracts/modules.ts";
import { ModuleTable } from "./module-table.tsx";
import { stateOf, xepName } from "./module-words.tsx";

const states = ["runs", "off", "failed", "mixed"] as const;
const parsers = { q: parseAsString, state: parseAsStringLiteral(states), host: parseAsString };
const refreshMs = 10_000;

/** What the server is made of. */
export function ModulesPage() {
  const t = useTranslations("modules");
  const sentence = useSentence();
  const [{ q, state, host }, set] = useQueryStates(parsers, { history: "replace" });
  const input = host === null ? {} : { host };
  const modules = useQuery(api.modules.list.queryOptions({ input, refetchInterval: refreshMs }));
  const wanted = (q ?? "").trim().toLowerCase();
  const shown = (modules.data?.items ?? [])
    .filter(
      (module) => (state === null || stateOf(module) === state) && matches(module, sentence(module.summary), wanted),
    )
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t("search")}
          value={q ?? ""}
          onChange={(text) => void set({ q: text || null })}
          className="w-80 max-sm:w-full"
        />
        <FilterSelect
          label={t("state")}
          value={state}
          any={t("anyState")}
          options={states.map((one) => [one, t(`states.${one}`)])}
          onChange={(next) => void set({ state: next })}
          className="w-40 max-sm:flex-1"
        />
      </div>
      <Panel flush>
        <QueryView query={modules} skeleton={<TableSkeleton rows={12} columns={5} />}>
          {() =>
            shown.length === 0 ? (
              <NoMatch title={t("noMatch")} onClear={() => void set({ q: null, state: null })} />
            ) : (
              <ModuleTable modules={shown} />
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
}

function matches({ name, summary, xeps }: ModuleSummary, told: string, wanted: string): boolean {
  if (wanted === "") return true;
  const texts = [name, summary, told, ...xeps.map(({ number }) => xepName(number))];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
