import { expect, test } from "vitest";
import { PausePrice, reservedForNothing } from "./give-back.ts";

const mb = 1024 * 1024;

test.each([
  ["nothing was collected yet", { total: 60, used: 58, inUse: 0 }, 60],
  ["nothing has changed", { total: 60, used: 55, inUse: 50 }, 10],
  ["much is reserved and empty", { total: 200, used: 60, inUse: 50 }, 150],
  ["what came in a storm is still counted as used", { total: 300, used: 290, inUse: 50 }, 250],
  ["as much as that is in use", { total: 300, used: 290, inUse: 285 }, 15],
  ["less is in use than was", { total: 100, used: 40, inUse: 90 }, 60],
])("%s", (_, { total, used, inUse }, expected) => {
  const heap = { total_heap_size: total * mb, used_heap_size: used * mb };
  expect(reservedForNothing(heap, inUse * mb) / mb).toBe(expected);
});

test("those who talk are paused once after a storm, for much, and otherwise not before they are done", () => {
  const price = new PausePrice();
  const never = Number.POSITIVE_INFINITY;
  const prices = (...shares: number[]): number[] => shares.map((share) => price.now(share) / mb);
  expect(prices(0.03, 0.001)).toEqual([never, 32]);
  expect(prices(0.5, 0.07, 0.03, 0.001, 0.07)).toEqual([never, 128, 32, 32, 128]);
  price.paid();
  expect(prices(0.03, 0.001)).toEqual([never, 32]);
});
