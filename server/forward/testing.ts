import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebhookTarget } from "../../lib/contracts/forward-target.ts";
import { manualClock, type Clock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { openMemory } from "../storage/memory.ts";
import type { NewOutboxEvent, OutboxState, Stores } from "../storage/ports.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatch/dispatcher.ts";
import { defaultRetryMs } from "./dispatch/retry.ts";
import { newEventId } from "./event-id.ts";
import type { ForwardAlert, ResolvedTarget, ResolvedWebhook } from "./service.ts";
import type { Timers } from "./timers.ts";

/** A clock and alarms that go only when told. */
export interface ManualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Moves the time and fires, in order, the alarms that it passes; what they start runs until it waits for the network. */
  advance(ms: number): Promise<void>;
}

export function manualTime(): ManualTime {
  const clock = manualClock();
  const alarms = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    clock,
    timers: {
      after(ms, task) {
        const alarm = { at: clock.now() + ms, task };
        alarms.add(alarm);
        return () => alarms.delete(alarm);
      },
    },
    async advance(ms) {
      const end = clock.now() + ms;
      for (;;) {
        const [next] = [...alarms].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        alarms.delete(next);
        clock.advance(Math.max(0, next.at - clock.now()));
        next.task();
        await nextTurn();
      }
      clock.advance(end - clock.now());
    },
  };
}

/** A request as a web server saw it. */
export interface SeenRequest {
  readonly id: string;
  readonly attempt: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Ends it: a status with headers and body. */
  answer(status: number, headers?: Record<string, string>, body?: string): void;
  /** Drops the connection. */
  reset(): void;
}

/** A web server that keeps every request and answers as `behave` says. */
export interface Sink {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Most requests that were open at once. */
  readonly peak: number;
  behave: (request: SeenRequest) => void;
  /** Resolves when `count` requests have come in all. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startSink(
  behave: (request: SeenRequest) => void = (request) => request.answer(200),
): Promise<Sink> {
  const seen: SeenRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let open = 0;
  let peak = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = seenRequest(request, response, await text(request));
    seen.push(one);
    sink.behave(one);
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
  };
  const server = createServer((request, response) => {
    open += 1;
    peak = Math.max(peak, open);
    response.on("close", () => {
      open -= 1;
    });
    void take(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sink: Sink = {
    url: `http://127.0.0.1:${port}/hook`,
    seen,
    get peak() {
      return peak;
    },
    behave,
    received: (count) =>
      seen.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return sink;
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += String(chunk);
  return body;
}

function seenRequest({ headers }: IncomingMessage, response: ServerResponse, body: string): SeenRequest {
  return {
    id: String(headers["webhook-id"]),
    attempt: Number(headers["x-forward-attempt"]),
    headers,
    body,
    answer: (status, more = {}, answer = "") => response.writeHead(status, more).end(answer),
    reset: () => response.socket?.destroy(),
  };
}

export function targetFor(url: string, settings: Partial<ResolvedWebhook> = {}): ResolvedWebhook {
  const { signing = null, ...target } = settings;
  return { ...WebhookTarget.parse({ url, allowPrivate: true, ...target }), signing };
}

/** Stores in memory, a dispatcher and the time they live in. */
export interface Bench {
  readonly time: ManualTime;
  readonly stores: Stores;
  readonly alerts: readonly ForwardAlert[];
  readonly dispatcher: Dispatcher;
  /** Starts another dispatcher on the same outbox, as after a crash. */
  restart(): Promise<Dispatcher>;
  /** Commits one event for each body, in this order, and wakes the dispatcher. Answers with their ids. */
  enqueue(lane: string, bodies: readonly string[], more?: Partial<NewOutboxEvent>): Promise<string[]>;
  /** Resolves when the event has been seen in this state. */
  reached(id: string, state: OutboxState): Promise<void>;
  close(): Promise<void>;
}

export async function startBench(
  targets: Readonly<Record<string, ResolvedTarget>>,
  more: Pick<DispatcherOptions, "transport" | "resolve"> = {},
): Promise<Bench> {
  const time = manualTime();
  const stores = openMemory({ now: time.clock.now });
  const alerts: ForwardAlert[] = [];
  const states = new Map<string, Set<OutboxState>>();
  const waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];
  stores.onFeed((rows) => {
    for (const row of rows) {
      if (row.feed !== "forward") continue;
      const passed = states.get(row.event.id) ?? new Set();
      states.set(row.event.id, passed.add(row.event.state));
    }
    for (const { isReached, resolve } of waiting) if (isReached()) resolve();
  });
  const start = async (): Promise<Dispatcher> => {
    const dispatcher = await Dispatcher.start({
      outbox: stores.outbox,
      ...time,
      ...more,
      log: silentLog,
      version: "0.0.0",
      retryMs: defaultRetryMs,
      publish: () => Promise.resolve({ kind: "timeout" }),
      alert: (alert) => alerts.push(alert),
    });
    dispatcher.configure(new Map(Object.entries(targets)));
    return dispatcher;
  };
  let dispatcher = await start();
  stores.onClaimed((lanes) => dispatcher.taken(lanes));
  return {
    time,
    stores,
    alerts,
    get dispatcher() {
      return dispatcher;
    },
    restart: async () => (dispatcher = await start()),
    enqueue: async (lane, bodies, more = {}) => {
      const now = time.clock.now();
      const events = bodies.map((payload) => newEvent(lane, payload, now, more));
      await Promise.all(events.map((event) => commitEvent(stores, event)));
      dispatcher.wake();
      return events.map(({ id }) => id);
    },
    reached: (id, state) => {
      const isReached = (): boolean => states.get(id)?.has(state) === true;
      return isReached() ? Promise.resolve() : new Promise((resolve) => waiting.push({ isReached, resolve }));
    },
    close: async () => {
      await dispatcher.close();
      await stores.close();
    },
  };
}

/** An event for `lane@example.org`, due at `now`. */
export function newEvent(
  lane: string,
  payload: string,
  now: number,
  more: Partial<NewOutboxEvent> = {},
): NewOutboxEvent {
  return {
    id: newEventId(),
    target: "hook",
    rule: "all",
    lane: `${lane}@example.org`,
    host: "example.org",
    user: `${lane}@example.org`,
    from: "romeo@example.org/orchard",
    type: "chat",
    contentType: "text/plain",
    payload,
    createdAt: now,
    dueAt: now,
    expiresAt: now + 259_200_000,
    maxAttempts: 12,
    class: "chat",
    cancelOn: "never",
    maxWaiting: 1_000_000,
    maxWaitingPerRecipient: 1_000,
    ...more,
  };
}

export async function commitEvent(stores: Stores, event: NewOutboxEvent): Promise<void> {
  const [local = "", host = ""] = event.user.split("@");
  const unit = { host, local, message: null, maxMessages: 100, maxBytes: 1_000_000, forwards: [event] };
  await stores.offline.commit(unit);
}
