import { expect, test } from "vitest";
import { LiveRows } from "./live-rows.ts";
import type { SampledFrame } from "./live.ts";
import { SampledOut } from "./sampled-out.ts";

const frame = (from: number, to: number, shown: number, more: Partial<SampledFrame> = {}): SampledFrame => ({
  type: "sampled",
  topic: "forward",
  from,
  to,
  events: to - from + 1,
  shown,
  outcomes: { delivered: to - from + 1 },
  perSecond: 2_000,
  oneIn: 20,
  ...more,
});

function list() {
  const rows = new LiveRows<{ id: number }>((each) => each.id);
  return { rows, out: new SampledOut(rows) };
}

test("a mark counts what is left out, in its place, and the counts go on", () => {
  const { rows, out } = list();
  out.take(frame(101, 100, 0));
  expect([rows.end, out.now]).toEqual([0, { oneIn: 20, perSecond: 2_000, outcomes: { delivered: 0 } }]);
  rows.put([{ id: 110 }]);
  out.take(frame(101, 1_100, 50));
  rows.put([{ id: 1_120 }]);
  out.take(frame(1_101, 1_200, 5, { oneIn: 10, outcomes: { delivered: 90, dead: 10 } }));
  expect([rows.at(0), rows.at(1), rows.at(2), rows.end]).toEqual([
    { id: 110 },
    { gap: true, from: 101, to: 1_200, sampledOut: 1_045 },
    { id: 1_120 },
    3,
  ]);
  expect(out.now).toMatchObject({ oneIn: 10, outcomes: { delivered: 1_090, dead: 10 } });
});

test("it ends with the frame that says so, and begins anew", () => {
  const { rows, out } = list();
  out.take(frame(1, 1_000, 50));
  out.take(frame(1_001, 1_100, 10, { oneIn: 1 }));
  expect([out.now, rows.at(0)]).toEqual([null, { gap: true, from: 1, to: 1_100, sampledOut: 1_040 }]);
  out.take(frame(2_001, 2_100, 10));
  expect(rows.at(1)).toEqual({ gap: true, from: 2_001, to: 2_100, sampledOut: 90 });
  expect(out.now?.outcomes).toEqual({ delivered: 100 });
});

test("far from the last mark, or after the list was read again, there is another", () => {
  const { rows, out } = list();
  out.take(frame(1, 1_000, 50));
  rows.put(Array.from({ length: 600 }, (_, id) => ({ id })));
  out.take(frame(1_001, 2_000, 50));
  expect(rows.at(601)).toEqual({ gap: true, from: 1_001, to: 2_000, sampledOut: 950 });
  rows.clear();
  out.forgetMark();
  out.take(frame(2_001, 3_000, 50));
  expect(rows.at(602)).toEqual({ gap: true, from: 2_001, to: 3_000, sampledOut: 950 });
});
