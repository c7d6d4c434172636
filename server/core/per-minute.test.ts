import { expect, test } from "vitest";
import { PerMinute } from "./per-minute.ts";

test("so many a minute, by key, filling up evenly", () => {
  const rate = new PerMinute(6);
  const taken = (key: string, now: number) =>
    Array.from({ length: 8 }, () => rate.take(key, now)).filter(Boolean).length;
  expect(taken("a", 0)).toBe(6);
  expect(taken("b", 0)).toBe(6);
  expect(taken("a", 9_999)).toBe(0);
  expect(taken("a", 10_000)).toBe(1);
  expect(taken("a", 70_000)).toBe(6);
});

test("what comes together is counted whole, or not at all", () => {
  const rate = new PerMinute(6);
  expect(rate.take("a", 0, 4)).toBe(true);
  expect(rate.take("a", 0, 3)).toBe(false);
  expect(rate.take("a", 0, 2)).toBe(true);
  expect(rate.take("a", 59_999, 6)).toBe(false);
  expect(rate.take("a", 60_000, 6)).toBe(true);
});

test("a clock that was set back lets nobody through, and does not wait until it has caught up", () => {
  const rate = new PerMinute(1);
  expect(rate.take("a", 100_000)).toBe(true);
  expect(rate.take("a", 0)).toBe(false);
  expect(rate.take("a", 60_000)).toBe(true);
});

test("10,000 keys are remembered", () => {
  const rate = new PerMinute(1);
  for (let index = 0; index <= 10_000; index += 1) rate.take(String(index), 0);
  expect(rate.take("0", 0)).toBe(true);
  expect(rate.take("2", 0)).toBe(false);
});
