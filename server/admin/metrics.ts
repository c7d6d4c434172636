import { type MetricRange, peakSeries } from "../../lib/contracts/charts.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { MetricBoard } from "../../lib/contracts/metrics.ts";
import type { SampledRange } from "../storage/ports.ts";
import { tickMs } from "./history.ts";
import type { Admin } from "./parts.ts";
import { toldIn } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Width of a range and of its slots: none has more than 720 of them. */
const ranges: Record<Exclude<MetricRange, "1h">, { readonly ms: number; readonly stepMs: number }> = {
  "6h": { ms: 6 * hourMs, stepMs: 5 * minuteMs },
  "24h": { ms: dayMs, stepMs: 5 * minuteMs },
  "7d": { ms: 7 * dayMs, stepMs: 15 * minuteMs },
  "30d": { ms: 30 * dayMs, stepMs: hourMs },
};
const maxMarks = 100;

export function metrics({ core, history }: Admin): Verbs<typeof contract.metrics> {
  const { stores, clock } = core;

  const marksSince = async (from: number, starts: readonly number[]): Promise<MetricBoard["marks"]> => {
    const { items } = await stores.policies.list({ limit: maxMarks });
    const policies = items.filter(({ at }) => at >= from);
    return [
      ...starts.filter((at) => at >= from).map((at) => ({ at, kind: "start" as const, text: "" })),
      ...policies.map(({ at, author, comment, remark }) => ({
        at,
        kind: "policy" as const,
        text: comment === "" ? author : `${author}: ${comment}`,
        author,
        comment,
        ...toldIn(remark),
      })),
    ]
      .toSorted((a, b) => a.at - b.at)
      .map((mark) => ({ ...mark, at: timestamp(mark.at) }));
  };

  const boardOf = async ({ from, values, starts }: SampledRange, stepMs: number): Promise<MetricBoard> => {
    const series = Object.entries(values).map(([name, each]) => ({ name, values: each.map(rounded) }));
    const length = Math.max(0, ...series.map((one) => one.values.length));
    return { from, stepMs, length, series, marks: await marksSince(from, starts) };
  };

  return {
    async board({ range }) {
      if (range === "1h") return boardOf(history.recent(), tickMs);
      const { ms, stepMs } = ranges[range];
      const to = clock.now();
      return boardOf(await stores.series.range({ from: to - ms, to, stepMs, peaks: peakSeries }), stepMs);
    },
  };
}

// More digits than a chart or its table shows would be most of the answer.
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(5)));
