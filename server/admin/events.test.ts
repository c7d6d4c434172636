import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Events, type Change } from "./events.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the first change is told at once, those of the next second as one", () => {
  const events = new Events();
  const told: Change[] = [];
  const stop = events.subscribe((change) => told.push(change));
  events.publish("users", "a@x", "boss@x");
  expect(told).toEqual([{ resource: "users", key: "a@x", by: "boss@x" }]);
  events.publish("users", "b@x", "boss@x");
  events.publish("users", "c@x", "boss@x");
  events.publish("hosts");
  expect(told).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(told.at(-1)).toEqual({ resource: "users", key: null, by: "boss@x" });
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
  stop();
  events.publish("users");
  expect(told).toHaveLength(3);
});
