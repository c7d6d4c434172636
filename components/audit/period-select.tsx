"use client";

import { useTranslations } from "use-intl";
import { FilterSelect } from "@/components/kit/filter-select.tsx";

export const periods = ["hour", "day", "week", "month"] as const;
export type Period = (typeof periods)[number];

const hourMs = 3_600_000;
const lengths: Record<Period, number> = { hour: hourMs, day: 24 * hourMs, week: 168 * hourMs, month: 720 * hourMs };

/** When a period that ends now begins, to the minute: so that a list keeps its address while one reads in it. */
export function periodStart(period: Period | null, now = Date.now()): string | undefined {
  if (period === null) return undefined;
  return new Date(Math.floor((now - lengths[period]) / 60_000) * 60_000).toISOString();
}

export function PeriodSelect({ value, onChange }: { value: Period | null; onChange: (value: Period | null) => void }) {
  const t = useTranslations("audit");
  return (
    <FilterSelect
      label={t("columns.at")}
      value={value}
      any={t("anyTime")}
      options={periods.map((each) => [each, t(`periods.${each}`)])}
      onChange={onChange}
      className="w-36 max-sm:flex-1"
    />
  );
}
