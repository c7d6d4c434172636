"use client";

import { useTranslations } from "use-intl";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import type { ChartLine } from "./chart-lines.ts";

interface Props {
  label: string;
  lines: readonly ChartLine[];
  names: readonly string[];
  board: MetricBoard;
  write: (value: number) => string;
}

/** What the chart draws, in numbers: newest first, without the slots in which nothing was measured. */
export function ChartTable({ label, lines, names, board, write }: Props) {
  const t = useTranslations("metrics");
  const times = useTimes();
  const rows = Array.from({ length: board.length }, (_, index) => index)
    .filter((slot) => lines.some(({ values }) => values[slot] != null))
    .toReversed();
  const at = (slot: number) => new Date(board.from + (slot + 0.5) * board.stepMs).toISOString();
  if (rows.length === 0) return <p className="px-4 py-6 text-ink-3">{t("nothing")}</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls has to be reached by keyboard
    <div
      tabIndex={0}
      role="region"
      aria-label={label}
      className="mt-2 h-[184px] overflow-auto border-t border-line -outline-offset-2"
    >
      <table className="w-full border-collapse text-meta">
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b border-line text-left text-ink-3">
            <th scope="col" className="h-8 pl-4 font-medium">
              {t("time")}
            </th>
            {names.map((name) => (
              <th key={name} scope="col" className="h-8 px-3 text-right font-medium last:pr-4">
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((slot) => (
            <tr key={slot} className="border-b border-line last:border-b-0">
              <td className="h-7 pl-4 font-mono whitespace-nowrap text-ink-2">{times.full(at(slot))}</td>
              {lines.map(({ series, target, values }) => (
                <td key={`${series} ${target}`} className="px-3 text-right whitespace-nowrap tabular-nums last:pr-4">
                  {values[slot] == null ? "—" : write(values[slot])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
