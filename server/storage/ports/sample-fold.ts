import type { Sample, SampledRange, SampleRange } from "./series.ts";

/** Sum and number of what fell into each slot, or its maximum. */
interface Slots {
  readonly values: (number | null)[];
  readonly counts: number[];
}

/** Joins samples into evenly spaced slots; `from` is the start of the first one. */
export function foldSamples(samples: Iterable<Sample>, { from, to, stepMs, peaks }: SampleRange): SampledRange {
  const length = Math.max(0, Math.ceil((to - from) / stepMs));
  const series = new Map<string, Slots>();
  const starts = new Set<number>();
  for (const { at, startedAt, values } of samples) {
    if (at < from || at >= to) continue;
    starts.add(startedAt);
    const slot = Math.floor((at - from) / stepMs);
    for (const [name, value] of Object.entries(values)) {
      let slots = series.get(name);
      if (slots === undefined) {
        slots = { values: Array.from({ length }, () => null), counts: Array.from({ length }, () => 0) };
        series.set(name, slots);
      }
      const before = slots.values[slot] ?? null;
      const isPeak = peaks.includes(name);
      slots.values[slot] = before === null ? value : isPeak ? Math.max(before, value) : before + value;
      slots.counts[slot] = isPeak ? 1 : slots.counts[slot]! + 1;
    }
  }
  const values = Object.fromEntries(
    [...series].map(([name, slots]) => [
      name,
      slots.values.map((value, index) => (value === null ? null : value / slots.counts[index]!)),
    ]),
  );
  return { from, values, starts: [...starts].toSorted((a, b) => a - b) };
}
