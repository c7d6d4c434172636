import { expect, it } from "vitest";
import { orderDueAt } from "./renewal.ts";

const hour = 3_600_000;
const day = 24 * hour;
const current = { notBefore: 0, notAfter: 90 * day };

it("orders at once what is not there", () => {
  expect(orderDueAt({ host: "a.example", current: null, failures: [] })).toBe(0);
});

it("renews when a third of the life is left, each host at its own moment of a day", () => {
  const due = ["a.example", "b.example", "c.example"].map((host) => orderDueAt({ host, current, failures: [] }));
  for (const at of due) {
    expect(at).toBeLessThanOrEqual(60 * day);
    expect(at).toBeGreaterThan(59 * day);
  }
  expect(new Set(due).size).toBe(3);
  expect(orderDueAt({ host: "a.example", current, failures: [] })).toBe(due[0]);
});

it("keeps a part of the life of one that lives for hours", () => {
  const short = { notBefore: 0, notAfter: 30 * hour };
  const at = orderDueAt({ host: "a.example", current: short, failures: [] });
  expect(at).toBeLessThanOrEqual(20 * hour);
  expect(at).toBeGreaterThanOrEqual(17 * hour);
});

it.each([
  [[100 * day], hour],
  [[100 * day, 99 * day], 2 * hour],
  [[100 * day, 99 * day, 98 * day], 4 * hour],
  [Array.from({ length: 30 }, () => 100 * day), day],
])("waits longer after each failure, a day at most: %#", (failures, wait) => {
  expect(orderDueAt({ host: "a.example", current: null, failures })).toBe(100 * day + wait);
  expect(orderDueAt({ host: "a.example", current, failures })).toBe(100 * day + wait);
});

it("does not hurry because of failures long ago", () => {
  expect(orderDueAt({ host: "a.example", current, failures: [hour] })).toBeGreaterThan(59 * day);
});
