import { expect, test } from "vitest";
import { formatClock, formatDuration, formatRelative } from "./time.ts";

const at = Date.parse("2026-11-22T14:02:11.042Z");

test.each([
  ["UTC", "14:02:11.042"],
  ["Asia/Shanghai", "22:02:11.042"],
])("the clock in %s", (zone, expected) => {
  expect(formatClock(at, "en", zone)).toBe(expected);
});

test.each([
  [0, "now"],
  [-4000, "now"],
  [-65_000, "1 min. ago"],
  [7_200_000, "in 2 hr."],
  [-3 * 86_400_000, "3 days ago"],
  [-(3 * 86_400_000 - 1000), "2 days ago"],
  [90 * 86_400_000 - 1000, "in 3 mo."],
])("%d ms from now", (difference, expected) => {
  expect(formatRelative(at + difference, at, "en")).toBe(expected);
});

test.each([
  [0, "0 sec"],
  [59_000, "59 sec"],
  [3_600_000, "1 hr"],
  [93_784_000, "1 day 2 hr"],
])("a length of %d ms", (ms, expected) => {
  expect(formatDuration(ms, "en")).toBe(expected);
});
