import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ForwardEvent } from "../contracts/forward-event.ts";
import { ForwardLog } from "./forward-log.ts";
import { fakeStream } from "./testing-live.ts";

const list = vi.hoisted(() => vi.fn<(query: { cursor?: string }) => Promise<unknown>>());
vi.mock("./client.ts", () => ({ client: { forward: { list } } }));

const event = (seq: number, state: ForwardEvent["state"] = "delivered", updatedAt = seq): ForwardEvent => ({
  id: `e${seq}`,
  seq,
  target: "app",
  rule: "all",
  host: "a.example",
  user: "romeo@a.example",
  from: "juliet@a.example",
  type: "chat",
  class: "chat",
  device: null,
  state,
  attempts: 1,
  maxAttempts: 8,
  createdAt: new Date(seq).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
  nextAttemptAt: null,
  expiresAt: new Date(seq + 1).toISOString(),
  status: 200,
  ms: 3,
  error: null,
  bytes: 10,
  providerId: null,
  ackedAt: null,
});

let stream: ReturnType<typeof fakeStream>;
let stored: ForwardEvent[];

beforeEach(() => {
  stream = fakeStream();
  stored = [event(5), event(4), event(3)];
  list.mockReset().mockImplementation(({ cursor }) => {
    const items = stored.filter(({ seq }) => cursor === undefined || seq < Number(cursor)).slice(0, 2);
    return Promise.resolve({ items, nextCursor: items.length === 2 ? String(items[1]!.seq) : null });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begin(isComplete = false) {
  const log = new ForwardLog(stream.live, {}, isComplete);
  const leave = log.start();
  stream.handlers.onReady?.(false);
  await vi.advanceTimersByTimeAsync(20);
  const rows = () =>
    Array.from({ length: log.getView().count }, (_, index) => {
      const row = log.row(index)!;
      return "id" in row ? `${row.id} ${row.state}` : Object.keys(row)[0];
    });
  const come = async (...events: ForwardEvent[]) => {
    stream.handlers.onEvents(events.map((data) => ({ topic: "forward", id: data.seq, data })));
    await vi.advanceTimersByTimeAsync(20);
  };
  return { log, rows, come, leave };
}

test("an event keeps its row, on top and further down", async () => {
  const { log, rows, come } = await begin();
  await come(event(6, "queued"), event(4, "dead"));
  expect(rows()).toEqual(["e6 queued", "e5 delivered", "e4 dead"]);
  await come(event(6, "delivered"));
  log.loadOlder();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["e6 delivered", "e5 delivered", "e4 dead", "e3 delivered"]);
  expect(log.getView()).toMatchObject({ hasOlder: false, isLoadingOlder: false });
  expect([0, 1].map((index) => log.positionOf(index))).toEqual([0, -1]);
});

test("what the stream said of a row while its page was read is newer", async () => {
  const { log, rows, come } = await begin();
  await come(event(5, "dead", 9));
  log.fill();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["e5 dead", "e4 delivered"]);
});

test("what is read stands still, and what comes meanwhile is counted", async () => {
  const { log, rows, come } = await begin();
  log.freeze();
  await come(event(6), event(7, "dead"));
  stream.handlers.onCounters?.({ type: "counters", topic: "forward", head: 9, events: 2, failed: 1, sampled: 0 });
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["e5 delivered", "e4 delivered"]);
  expect(log.getView()).toMatchObject({ isFollowing: false, fresh: 4, failed: 2 });
  log.follow();
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView()).toMatchObject({ isFollowing: true, fresh: 0, failed: 0, count: 4 });
});

test("whoever pauses it is sent counts, and the rows when they go on", async () => {
  const { log, rows, come } = await begin();
  log.pause();
  expect(stream.update).toHaveBeenLastCalledWith({ filter: {}, sample: true, rows: false });
  const counters = { type: "counters", topic: "forward", head: 9, events: 4, failed: 1, sampled: 0 } as const;
  stream.handlers.onCounters?.(counters);
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView()).toMatchObject({ isFollowing: false, fresh: 4, failed: 1 });
  // After a broken connection the server counts from where rows were last sent.
  stream.handlers.onReady?.(false);
  stream.handlers.onCounters?.({ ...counters, events: 5 });
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView()).toMatchObject({ fresh: 5, failed: 1 });
  expect(rows()).toEqual(["e5 delivered", "e4 delivered"]);
  log.follow();
  expect(stream.update).toHaveBeenLastCalledWith({ filter: {}, sample: true, rows: true });
  await come(event(6));
  expect(log.getView()).toMatchObject({ isFollowing: true, fresh: 0, failed: 0, count: 3 });
});

