import type { MetricBoard } from "@/lib/contracts/metrics.ts";

/** A line of a chart: what it is called, and how it is told from the others without colour. */
export interface ChartLine {
  series: string;
  target: string | null;
  values: readonly (number | null)[];
  /** Name of the colour token. */
  colour: string;
  dash: readonly number[];
}

// Neighbours differ in lightness and in their dashes as well as in hue.
const looks: readonly { colour: string; dash: readonly number[] }[] = [
  { colour: "--accent", dash: [] },
  { colour: "--warn", dash: [6, 3] },
  { colour: "--violet", dash: [2, 3] },
  { colour: "--ok", dash: [10, 3, 2, 3] },
  { colour: "--ink-3", dash: [] },
  { colour: "--err", dash: [4, 2] },
  { colour: "--ink", dash: [1, 2] },
  { colour: "--line-strong", dash: [8, 2] },
];

interface Chart {
  series: readonly string[];
  byTarget?: true;
}

export function chartLines({ series, byTarget }: Chart, board: MetricBoard): ChartLine[] {
  const found = series.flatMap((name): Pick<ChartLine, "series" | "target" | "values">[] =>
    byTarget
      ? board.series
          .filter((each) => each.name.startsWith(`${name}:`))
          .map((each) => ({ series: name, target: each.name.slice(name.length + 1), values: each.values }))
      : [{ series: name, target: null, values: board.series.find((each) => each.name === name)?.values ?? [] }],
  );
  return found.map((line, index) => ({ ...line, ...looks[index % looks.length]! }));
}
