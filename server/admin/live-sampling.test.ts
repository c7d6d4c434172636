import { describe, expect, test } from "vitest";
import type { ForwardEvent, ForwardState } from "../../lib/contracts/forward-event.ts";
import { liveRow, type LiveRow } from "./live-feed.ts";
import { Sampling, samplingRates } from "./live-sampling.ts";

const noon = "2026-11-22T12:00:00.000Z";

function row(id: number, seq: number, state: ForwardState = "delivered"): LiveRow {
  const data: ForwardEvent = {
    id: `evt_${seq}`,
    seq,
    target: "app",
    rule: "all",
    host: "bix.org",
    user: "juliet@bix.org",
    from: "romeo@bix.org",
    type: "chat",
    class: "chat",
    device: null,
    state,
    attempts: 1,
    maxAttempts: 12,
    createdAt: noon,
    updatedAt: noon,
    nextAttemptAt: null,
    expiresAt: noon,
    status: 200,
    ms: 3,
    error: null,
    bytes: 120,
    providerId: null,
    ackedAt: null,
  };
  return liveRow({ topic: "forward", id, data });
}

/** Rows evenly over a second, from `at` ms on; answers which events were shown. */
function second(sampling: Sampling, at: number, perSecond: number, from: number, stride = 1): number[] {
  const shown: number[] = [];
  for (let index = 0; index < perSecond; index += 1) {
    const one = row(from + index, (from + index) * stride);
    sampling.count(one, at + (index * 1000) / perSecond);
    if (sampling.admits(one)) shown.push(from + index);
  }
  return shown;
}

describe("a sample", () => {
  test.each([
    [samplingRates.above - 100, 1],
    [2_000, 20],
    [10_000, 100],
  ])("at %i rows a second shows one in %i", (perSecond, oneIn) => {
    const sampling = new Sampling("forward");
    for (let at = 0; at < 3; at += 1) second(sampling, at * 1000, perSecond, 1 + at * perSecond);
    const last = 3 * perSecond;
    const frame = sampling.settle(last, last, 2_999);
    expect(frame?.oneIn ?? 1).toBe(oneIn);
    const shown = second(sampling, 3_000, perSecond, last + 1);
    expect(shown.length).toBeGreaterThan((perSecond / oneIn) * 0.8);
    expect(shown.length).toBeLessThanOrEqual((perSecond / oneIn) * 1.2);
  });

  test.each([1, 2, 3, 20])("is as large where the target has one event in %i", (stride) => {
    const sampling = new Sampling("forward");
    second(sampling, 0, 2_000, 1, stride);
    sampling.settle(2_000, 2_000, 999);
    const shown = second(sampling, 1_000, 2_000, 2_001, stride);
    expect(shown.length).toBeGreaterThan(60);
    expect(shown.length).toBeLessThan(140);
  });

  test("keeps to the events that it began with, to their end", () => {
    const sampling = new Sampling("forward");
    const early = [row(1, 1, "queued"), row(2, 2, "queued"), row(3, 3, "retrying")];
    for (const one of early) {
      sampling.count(one, 0);
      expect(sampling.admits(one)).toBe(true);
    }
    second(sampling, 0, 4_000, 10);
    for (const [id, seq] of [
      [5_000, 1],
      [5_001, 2],
      [5_002, 3],
    ] as const) {
      const end = row(id, seq);
      sampling.count(end, 999);
      expect(sampling.admits(end)).toBe(true);
    }
  });

  test("counts every row by its state, also those that are not shown, but not what a gap names", () => {
    const sampling = new Sampling("forward");
    second(sampling, 0, 2_000, 1);
    sampling.settle(2_000, 2_000, 999);
    for (let id = 2_001; id <= 2_100; id += 1) {
      const one = row(id, id, id % 4 === 0 ? "dead" : "delivered");
      sampling.count(one, 1_000);
      sampling.admits(one);
    }
    const full = row(2_101, 0);
    sampling.count(full, 1_000);
    expect(sampling.admits(full)).toBe(true);
    sampling.takeBack(full);
    expect(sampling.settle(2_100, 2_150, 1_000)).toMatchObject({
      from: 2_001,
      to: 2_100,
      events: 100,
      outcomes: { dead: 25, delivered: 75 },
    });
    expect(sampling.settle(2_200, 2_200, 1_001)?.from).toBe(2_151);
  });

  test("ends when it is calm, without another row", () => {
    const sampling = new Sampling("forward");
    second(sampling, 0, 2_000, 1);
    expect(sampling.settle(2_000, 2_000, 999)?.oneIn).toBe(20);
    expect(sampling.settle(2_000, 2_000, 2_100)).toMatchObject({ from: 2_001, to: 2_000, events: 0, oneIn: 1 });
    expect(sampling.settle(2_000, 2_000, 2_200)).toBeNull();
  });
});
