import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent, Topic } from "../contracts/events.ts";
import type { LogRecord } from "../contracts/log.ts";
import { LiveTail, type TailOf } from "./live-tail.ts";
import type { EventOf, TopicHandlers } from "./live.ts";

let handlers: Omit<TopicHandlers<Topic>, "onEvents"> & { onEvents(events: LiveEvent[]): void };
let run: { startedAt: string; outageMs: number };
let stored: LogRecord[];
const update = vi.fn();

const record = (id: number, level: LogRecord["level"] = "info"): LogRecord => ({
  id,
  at: new Date(id).toISOString(),
  level,
  module: "m",
  message: `record ${id}`,
  fields: {},
});

const of: TailOf<LogRecord, "log"> = {
  topic: "log",
  keyOf: ({ id }) => id,
  rowOf: (event) => event.data,
  isFailure: ({ level }) => level === "error",
  page: async (cursor) => {
    const items = stored.filter(({ id }) => cursor === null || id < Number(cursor)).slice(0, 2);
    return { items, nextCursor: items.length === 2 ? String(items[1]!.id) : null };
  },
};

// What the tail uses of the stream.
const live = {
  get run() {
    return run;
  },
  getState: () => ({ status: "open", retryAt: null, lostAt: null }) as const,
  subscribe<T extends Topic>(topic: T, { onEvents, ...given }: TopicHandlers<T>) {
    const isOurs = (event: LiveEvent): event is EventOf<T> => event.topic === topic;
    handlers = { ...given, onEvents: (events) => onEvents(events.filter(isOurs)) };
    return { update, end: vi.fn() };
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  run = { startedAt: "2026-11-22T17:00:00.000Z", outageMs: 0 };
  stored = [record(5), record(4), record(3)];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begin() {
  const tail = new LiveTail(live, of, {});
  const stop = tail.start();
  handlers.onReady?.(false);
  await vi.advanceTimersByTimeAsync(20);
  const rows = () =>
    Array.from({ length: tail.getView().count }, (_, index) => {
      const row = tail.row(index)!;
      return "id" in row ? row.id : Object.keys(row)[0];
    });
  const come = async (...records: LogRecord[]) => {
    handlers.onEvents(records.map((data) => ({ topic: "log", id: data.id, data })));
    await vi.advanceTimersByTimeAsync(20);
  };
  return { tail, rows, come, stop };
}

test("new rows come on top of older ones, each once", async () => {
  const { tail, rows, come } = await begin();
  expect(rows()).toEqual([5, 4]);
  await come(record(5), record(6), record(7));
  expect(rows()).toEqual([7, 6, 5, 4]);
  tail.loadOlder();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual([7, 6, 5, 4, 3]);
  expect(tail.getView()).toMatchObject({ hasOlder: false, status: "ready" });
  expect(tail.find(7)?.id).toBe(7);
  expect(tail.find(3)?.id).toBe(3);
});

test("what is read stands still, and what comes meanwhile is counted", async () => {
  const { tail, rows, come } = await begin();
  tail.freeze();
  await come(record(6), record(7, "error"));
  expect(rows()).toEqual([5, 4]);
  expect(tail.getView()).toMatchObject({ isFollowing: false, fresh: 2, failed: 1 });
  tail.follow();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual([7, 6, 5, 4]);
  expect(tail.getView()).toMatchObject({ isFollowing: true, fresh: 0, failed: 0 });
});

test("a connection that came back is told from a server that was started anew", async () => {
  const { tail, rows, come } = await begin();
  handlers.onReady?.(true);
  await come(record(6));
  expect(rows()).toEqual([6, "reconnected", 5, 4]);
  run = { startedAt: "2026-11-22T17:05:00.000Z", outageMs: 2_100 };
  handlers.onReady?.(true);
  handlers.onReset?.(1_000);
  await come(record(1_000));
  expect(rows()).toEqual([1_000, "restarted", 6, "reconnected", 5, 4]);
  expect(tail.row(1)).toEqual({ restarted: true, at: run.startedAt, downMs: 2_100 });
  expect(tail.getView().isOver).toBe(false);
});

test("another filter begins anew", async () => {
  const { tail, rows, come } = await begin();
  await come(record(6));
  stored = [record(2)];
  tail.setOptions({ log: { level: "warn" } });
  expect(update).toHaveBeenCalledWith({ log: { level: "warn" } });
  await vi.advanceTimersByTimeAsync(600);
  expect(rows()).toEqual([2]);
});
