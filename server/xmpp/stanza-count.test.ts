import { assert, double, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { newlyConfirmed, onWire, parseCount } from "./stanza-count.ts";

const wrap = 2 ** 32;
/** Counts around the first three times that the number on the wire begins anew. */
const counts = tuple(integer({ min: 0, max: 3 }), integer({ min: -1000, max: 1000 })).map(([times, offset]) =>
  Math.max(0, times * wrap + offset),
);
const open = integer({ min: 0, max: 100_000 });

test("whatever of the open stanzas is confirmed is found, over the wrap, too", () => {
  assert(
    property(counts, open, double({ min: 0, max: 1, noNaN: true }), (confirmed, sent, share) => {
      const more = Math.floor(sent * share);
      expect(newlyConfirmed(onWire(confirmed + more), confirmed, sent)).toBe(more);
    }),
  );
});

test("more than was sent, or less than before, is refused", () => {
  assert(
    property(counts, open, integer({ min: 1, max: 1_000_000 }), (confirmed, sent, beyond) => {
      expect(newlyConfirmed(onWire(confirmed + sent + beyond), confirmed, sent)).toBeUndefined();
      if (beyond <= confirmed) expect(newlyConfirmed(onWire(confirmed - beyond), confirmed, sent)).toBeUndefined();
    }),
  );
});

test.each([
  ["0", 0],
  ["4294967295", wrap - 1],
  ["007", 7],
  ["4294967296", undefined],
  ["99999999999", undefined],
  ["-1", undefined],
  ["1.0", undefined],
  ["", undefined],
  ["ten", undefined],
  [undefined, undefined],
])("h='%s' is %s", (text, count) => {
  expect(parseCount(text)).toBe(count);
});
