"use client";

import { useTranslations } from "use-intl";
import { choiceTerm, type FilterTerm, textTerm, timeTerm } from "@/components/kit/filter-terms.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { forwardStates, messageClasses } from "@/lib/contracts/words.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import type { useForwardFilter } from "./use-forward-filter.ts";

type Filters = Pick<ReturnType<typeof useForwardFilter>, "values" | "set">;

/** What the forward log can be filtered by, as it is typed. */
export function useForwardTerms({ values, set }: Filters, targets: readonly string[]): FilterTerm[] {
  const t = useTranslations("forward");
  const simulator = useTranslations("simulator");
  const times = useTimes();
  const host = useHostTerm();
  const { since, until } = values;
  return [
    choiceTerm({
      name: "state",
      label: t("state"),
      value: values.state,
      options: forwardStates.map((state) => [state, t(`states.${state}`)] as const),
      set: (state) => set({ state }),
      isShown: true,
    }),
    textTerm({
      name: "target",
      label: t("target"),
      value: values.target,
      known: targets,
      set: (target) => set({ target }),
      isShown: true,
    }),
    textTerm({ name: "user", label: t("user"), value: values.user, set: (user) => set({ user }) }),
    textTerm({ name: "device", label: t("device"), value: values.device, set: (device) => set({ device }) }),
    choiceTerm({
      name: "class",
      label: t("class"),
      value: values.class,
      options: messageClasses.map((each) => [each, simulator(`classes.${each}`)] as const),
      set: (chosen) => set({ class: chosen }),
    }),
    textTerm({ name: "reason", label: t("reason"), value: values.reason, set: (reason) => set({ reason }) }),
    timeTerm({
      name: "time",
      label: t("columns.time"),
      range: { since, until },
      chip: t("range", { from: since ? times.full(since) : "…", to: until ? times.full(until) : "…" }),
      set,
    }),
    host,
  ];
}
