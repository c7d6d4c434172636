"use client";

import { useTranslations } from "use-intl";
import { choiceTerm, type FilterTerm, numberTerm, textTerm } from "@/components/kit/filter-terms.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { accountOrigins } from "@/lib/contracts/words.ts";
import { states, today, type useUserFilter } from "./use-user-filter.ts";
import { createdDays, idleDays, waiting } from "./user-filters.tsx";

type Filter = ReturnType<typeof useUserFilter>;

const isOneOf = (known: readonly string[], value: number | null): boolean =>
  value !== null && known.includes(String(value));

/** What the list of users can be filtered by, as it is typed: `status:suspended created:>2026-01-01 -tag:vip`. */
export function useUserTerms(values: Filter["values"], set: Filter["set"], tags: readonly string[]): FilterTerm[] {
  const t = useTranslations("users");
  const host = useHostTerm();
  return [
    choiceTerm({
      name: "status",
      label: t("columns.status"),
      value: values.status === "all" ? null : values.status,
      options: states.map((each) => [each, t(`filters.${each}`)] as const),
      set: (status) => set({ status }),
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
      known: createdDays.filter((each) => Number(each) !== today),
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
      options: accountOrigins.map((each) => [each, t(`via.${each}`)] as const),
      set: (via) => set({ via }),
      isShown: true,
    }),
    textTerm({ name: "tag", label: t("tag"), value: values.tag, known: tags, set: (tag) => set({ tag }) }),
    host,
  ];
}
