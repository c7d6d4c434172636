"use client";

import { Table2 } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { useDarkness } from "@/components/kit/theme.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import type { ChartId, ChartSeries, MetricUnit } from "@/lib/contracts/charts.ts";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import { visible } from "@/lib/format/visible.ts";
import { type ChartLine, chartLines } from "./chart-lines.ts";
import { ChartTable } from "./chart-table.tsx";
import { TimeChart } from "./time-chart.tsx";
import { useUnit } from "./use-unit.ts";

interface Props {
  chart: { id: ChartId; unit: MetricUnit; series: readonly ChartSeries[]; byTarget?: true };
  board: MetricBoard;
}

/** A chart with the values under the crosshair, or its table. */
export function ChartPanel({ chart, board }: Props) {
  const t = useTranslations("metrics");
  const { colon, comma } = useJoints();
  const id = useId();
  const write = useUnit(chart.unit);
  const isDark = useDarkness();
  const [slot, setSlot] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const lines = useMemo(() => chartLines(chart, board), [chart, board]);
  const names = lines.map(({ series, target }) =>
    target === null ? t(`series.${series as ChartSeries}`) : visible(target),
  );
  const shown = lines.map(({ values }) => (slot === null ? latest(values) : (values[slot] ?? null)));
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  const title = t(`charts.${chart.id}`);

  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col rounded-panel border border-line bg-surface">
      <header className="flex items-start gap-3 px-4 pt-3">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-body font-semibold">
            {title}
          </h2>
          <ul className="mt-0.5 flex min-h-4 flex-wrap gap-x-4 gap-y-0.5 text-meta text-ink-2">
            {lines.map((line, index) => (
              <li key={`${line.series} ${line.target}`} className="inline-flex items-center gap-1.5">
                <Dash line={line} />
                <bdi>{names[index]}</bdi>
                <span className="text-ink tabular-nums">
                  {shown[index] === null || shown[index] === undefined ? "—" : write(shown[index])}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <IconButton
          label={t(isTable ? "asChart" : "asTable", { chart: title })}
          size="sm"
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          <Table2 aria-hidden className="size-4" />
        </IconButton>
      </header>
      {isTable ? (
        <ChartTable label={title} lines={lines} names={names} board={board} write={write} />
      ) : (
        <TimeChart
          key={`${isDark} ${lines.map(({ series, target }) => `${series}:${target}`).join(" ")}`}
          label={`${title}${colon}${names.map((name, index) => `${name} ${shown[index] == null ? "—" : write(shown[index])}`).join(comma)}`}
          lines={lines}
          board={board}
          write={write}
          onSlot={setSlot}
          isEmpty={isEmpty}
        />
      )}
    </section>
  );
}

/** A piece of the line, as it is in the chart. */
function Dash({ line }: { line: ChartLine }) {
  return (
    <svg aria-hidden width="18" height="8" className="shrink-0">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        strokeWidth="2"
        strokeDasharray={line.dash.join(" ")}
        style={{ stroke: `var(${line.colour})` }}
      />
    </svg>
  );
}

function latest(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
