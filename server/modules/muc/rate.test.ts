import { expect, test } from "vitest";
import { RoomRate } from "./rate.ts";

test("so many a second, five times that at once, each user for themselves", () => {
  const rate = new RoomRate(2);
  const taken = Array.from({ length: 12 }, () => rate.take("hag", 0));
  expect(taken.filter(Boolean).length).toBe(10);
  expect(rate.take("crone", 0, 5)).toBe(true);
  expect(rate.take("crone", 0, 6)).toBe(false);
  expect(rate.take("hag", 499)).toBe(false);
  expect(rate.take("hag", 500)).toBe(true);
  expect(rate.take("hag", 500)).toBe(false);
});

test("what is reserved comes later, the more the later, but not for ever", () => {
  const rate = new RoomRate(2);
  const waits = Array.from({ length: 13 }, () => rate.reserve("hag", 0));
  expect(waits.slice(9)).toEqual([0, 500, 1000, 1500]);
  expect(rate.take("hag", 0)).toBe(false);
  for (let n = 0; n < 100; n += 1) rate.reserve("hag", 0);
  expect(rate.reserve("hag", 0)).toBe(5000);
});

test("what counts for many takes as much", () => {
  const rate = new RoomRate(20);
  expect([rate.reserve("hag", 0, 90), rate.reserve("hag", 0, 30)]).toEqual([0, 1000]);
});

test("no limit", () => {
  const rate = new RoomRate(0);
  expect([rate.take("hag", 0, 1e9), rate.reserve("hag", 0)]).toEqual([true, 0]);
});
