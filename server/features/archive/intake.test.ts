import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "../../core/log.ts";
import type { Origin } from "../../core/session.ts";
import type { Archive, ArchiveUnit } from "../../storage/ports.ts";
import { ArchiveIntake } from "./intake.ts";

const copy = { host: "a.example", local: "juliet", key: { id: 1, salt: 1 }, peer: "romeo@a.example", isOwn: true };

let kept: string[][];
let intake: ArchiveIntake;
let hurry: (() => void) | undefined;
const origin: Origin = {
  answer() {},
  awaitCommit(_commit, hurried) {
    hurry = hurried;
  },
  session: null,
};
const say = (text: string): void => intake.add(origin, "chat", text, { ...copy });

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  kept = [];
  const keep = async (units: readonly ArchiveUnit[]): Promise<void> => {
    kept.push(units.map(({ xml }) => xml));
  };
  intake = new ArchiveIntake({ keep } as Pick<Archive, "keep"> as Archive, silentLog);
});
afterEach(() => {
  vi.useRealTimers();
});

it("hands over what comes after a pause at the end of the turn", () => {
  vi.advanceTimersByTime(1_000);
  say("1");
  say("2");
  expect(kept).toEqual([]);
  vi.advanceTimersByTime(0);
  expect(kept).toEqual([["1", "2"]]);
});

it("collects what comes one by one, for some milliseconds", () => {
  vi.advanceTimersByTime(1_000);
  say("1");
  vi.advanceTimersByTime(1);
  say("2");
  vi.advanceTimersByTime(1);
  say("3");
  vi.advanceTimersByTime(1);
  expect(kept).toEqual([["1"]]);
  vi.advanceTimersByTime(9);
  expect(kept).toEqual([["1"], ["2", "3"]]);
});

it("does not collect while a sender waits to be told", () => {
  vi.advanceTimersByTime(1_000);
  say("1");
  vi.advanceTimersByTime(1);
  say("2");
  hurry!();
  say("3");
  vi.advanceTimersByTime(0);
  expect(kept).toEqual([["1"], ["2", "3"]]);
  vi.advanceTimersByTime(20);
  expect(kept).toHaveLength(2);
});

it("hands over a full call at once", () => {
  for (let count = 0; count < 101; count += 1) say(String(count));
  expect(kept.map(({ length }) => length)).toEqual([100]);
  vi.advanceTimersByTime(20);
  expect(kept.map(({ length }) => length)).toEqual([100, 1]);
});
