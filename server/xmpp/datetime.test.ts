import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatDateTime, formatLegacyDateTime, parseDateTime } from "./datetime.ts";

const MOON = Date.UTC(1969, 6, 21, 2, 56, 15);

test.each([
  ["1969-07-21T02:56:15Z", MOON],
  ["1969-07-20T21:56:15-05:00", MOON],
  ["1969-07-21T08:26:15.123456+05:30", MOON + 123],
  ["19690721T02:56:15", MOON],
  ["2000-02-29T00:00:00Z", Date.UTC(2000, 1, 29)],
  ["0099-01-01T00:00:00Z", Date.parse("0099-01-01T00:00:00Z")],
  ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
  ["1969-07-21", undefined],
  ["1969-07-21T02:56:15", undefined],
  ["1969-02-29T02:56:15Z", undefined],
  ["1969-13-01T02:56:15Z", undefined],
  ["1969-00-01T02:56:15Z", undefined],
  ["1969-07-21T24:00:00Z", undefined],
  ["1969-07-21T02:60:00Z", undefined],
  ["1969-07-21T02:56:15+24:00", undefined],
  ["1969-07-21T02:56:15.Z", undefined],
  ["+1969-07-21T02:56:15Z", undefined],
  ["", undefined],
])("%j is %s", (text, epochMs) => {
  expect(parseDateTime(text)).toBe(epochMs);
});

test("what is written is read back", () => {
  for (const epochMs of [0, MOON, MOON + 5, Date.UTC(2026, 10, 22)])
    expect(parseDateTime(formatDateTime(epochMs))).toBe(epochMs);
  expect(formatDateTime(MOON)).toBe("1969-07-21T02:56:15Z");
  expect(formatDateTime(MOON + 5)).toBe("1969-07-21T02:56:15.005Z");
  expect(formatLegacyDateTime(MOON)).toBe("19690721T02:56:15");
});

test("what is written is what Date writes, whatever was written before", () => {
  const time = fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(time, fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 5 }), (first, steps) => {
      for (const epochMs of [first, ...steps.map((step) => first + step)])
        expect(formatDateTime(epochMs)).toBe(new Date(epochMs).toISOString().replace(".000Z", "Z"));
    }),
  );
  expect(() => formatDateTime(Number.NaN)).toThrow(RangeError);
});
