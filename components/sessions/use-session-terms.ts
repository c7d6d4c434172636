"use client";

import { useTranslations } from "use-intl";
import { choiceTerm, type FilterTerm, numberTerm } from "@/components/kit/filter-terms.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { transports } from "@/lib/contracts/words.ts";
import { idleMinutes } from "./session-filters.tsx";
import type { useSessionFilter } from "./use-session-filter.ts";

type Filter = ReturnType<typeof useSessionFilter>;

/** What the list of sessions can be filtered by, as it is typed: `transport:bosh idle:>60` (minutes). */
export function useSessionTerms(values: Filter["values"], set: Filter["set"]): FilterTerm[] {
  const t = useTranslations("sessions");
  const host = useHostTerm();
  return [
    choiceTerm({
      name: "transport",
      label: t("columns.transport"),
      value: values.transport,
      options: transports.map((each) => [each, t(`transports.${each}`)] as const),
      set: (transport) => set({ transport }),
      isShown: true,
    }),
    numberTerm({
      name: "idle",
      kind: "count",
      label: t("idle"),
      value: values.idle,
      known: idleMinutes,
      set: (idle) => set({ idle }),
      // The choice beside it has these.
      isShown: idleMinutes.some((each) => Number(each) === values.idle),
    }),
    choiceTerm({
      name: "hibernating",
      label: t("hibernating"),
      value: values.hibernating,
      options: [
        ["no", t("isConnected")],
        ["yes", t("hibernating")],
      ],
      set: (hibernating) => set({ hibernating }),
      isShown: true,
    }),
    host,
  ];
}
