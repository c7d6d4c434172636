"use client";

import { useTranslations } from "use-intl";
import { SearchField } from "@/components/kit/search-field.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { deadStates, type useDeadFilter } from "./use-dead-filter.ts";

type Filters = ReturnType<typeof useDeadFilter>;

export function DeadFilters({ values, set, targets }: Pick<Filters, "values" | "set"> & { targets: string[] }) {
  const t = useTranslations("forward");
  const names = values.target && !targets.includes(values.target) ? [...targets, values.target] : targets;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t("search")}
        value={values.q ?? ""}
        onChange={(text) => set({ q: text || null })}
        className="w-80 max-sm:w-full"
      />
      <Select
        aria-label={t("target")}
        value={values.target ?? ""}
        onChange={(event) => set({ target: event.target.value || null })}
        className="w-40 max-sm:flex-1"
      >
        <option value="">{t("anyTarget")}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Segmented
        label={t("state")}
        value={values.state}
        onChange={(state) => set({ state })}
        options={deadStates.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
    </div>
  );
}
