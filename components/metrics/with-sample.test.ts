import { expect, it } from "vitest";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import { withSample } from "./with-sample.ts";

const board = (from: number, series: Record<string, (number | null)[]>): MetricBoard => ({
  from,
  stepMs: 5_000,
  length: 3,
  series: Object.entries(series).map(([name, values]) => ({ name, values })),
  marks: [],
});
const at = (ms: number): string => new Date(ms).toISOString();

it.each([
  ["the next slot", 17_600, 5_000, { a: [2, 3, 9] }],
  ["a slot that is there", 12_600, 0, { a: [1, 2, 9] }],
  ["a gap before it", 27_600, 15_000, { a: [null, null, 9] }],
])("puts a sample into %s", (_name, ms, from, values) => {
  const next = withSample(board(0, { a: [1, 2, 3] }), { at: at(ms), values: { a: 9 } });
  expect(next).toEqual(board(from, values));
});

it("begins a series that was not there, and leaves a gap in one that was not measured", () => {
  const next = withSample(board(0, { a: [1, 2, 3] }), { at: at(17_000), values: { b: 7 } });
  expect(next).toEqual(board(5_000, { a: [2, 3, null], b: [null, null, 7] }));
});

it("leaves the board alone for what is older than it", () => {
  const old = board(60_000, { a: [1, 2, 3] });
  expect(withSample(old, { at: at(1_000), values: { a: 9 } })).toBe(old);
});