test("what is read is kept, however much comes: from some point on it is only counted", async () => {
  const { log, come } = await begin();
  const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => event(from + index));
  await come(...many(10, 50_000));
  log.freeze();
  await vi.advanceTimersByTimeAsync(20);
  const { count } = log.getView();
  const read = log.row(49_999);
  await come(...many(60_010, 20_000));
  expect(stream.update).not.toHaveBeenCalled();
  await come(...many(80_010, 1));
  expect(stream.update).toHaveBeenLastCalledWith({ filter: {}, sample: true, rows: false });
  expect(log.getView()).toMatchObject({ count, fresh: 20_001 });
  expect(log.row(49_999)).toBe(read);
  log.follow();
  expect(stream.update).toHaveBeenLastCalledWith({ filter: {}, sample: true, rows: true });
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView().count).toBeLessThan(50_010);
});

test("what a sample leaves out is marked, and read from the store when every row is wanted", async () => {
  const { log, rows, come } = await begin();
  const outcomes = { delivered: 8, dead: 2 };
  const frame = { type: "sampled", topic: "forward", from: 6, to: 15, events: 10, shown: 1, perSecond: 10 } as const;
  log.freeze();
  await come(event(6, "dead"));
  stream.handlers.onSampled?.({ ...frame, outcomes, oneIn: 8 });
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView()).toMatchObject({ fresh: 11, failed: 3, sampled: { oneIn: 8, outcomes } });
  log.follow();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["gap", "e6 dead", "e5 delivered", "e4 delivered"]);
  stored.unshift(event(7), event(6, "dead"));
  log.setComplete(true);
  expect(stream.update).toHaveBeenCalledWith({ filter: {}, sample: false, rows: true });
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["e7 delivered", "e6 dead"]);
  expect(log.getView().sampled).toBeNull();
});

test("a lost connection and lost rows are marked", async () => {
  const { rows, come } = await begin();
  stream.handlers.onReady?.(true);
  stream.handlers.onGap?.(6, 8);
  await come(event(9));
  expect(rows()).toEqual(["e9 delivered", "gap", "reconnected", "e5 delivered", "e4 delivered"]);
  stored = [event(20)];
  stream.handlers.onReset?.(20);
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["gap", "e9 delivered", "gap", "reconnected", "e20 delivered"]);
});

test("another filter begins anew, and a page of the filter before is not taken", async () => {
  const { log, rows, come } = await begin();
  await come(event(6));
  log.loadOlder();
  stored = [event(2)];
  log.setFilter({ state: "dead" });
  expect(stream.update).toHaveBeenCalledWith({ filter: { state: "dead" }, sample: true, rows: true });
  await vi.advanceTimersByTimeAsync(20);
  expect(log.getView().status).toBe("loading");
  await vi.advanceTimersByTimeAsync(600);
  expect(rows()).toEqual(["e2 delivered"]);
  expect(list).toHaveBeenLastCalledWith({ state: "dead", limit: 100 });
});

test("a page that cannot be read is an error once, and tried again", async () => {
  list.mockRejectedValueOnce(new Error("down"));
  const { log, rows } = await begin();
  expect(log.getView()).toMatchObject({ status: "error", error: new Error("down") });
  log.retry();
  await vi.advanceTimersByTimeAsync(20);
  expect(rows()).toEqual(["e5 delivered", "e4 delivered"]);
});

test("whoever comes back sees the newest rows as they were left, until they are read anew", async () => {
  const { come, leave } = await begin();
  stream.handlers.onReady?.(true);
  await come(event(6, "queued"));
  leave();
  stored = [event(7), event(6)];
  const again = new ForwardLog(stream.live, {}, false);
  const ids = () => Array.from({ length: again.getView().count }, (_, index) => again.row(index));
  expect(again.getView().status).toBe("ready");
  expect(ids()).toEqual([event(6, "queued"), event(5), event(4)]);
  again.start();
  stream.handlers.onReady?.(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(ids()).toEqual([event(7), event(6)]);
  expect(new ForwardLog(stream.live, { target: "other" }, false).getView().status).toBe("loading");
});
