"use client";

import { useTranslations } from "use-intl";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { choiceTerm, textTerm, timeTerm } from "@/components/kit/filter-terms.ts";
import { SavedViews } from "@/components/kit/saved-views.tsx";
import { TargetSelect } from "@/components/kit/target-select.tsx";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { Segmented } from "@/components/ui/segmented.tsx";
import { messageClasses } from "@/lib/contracts/words.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { deadStates, type useDeadFilter } from "./use-dead-filter.ts";

type Filters = ReturnType<typeof useDeadFilter>;

type Props = Pick<Filters, "values" | "negation" | "set"> & { targets: string[] };

export function DeadFilters({ values, negation, set, targets }: Props) {
  const t = useTranslations("forward");
  const simulator = useTranslations("simulator");
  const times = useTimes();
  const host = useHostTerm();
  const { since } = values;
  const terms = [
    textTerm({
      name: "target",
      label: t("target"),
      value: values.target,
      known: targets,
      set: (target) => set({ target }),
      isShown: true,
    }),
    choiceTerm({
      name: "state",
      label: t("state"),
      value: values.state,
      options: deadStates.map((state) => [state, t(`states.${state}`)] as const),
      set: (state) => set({ state: state ?? "dead" }),
      isShown: true,
    }),
    textTerm({ name: "user", label: t("user"), value: values.user, set: (user) => set({ user }) }),
    choiceTerm({
      name: "class",
      label: t("class"),
      value: values.class,
      options: messageClasses.map((each) => [each, simulator(`classes.${each}`)] as const),
      set: (chosen) => set({ class: chosen }),
    }),
    textTerm({
      name: "reason",
      label: t("reason"),
      value: values.reason,
      set: (reason) => set({ reason }),
      // The facets have it.
      isShown: true,
    }),
    timeTerm({
      name: "time",
      label: t("columns.time"),
      range: { since, until: null },
      chip: t("range", { from: since ? times.full(since) : "…", to: "…" }),
      set: (range) => set({ since: range.since }),
    }),
    host,
  ];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterField
        label={t("search")}
        search={values.q ?? ""}
        onSearch={(words) => set({ q: words || null })}
        terms={terms}
        negation={negation}
        className="w-80 max-sm:w-full"
      />
      <TargetSelect value={negation.plain(values).target} targets={targets} onChange={(target) => set({ target })} />
      <SavedViews page="/forward/dead" table="dead" />
      <Segmented
        label={t("state")}
        value={values.state}
        onChange={(state) => set({ state })}
        options={deadStates.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
    </div>
  );
}
