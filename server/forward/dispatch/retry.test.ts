import { describe, expect, test } from "vitest";
import { attemptTimesMs, defaultRetryMs, judge, outcomeOf, parseRetryAfter, retryDelayMs } from "./retry.ts";

describe("outcome by status", () => {
  test.for([
    [200, "delivered"],
    [299, "delivered"],
    [301, "failed"],
    [308, "failed"],
    [400, "rejected"],
    [401, "rejected"],
    [404, "rejected"],
    [408, "failed"],
    [410, "gone"],
    [413, "rejected"],
    [425, "failed"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
    [599, "failed"],
  ] as const)("%i is %s", ([status, outcome]) => {
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe("what comes after an attempt", () => {
  const again = { kind: "retry", isLast: false };
  const last = { kind: "retry", isLast: true };
  test.for([
    { name: "2xx", outcome: "delivered", status: 200, spent: 1, before: null, verdict: { kind: "delivered" } },
    { name: "first 5xx", outcome: "failed", status: 500, spent: 1, before: null, verdict: again },
    { name: "the last one allowed", outcome: "failed", status: 500, spent: 12, before: 500, verdict: last },
    { name: "a timeout", outcome: "timeout", status: null, spent: 3, before: null, verdict: again },
    { name: "a refused connection", outcome: "refused", status: null, spent: 11, before: null, verdict: again },
    { name: "second 4xx", outcome: "rejected", status: 404, spent: 2, before: 404, verdict: again },
    { name: "third 4xx", outcome: "rejected", status: 404, spent: 3, before: 404, verdict: last },
    { name: "first 4xx after an outage", outcome: "rejected", status: 404, spent: 5, before: 503, verdict: again },
    { name: "second 4xx after an outage", outcome: "rejected", status: 404, spent: 6, before: 404, verdict: last },
    { name: "410", outcome: "gone", status: 410, spent: 1, before: null, verdict: { kind: "dead" } },
    { name: "an address refused", outcome: "blocked", status: null, spent: 1, before: null, verdict: { kind: "dead" } },
  ] as const)("$name", ({ outcome, status, spent, before, verdict }) => {
    expect(judge({ outcome, status }, spent, 12, before)).toEqual(verdict);
  });
});

test("the schedule, varied by a fifth", () => {
  for (const [index, base] of [...defaultRetryMs, 86_400_000, 86_400_000].entries()) {
    for (let round = 0; round < 50; round += 1) {
      const delay = retryDelayMs(defaultRetryMs, index + 1, null);
      expect(delay).toBeGreaterThanOrEqual(base * 0.8);
      expect(delay).toBeLessThanOrEqual(base * 1.2);
    }
  }
});

test.each([
  ["as many as there may be", 4, 604_800, [0, 2, 12, 72]],
  ["until the time is up", 12, 3_600, [0, 2, 12, 72, 372, 2_172]],
  ["one attempt", 1, 3_600, [0]],
  [
    "the last wait repeats",
    14,
    1e7,
    [0, 2, 12, 72, 372, 2_172, 9_372, 27_372, 63_372, 113_772, 185_772, 272_172, 358_572, 444_972],
  ],
])("when attempts come: %s", (_, maxAttempts, ttlSeconds, expected) => {
  const times = attemptTimesMs(defaultRetryMs, maxAttempts, ttlSeconds * 1_000);
  expect(times.map((ms) => ms / 1_000)).toEqual(expected);
});

test("Retry-After counts when it is longer, up to an hour", () => {
  expect(retryDelayMs([2_000], 1, 1_000)).toBeLessThanOrEqual(2_400);
  expect(retryDelayMs([2_000], 1, 100_000)).toBe(100_000);
  expect(retryDelayMs([2_000], 1, 86_400_000)).toBe(3_600_000);
});

test("Retry-After is seconds or a date", () => {
  const now = Date.UTC(2026, 0, 1);
  expect(parseRetryAfter("120", now)).toBe(120_000);
  expect(parseRetryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now)).toBe(60_000);
  expect(parseRetryAfter("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeNull();
  expect(parseRetryAfter("-5", now)).toBeNull();
});
