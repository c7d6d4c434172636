"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ExportMenu } from "@/components/kit/export-menu.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { ReplayButton } from "@/components/kit/replay-button.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { forwardStates } from "@/lib/contracts/words.ts";
import type { useForwardFilter } from "./use-forward-filter.ts";
import { useForwardTerms } from "./use-forward-terms.ts";

interface Props {
  filters: ReturnType<typeof useForwardFilter>;
  targets: string[];
  children?: ReactNode;
}

export function Filters({ filters, targets, children }: Props) {
  const t = useTranslations("forward");
  const terms = useForwardTerms(filters, targets);
  const { negation, set } = filters;
  const values = negation.plain(filters.values);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterField
        label={t("search")}
        search={filters.values.q ?? ""}
        onSearch={(words) => set({ q: words || null })}
        terms={terms}
        negation={negation}
        className="w-80 max-sm:w-full"
      />
      <FilterSelect
        label={t("state")}
        value={values.state}
        any={t("anyState")}
        options={forwardStates.map((state) => [state, t(`states.${state}`)])}
        onChange={(state) => set({ state })}
        className="w-36 max-sm:flex-1"
      />
      <TargetSelect value={values.target} targets={targets} onChange={(target) => set({ target })} />
      <SavedViews page="/forward" />
      <ExportMenu list="forward" filter={filters.filter} host={filters.filter.host ?? null} />
      {children}
      {values.state === "dead" ? <ReplayButton filter={filters.filter} /> : null}
    </div>
  );
}
