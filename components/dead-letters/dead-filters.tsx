"use client";

import { useTranslations } from "use-intl";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { SearchField } from "@/components/kit/search-field.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { deadStates, type useDeadFilter } from "./use-dead-filter.ts";

type Filters = ReturnType<typeof useDeadFilter>;

export function DeadFilters({ values, set, targets }: Pick<Filters, "values" | "set"> & { targets: string[] }) {
  const t = useTranslations("forward");
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t("search")}
        value={values.q ?? ""}
        onChange={(text) => set({ q: text || null })}
        className="w-80 max-sm:w-full"
      />
      <TargetSelect value={values.target} targets={targets} onChange={(target) => set({ target })} />
      <SavedViews page="/forward/dead" />
      <Segmented
        label={t("state")}
        value={values.state}
        onChange={(state) => set({ state })}
        options={deadStates.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
    </div>
  );
}
