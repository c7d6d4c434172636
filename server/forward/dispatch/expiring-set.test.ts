import { expect, test } from "vitest";
import { ExpiringSet } from "./expiring-set.ts";

test("keys are there until they are taken out, or are the oldest of too many", () => {
  const set = new ExpiringSet(3);
  for (const key of ["a", "b", "c"]) set.add(key, 100, 0);
  expect(set.delete("b")).toBe(true);
  expect(set.delete("b")).toBe(false);
  set.add("a", 100, 0);
  for (const key of ["d", "e"]) set.add(key, 100, 0);
  expect(set.keys()).toEqual(["a", "d", "e"]);
  expect([set.has("a"), set.has("c"), set.size]).toEqual([true, false, 3]);
});

test("those whose end has come make room", () => {
  const set = new ExpiringSet(10);
  set.add("a", 10, 0);
  set.add("b", 20, 0);
  set.add("c", 30, 20);
  expect(set.keys()).toEqual(["c"]);
});
