import { expect, test } from "vitest";
import { reconnectDelayMs } from "./reconnect-delay.ts";

test.each([
  [0, 1000, 800],
  [1, 2000, 1600],
  [4, 16_000, 12_800],
  [5, 30_000, 24_000],
  [400, 30_000, 24_000],
])("after %d failures at most %d ms, at least %d", (failures, most, least) => {
  expect(reconnectDelayMs(failures, () => 0)).toBe(most);
  expect(reconnectDelayMs(failures, () => 1)).toBe(least);
});
