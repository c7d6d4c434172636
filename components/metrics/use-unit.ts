"use client";

import { useFormatter, useLocale } from "use-intl";
import type { MetricUnit } from "@/lib/contracts/charts.ts";
import { formatBytes } from "@/lib/format/bytes.ts";

/** Writes values of a unit, with as many digits as somebody reads. */
export function useUnit(unit: MetricUnit): (value: number) => string {
  const format = useFormatter();
  const locale = useLocale();
  const number = (value: number): string =>
    format.number(value, { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
  return (value) => {
    switch (unit) {
      case "bytes":
        return formatBytes(value, locale);
      case "percent":
        return `${number(value)} %`;
      case "milliseconds":
        return value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`;
      case "per-second":
        return `${number(value)}/s`;
      default:
        return number(value);
    }
  };
}
