import { expect, it } from "vitest";
import type { StoresOf } from "./samples.ts";

const T = 1_000_000_000_000;
const stepMs = 300_000;
const from = T - (T % stepMs);

export function seriesConformance(storesOf: StoresOf): void {
  const put = (slot: number, values: Record<string, number>, startedAt = 1) =>
    storesOf().series.append({ at: from + slot * stepMs, startedAt, values });

  it("keeps samples, and joins those of one slot: means, and peaks where they count", async () => {
    await put(0, { rate: 1, worst: 5 });
    await put(1, { rate: 3, worst: 9 });
    await put(2, { rate: 8, worst: 1 });
    const { series } = storesOf();
    const range = { from: from + 5, to: from + 4 * stepMs, stepMs: 2 * stepMs, peaks: ["worst"] };
    const aligned = range.from - (range.from % range.stepMs);
    const slots = Math.ceil((range.to - aligned) / range.stepMs);
    const found = await series.range(range);
    expect(found.from).toBe(aligned);
    expect(found.values["rate"]).toHaveLength(slots);
    const { rate, worst } = found.values;
    const sum = (values: readonly (number | null)[] | undefined) => values?.flatMap((value) => value ?? []) ?? [];
    // Whichever slots the three fall into, two of them share one.
    expect([
      [2, 8],
      [1, 5.5],
    ]).toContainEqual(sum(rate));
    expect([
      [9, 1],
      [5, 9],
    ]).toContainEqual(sum(worst));
  });

  it("leaves gaps where nothing was measured, and tells of starts", async () => {
    await put(0, { rate: 1 }, 7);
    await put(2, { rate: 2, other: 4 }, 9);
    const found = await storesOf().series.range({ from, to: from + 3 * stepMs, stepMs, peaks: [] });
    expect(found).toEqual({ from, values: { rate: [1, null, 2], other: [null, null, 4] }, starts: [7, 9] });
    const none = await storesOf().series.range({ from: 0, to: 10, stepMs: 5, peaks: [] });
    expect(none).toEqual({ from: 0, values: {}, starts: [] });
  });

  it("has one sample of a time, and forgets old ones in steps", async () => {
    await put(0, { rate: 1 });
    await put(0, { rate: 5 });
    await put(1, { rate: 6 });
    const { series } = storesOf();
    expect(await series.prune(from + stepMs, 10)).toBe(1);
    expect(await series.prune(from + stepMs, 10)).toBe(0);
    await put(0, { rate: 5 });
    expect(await series.prune(from + 9 * stepMs, 1)).toBe(1);
    const { values } = await series.range({ from, to: from + 2 * stepMs, stepMs, peaks: [] });
    expect(values).toEqual({ rate: [null, 6] });
  });

  it("counts its commits", async () => {
    const { series } = storesOf();
    const before = await series.commits(true);
    await put(0, { rate: 1 });
    const after = await series.commits(true);
    expect(after.count).toBe(before.count + 1);
    expect(after.totalMs).toBeGreaterThan(before.totalMs);
    expect(after.slowestMs).toBeGreaterThan(0);
    expect((await series.commits(false)).slowestMs).toBe(0);
  });
}
