import { expect, test } from "vitest";
import { waitAxis } from "./wait-axis.ts";

const [second, hour] = [1_000, 3_600_000];
const gaps = (times: number[]) => {
  const places = waitAxis(times);
  return places.slice(1).map((place, index) => place - places[index]!);
};

test("the axis goes from its first point to its last", () => {
  const places = waitAxis([5, 7 * second, 9 * hour]);
  expect([places[0], places.at(-1)]).toEqual([0, 1]);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("who waits longer is further away, and a short wait is seen beside a long one", () => {
  const [short, long] = gaps([0, 5 * second, 5 * second + 10 * hour]);
  expect(long!).toBeGreaterThan(2 * short!);
  expect(short!).toBeGreaterThan(0.15);
});

test("as long is as far", () => {
  const [first, last] = gaps([0, hour, 2 * hour]);
  expect(first).toBeCloseTo(last!, 10);
});

test.each([[[]], [[1]], [[1, 1]], [[2, 1]]])("points that nothing lies between have places, too: %j", (times) => {
  expect(waitAxis(times).every((place) => place >= 0 && place <= 1)).toBe(true);
});
