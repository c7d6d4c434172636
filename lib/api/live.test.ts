import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveFrame, LiveRequest, Topic } from "../contracts/events.ts";
import { LiveStream } from "./live.ts";

/** A socket of the browser, with what was sent over it. */
class FakeSocket {
  static readonly OPEN = 1;
  readonly readyState = FakeSocket.OPEN;
  readonly asked: LiveRequest[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    sockets.push(this);
  }

  send(text: string): void {
    this.asked.push(JSON.parse(text) as LiveRequest);
  }

  close(): void {
    this.onclose?.();
  }

  /** The server lets it in, and grants each topic. */
  open(): void {
    this.onopen?.();
    this.say({ type: "hello", version: "1", startedAt: "2026-11-22T17:00:00.000Z" });
  }

  say(...frames: LiveFrame[]): void {
    this.onmessage?.({ data: JSON.stringify(frames) });
  }

  grant(topic: Topic, head: number): void {
    this.say({ type: "subscribed", topic, head, oldest: 1 });
  }
}

const sockets: FakeSocket[] = [];
const page = Object.assign(new EventTarget(), { hidden: false });
let live: LiveStream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", page);
  vi.stubGlobal("location", { origin: "http://chat.example" });
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("removeEventListener", vi.fn());
  live = new LiveStream();
  live.start();
});
afterEach(() => {
  live.stop();
  sockets.splice(0);
  page.hidden = false;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const change = (id: number): LiveFrame => ({
  type: "event",
  event: { topic: "changed", id, data: { resource: "users", key: null, by: null } },
});

function show(isShown: boolean): void {
  page.hidden = !isShown;
  page.dispatchEvent(new Event("visibilitychange"));
}

test("a tab that nobody sees is told of forwards by counts, and goes on where its rows ended", () => {
  const [socket] = sockets;
  const counters = vi.fn<(frame: LiveFrame) => void>();
  live.subscribe("forward", { onEvents() {}, onCounters: counters }, { sample: true });
  live.subscribe("changed", { onEvents() {} });
  socket!.open();
  socket!.grant("forward", 7);
  socket!.asked.splice(0);

  show(false);
  const subscribe = { type: "subscribe", topic: "forward", sample: true, since: 7 };
  expect(socket!.asked).toEqual([{ ...subscribe, rows: false }]);
  socket!.say({ type: "counters", topic: "forward", head: 40, events: 33, failed: 2, sampled: 0 });
  expect(counters).toHaveBeenCalledOnce();
  show(true);
  expect(socket!.asked).toEqual([
    { ...subscribe, rows: false },
    { ...subscribe, rows: true },
  ]);
});

test("after a lost connection each topic goes on from the last event that was seen", () => {
  const events: number[] = [];
  const ready = vi.fn<(resumed: boolean) => void>();
  live.subscribe("changed", { onEvents: (some) => events.push(...some.map(({ id }) => id)), onReady: ready });
  const [first] = sockets;
  first!.open();
  first!.grant("changed", 3);
  first!.say(change(4), change(5));
  expect([events, ready.mock.calls]).toEqual([[4, 5], [[false]]]);

  first!.close();
  expect(live.getState()).toMatchObject({ status: "waiting", lostAt: Date.now() });
  vi.advanceTimersToNextTimer();
  const second = sockets[1]!;
  second.open();
  expect(second.asked).toMatchObject([{ topic: "changed", since: 5 }]);
  second.grant("changed", 9);
  expect(ready).toHaveBeenLastCalledWith(true);
  expect(live.getState()).toMatchObject({ status: "open", lostAt: null });
});

test("a gap and a sample move the cursor, too", () => {
  const [socket] = sockets;
  const subscription = live.subscribe("forward", { onEvents() {} });
  socket!.open();
  socket!.grant("forward", 7);
  const cursor = (): number | undefined => {
    subscription.update({});
    const last = socket!.asked.at(-1);
    return last?.type === "subscribe" ? last.since : undefined;
  };
  socket!.say({ type: "gap", topic: "forward", from: 8, to: 20 });
  expect(cursor()).toBe(20);
  const sampled = { type: "sampled", topic: "forward", events: 10, shown: 1, outcomes: {}, perSecond: 900 } as const;
  socket!.say({ ...sampled, from: 21, to: 30, oneIn: 9 });
  expect(cursor()).toBe(30);
});

test("a connection that is silent is given up", () => {
  const [socket] = sockets;
  socket!.open();
  vi.advanceTimersByTime(50_000);
  expect(socket!.asked.filter(({ type }) => type === "ping")).toHaveLength(2);
  vi.advanceTimersByTime(25_000);
  expect(live.getState().status).toBe("waiting");
});
