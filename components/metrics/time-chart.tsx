"use client";

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useLocale, useTranslations } from "use-intl";
import "uplot/dist/uPlot.min.css";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import { useTimeZone } from "@/lib/format/time-zone.ts";
import type { ChartLine } from "./chart-lines.ts";
import { chartOptions } from "./chart-options.ts";

interface Props {
  label: string;
  lines: readonly ChartLine[];
  board: MetricBoard;
  write: (value: number) => string;
  /** The slot under the crosshair of any chart on the page; null: it is on none. */
  onSlot: (slot: number | null) => void;
  isEmpty: boolean;
}

export const chartHeight = 176;

/**
 * Lines over time on a canvas. What was not measured is a gap; with nothing at all there is a dashed baseline. For other lines,
 * and for the colours of another theme, it is made anew (by another key).
 */
export function TimeChart({ label, lines, board, write, onSlot, isEmpty }: Props) {
  const t = useTranslations("metrics");
  const locale = useLocale();
  const zone = useTimeZone();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ lines, board, write, onSlot });
  useEffect(() => {
    latest.current = { lines, board, write, onSlot };
  });

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const options = chartOptions({
      width: element.clientWidth,
      height: chartHeight,
      lines: latest.current.lines,
      locale,
      zone,
      write: (value) => latest.current.write(value),
      marks: () => latest.current.board.marks,
      spanMs: () => latest.current.board.length * latest.current.board.stepMs,
      onSlot: (slot) => latest.current.onSlot(slot),
    });
    const made = new uPlot(options, dataOf(latest.current.board, latest.current.lines), element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: chartHeight }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current = null;
      made.destroy();
    };
  }, [locale, zone]);

  useEffect(() => chart.current?.setData(dataOf(board, lines)), [board, lines]);

  return (
    <div className="relative px-2 pb-2">
      <div ref={place} role="img" aria-label={label} style={{ height: chartHeight }} />
      {isEmpty ? (
        <div className="pointer-events-none absolute inset-x-6 bottom-12 border-b border-dashed border-line-strong/60">
          <p className="pb-1 text-center text-meta text-ink-3">{t("nothing")}</p>
        </div>
      ) : null}
    </div>
  );
}

function dataOf(board: MetricBoard, lines: readonly ChartLine[]): uPlot.AlignedData {
  const at = Array.from({ length: board.length }, (_, slot) => (board.from + (slot + 0.5) * board.stepMs) / 1000);
  const all = lines.map(({ values }) =>
    values.length === at.length ? [...values] : at.map((_, slot) => values[slot] ?? null),
  );
  return [at, ...all];
}
