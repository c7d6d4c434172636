import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LogRecord } from "../contracts/log.ts";
import { LiveTail, type TailOf } from "./live-tail.ts";
import { fakeStream } from "./testing-live.ts";

let stream: ReturnType<typeof fakeStream>;
let stored: LogRecord[];

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

beforeEach(() => {
  stream = fakeStream();
  stored = [record(5), record(4), record(3)];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begin() {
  const tail = new LiveTail(stream.live, of, {});
  const stop = tail.start();
  stream.handlers.onReady?.(false);
  await vi.advanceTimersByTimeAsync(20);
  const rows = () =>
    Array.from({ length: tail.getView().count }, (_, index) => {
      const row = tail.row(index)!;
      return "id" in row ? row.id : Object.keys(row)[0];
    });
  const come = async (...records: LogRecord[]) => {
    stream.handlers.onEvents(records.map((data) => ({ topic: "log", id: data.id, data })));
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
  stream.handlers.onReady?.(true);
  await come(record(6));
  expect(rows()).toEqual([6, "reconnected", 5, 4]);
  stream.run = { startedAt: "2026-11-22T17:05:00.000Z", outageMs: 2_100 };
  stream.handlers.onReady?.(true);
  stream.handlers.onReset?.(1_000);
  await come(record(1_000));
  expect(rows()).toEqual([1_000, "restarted", 6, "reconnected", 5, 4]);
  expect(tail.row(1)).toEqual({ restarted: true, at: stream.run.startedAt, downMs: 2_100 });
  expect(tail.getView().isOver).toBe(false);
});

test("another filter begins anew", async () => {
  const { tail, rows, come } = await begin();
  await come(record(6));
  stored = [record(2)];
  tail.setOptions({ log: { level: "warn" } });
  expect(stream.update).toHaveBeenCalledWith({ log: { level: "warn" } });
  await vi.advanceTimersByTimeAsync(600);
  expect(rows()).toEqual([2]);
});
