"use client";

import { useTranslations } from "use-intl";
import { choiceTerm, type FilterTerm, numberTerm } from "@/components/kit/filter-terms.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { AccountOrigin } from "@/lib/contracts/users.ts";
import { states, type useUserFilter } from "./use-user-filter.ts";
import { createdDays, idleDays, waiting } from "./user-filters.tsx";

type Filter = ReturnType<typeof useUserFilter>;

const isOneOf = (known: readonly string[], value: number | null): boolean =>
  value !== null && known.includes(String(value));

/** What the list of users can be filtered by, as it is typed: `status:suspended created:>2026-01-01`. */
export function useUserTerms(values: Filter["values"], set: Filter["set"]): FilterTerm[] {
  const t = useTranslations("users");
  const host = useHostTerm();
  return [
    choiceTerm({
      name: "status",
      label: t("filter"),
      value: values.filter === "all" ? null : values.filter,
      options: states.map((each) => [each, t(`filters.${each}`)] as const),
      set: (filter) => set({ filter }),
      isShown: true,
    }),
    numberTerm({
      name: "idle",
      label: t("narrow.idle"),
      value: values.idle,
      known: idleDays,
      set: (idle) => set({ idle }),
      // The choices of the page have these.
      isShown: isOneOf(idleDays, values.idle),
    }),
    numberTerm({
      name: "created",
      label: t("narrow.created"),
      value: values.created,
      known: createdDays,
      set: (created) => set({ created }),
      isShown: isOneOf(createdDays, values.created),
    }),
    numberTerm({
      name: "queued",
      kind: "count",
      label: t("narrow.queued"),
      value: values.queued,
      known: waiting,
      set: (queued) => set({ queued }),
      isShown: isOneOf(waiting, values.queued),
    }),
    choiceTerm({
      name: "via",
      label: t("columns.via"),
      value: values.via,
      options: AccountOrigin.options.map((each) => [each, t(`via.${each}`)] as const),
      set: (via) => set({ via }),
      isShown: true,
    }),
    host,
  ];
}
