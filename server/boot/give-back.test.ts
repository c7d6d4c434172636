import { expect, test } from "vitest";
import { isWorthCollecting, Lull } from "./give-back.ts";

const mb = 1024 * 1024;

test.each([
  ["never yet", { total: 60, used: 58, inUse: null }, true],
  ["nothing has changed", { total: 60, used: 55, inUse: 50 }, false],
  ["much is reserved for nothing", { total: 200, used: 60, inUse: 50 }, true],
  ["what came in a storm is still counted as used", { total: 300, used: 290, inUse: 50 }, true],
  ["as much as that is in use", { total: 300, used: 290, inUse: 285 }, false],
  ["less is in use than was", { total: 100, used: 40, inUse: 90 }, true],
])("%s", (_, { total, used, inUse }, expected) => {
  const heap = { total_heap_size: total * mb, used_heap_size: used * mb };
  expect(isWorthCollecting(heap, inUse === null ? null : inUse * mb)).toBe(expected);
});

test("those who talk are paused once after a storm, and otherwise not before they are done", () => {
  const lull = new Lull();
  expect([0.03, 0.5, 0.2].map((share) => lull.isNow(share))).toEqual([false, false, false]);
  // Not worth it yet, so it is not over.
  expect([0.03, 0.03].map((share) => lull.isNow(share))).toEqual([true, true]);
  lull.collected();
  expect([0.03, 0.005].map((share) => lull.isNow(share))).toEqual([false, true]);
});
