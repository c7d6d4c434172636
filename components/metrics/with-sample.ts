import type { MetricBoard } from "@/lib/contracts/metrics.ts";

interface Sample {
  at: string;
  values: Record<string, number>;
}

/** The board with one sample more: what is older than its range leaves at the other end. */
export function withSample(board: MetricBoard, { at, values }: Sample): MetricBoard {
  const slot = Math.floor((Date.parse(at) - board.from) / board.stepMs);
  if (slot < 0) return board;
  const moved = Math.max(0, slot - board.length + 1);
  const place = slot - moved;
  const names = new Set([...board.series.map(({ name }) => name), ...Object.keys(values)]);
  const bySeries = new Map(board.series.map((series) => [series.name, series.values]));
  return {
    ...board,
    from: board.from + moved * board.stepMs,
    series: [...names].map((name) => {
      const old = bySeries.get(name) ?? [];
      const next = Array.from({ length: board.length }, (_, index) => old[index + moved] ?? null);
      const value = values[name];
      if (value !== undefined) next[place] = value;
      return { name, values: next };
    }),
  };
}
