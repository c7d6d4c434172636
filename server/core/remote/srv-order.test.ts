import { expect, test } from "vitest";
import { inSrvOrder } from "./srv-order.ts";

const record = (name: string, priority: number, weight: number) => ({ name, priority, weight });

test("the smaller priority goes first, whatever the weights", () => {
  const records = [record("c", 20, 100), record("a", 5, 0), record("b", 10, 1)];
  expect(inSrvOrder(records, () => 0.5).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("within a priority the weight says how often a record is first", () => {
  const records = [record("rare", 0, 10), record("often", 0, 90)];
  const firsts = { rare: 0, often: 0 };
  for (let step = 0; step < 1000; step += 1)
    firsts[inSrvOrder(records, () => step / 1000)[0]!.name as keyof typeof firsts] += 1;
  expect(firsts.rare).toBeGreaterThan(80);
  expect(firsts.rare).toBeLessThan(130);
});

test("records without weight are drawn, too, and all of them come up once", () => {
  const records = [record("a", 0, 0), record("b", 0, 0), record("c", 0, 5)];
  for (const random of [0, 0.2, 0.5, 0.999]) {
    const names = inSrvOrder(records, () => random).map(({ name }) => name);
    expect(names.toSorted()).toEqual(["a", "b", "c"]);
  }
});
