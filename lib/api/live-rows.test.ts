import { expect, test } from "vitest";
import { LiveRows } from "./live-rows.ts";

interface Row {
  id: string;
  state: string;
}

const row = (id: number, state = "queued"): Row => ({ id: `m${id}`, state });
const rowsOf = (capacity?: number) => new LiveRows<Row>((each) => each.id, capacity);

test("a row that comes again replaces itself in place", () => {
  const rows = rowsOf();
  expect(rows.put([row(1), row(2)])).toBe(2);
  expect(rows.put([row(1, "delivered"), row(3)])).toBe(1);
  expect([rows.at(0), rows.at(1), rows.at(2)]).toEqual([row(1, "delivered"), row(2), row(3)]);
  expect(rows.end).toBe(3);
});

test("the oldest are dropped, positions go on counting", () => {
  const rows = rowsOf(10);
  for (let id = 0; id < 25; id++) rows.put([row(id)]);
  expect(rows.end).toBe(25);
  expect(rows.end - rows.dropped).toBeLessThanOrEqual(10);
  expect(rows.at(24)).toEqual(row(24));
  expect(rows.at(rows.dropped - 1)).toBeUndefined();
  expect(rows.has("m0")).toBe(false);
  expect(rows.put([row(0, "late")])).toBe(1);
});

test("while it is held nothing is dropped", () => {
  const rows = rowsOf(10);
  rows.hold(true);
  for (let id = 0; id < 25; id++) rows.put([row(id)]);
  expect([rows.dropped, rows.at(0)]).toEqual([0, row(0)]);
  rows.hold(false);
  expect(rows.end - rows.dropped).toBeLessThanOrEqual(10);
  expect(rows.at(24)).toEqual(row(24));
});

test("marks keep their place", () => {
  const rows = rowsOf();
  rows.put([row(1)]);
  const gap = { gap: true as const, from: 5, to: 9 };
  rows.mark(gap);
  rows.put([row(2)]);
  expect(rows.at(1)).toBe(gap);
  expect(rows.at(2)).toEqual(row(2));
});

test("clear forgets rows and never reuses positions", () => {
  const rows = rowsOf();
  rows.put([row(1), row(2)]);
  rows.clear();
  expect([rows.end, rows.dropped, rows.has("m1")]).toEqual([2, 2, false]);
  rows.put([row(1)]);
  expect(rows.at(2)).toEqual(row(1));
});
