import { expect, it } from "vitest";
import { RecentSamples } from "./recent-samples.ts";

const startedAt = 7;

it("keeps the last ones, oldest first", () => {
  const samples = new RecentSamples(3, startedAt);
  expect([...samples]).toEqual([]);
  expect(samples.newestAt).toBeUndefined();
  for (let at = 1; at <= 5; at += 1) samples.add(at, { sessions: at * 10 });
  expect([...samples]).toEqual([3, 4, 5].map((at) => ({ at, startedAt, values: { sessions: at * 10 } })));
  expect(samples.newestAt).toBe(5);
});

it("tells what was not measured from what was nothing", () => {
  const samples = new RecentSamples(4, startedAt);
  samples.add(1, { a: 0 });
  samples.add(2, { b: 5 });
  samples.add(3, { a: 2, b: 6 });
  expect([...samples].map(({ values }) => values)).toEqual([{ a: 0 }, { b: 5 }, { a: 2, b: 6 }]);
  expect(samples.latest("a", 3)).toEqual([0, 2]);
  expect(samples.latest("b", 1)).toEqual([6]);
  expect(samples.latest("c", 9)).toEqual([]);
});

it("forgets a series that is not measured any more, and takes it up again", () => {
  const samples = new RecentSamples(2, startedAt);
  samples.add(1, { "backlog:old": 1 });
  for (let at = 2; at <= 6; at += 1) samples.add(at, { a: at });
  expect(samples.latest("backlog:old", 9)).toEqual([]);
  samples.add(7, { "backlog:old": 3 });
  expect([...samples].map(({ values }) => values)).toEqual([{ a: 6 }, { "backlog:old": 3 }]);
});
