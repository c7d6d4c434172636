"use client";

import { useTranslations } from "use-intl";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { transports } from "@/lib/contracts/words.ts";
import type { useSessionFilter } from "./use-session-filter.ts";

export const idleMinutes = ["10", "60", "1440"] as const;

type Filter = ReturnType<typeof useSessionFilter>;

export function SessionFilters({ values, onChange }: { values: Filter["values"]; onChange: Filter["set"] }) {
  const t = useTranslations("sessions");
  return (
    <>
      <FilterSelect
        label={t("columns.transport")}
        value={values.transport}
        any={t("anyTransport")}
        options={transports.map((each) => [each, t(`transports.${each}`)])}
        onChange={(transport) => onChange({ transport })}
        className="w-40 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("idle")}
        value={idleMinutes.find((each) => Number(each) === values.idle)}
        any={t("anyIdle")}
        options={idleMinutes.map((each) => [each, t(`idleFor.${each}`)])}
        onChange={(idle) => onChange({ idle: idle === null ? null : Number(idle) })}
        className="w-44 max-sm:min-w-36 max-sm:flex-1"
      />
      <FilterSelect
        label={t("connected")}
        value={values.hibernating}
        any={t("anyConnected")}
        options={[
          ["no", t("isConnected")],
          ["yes", t("hibernating")],
        ]}
        onChange={(hibernating) => onChange({ hibernating })}
        className="w-48 max-sm:min-w-36 max-sm:flex-1"
      />
    </>
  );
}
