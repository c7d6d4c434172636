import type { RawData, WebSocket } from "ws";
import { LiveRequest, type LiveFrame, type Topic } from "../../lib/contracts/events.ts";
import type { Caller } from "./caller.ts";
import { type Feed, type LiveRow, liveRow } from "./live-feed.ts";
import type { Subscribe } from "./live-filter.ts";
import { Subscription, type Outlet } from "./live-subscription.ts";

/** What viewers need of the live stream as a whole. */
export interface Stage {
  /** Who the viewer is by now; nobody after a revocation. */
  identify(): Promise<Caller>;
  /** Why this caller may not follow a topic; null: go ahead. */
  refusal(topic: Topic, caller: Caller): string | null;
  feed(topic: Topic): Feed | null;
  /** The watch of traffic goes on, and is this caller's. */
  isWatch(watch: string | undefined, caller: Caller): boolean;
  /** Topics somebody follows have changed. */
  changed(): void;
}

interface Queued {
  readonly topic: Topic | null;
  readonly json: string;
}

const batchMs = 50;
/** Above 200 rows a second: fewer frames, each with more in it. */
const busyBatchMs = 100;
const busyBatchRows = 10;
const settleMs = 500;
const recheckMs = 2_000;
const maxQueued = 5_000;
const maxQueuedBytes = 2 * 1024 * 1024;
const maxBuffered = 1024 * 1024;
const batchRows = 500;
const maxRequests = 60;

export const closeCodes = { unauthenticated: 4401, tooManyRequests: 4429 };

/**
 * One WebSocket. Frames leave in arrays, at most every 50 ms (100 ms while much comes) and only while there is something; a viewer that does not
 * read costs a bounded queue. Who it is is asked again at most every two seconds while frames leave.
 */
export class Viewer implements Outlet {
  caller: Caller;
  readonly #socket: WebSocket;
  readonly #stage: Stage;
  readonly #subscriptions = new Map<Topic, Subscription>();
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #lastBatch = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerIsSlow = false;
  #checkedAt = performance.now();
  #isChecking = false;
  #mustCheckAgain = false;
  #settledAt = 0;
  #waiting: ((isOpen: boolean) => void)[] = [];
  #requests = 0;
  #isAlive = true;
  #isClosed = false;

  constructor(socket: WebSocket, caller: Caller, stage: Stage) {
    this.#socket = socket;
    this.#stage = stage;
    this.caller = caller;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("pong", () => {
      this.#isAlive = true;
    });
  }

  follows(topic: Topic): boolean {
    return this.#subscriptions.has(topic);
  }

  /** The watch of traffic that it follows. */
  get watch(): string | undefined {
    return this.#subscriptions.get("stanzas")?.watch;
  }

  /** The watch is over. */
  endWatch(): void {
    this.#end("stanzas");
    this.tell({ type: "reset", topic: "stanzas", oldest: 0 });
  }

  take(topic: Topic, rows: readonly LiveRow[]): void {
    this.#subscriptions.get(topic)?.take(rows);
  }

  /** Says something that is no event; it always fits. */
  tell(frame: LiveFrame): void {
    this.#enqueue({ topic: "topic" in frame ? frame.topic : null, json: JSON.stringify(frame) });
    this.#schedule(batchMs);
  }

  push(topic: Topic, json: string): boolean {
    if (this.#queue.length >= maxQueued || this.#queuedBytes >= maxQueuedBytes) return false;
    this.#enqueue({ topic, json });
    this.#schedule(this.#batchMs);
    return true;
  }

  ready(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    if (this.#hasRoom) return Promise.resolve(true);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  nudge(): void {
    this.#schedule(settleMs);
  }

  /** Every 30 seconds: a viewer that did not answer the last ping is gone. */
  beat(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#requests = 0;
    this.#socket.ping();
    this.recheck();
  }

  /** Asks again who this is and what it may follow. */
  recheck(): void {
    if (this.#isClosed) return;
    // What is being asked may be older than what made somebody ask again.
    this.#mustCheckAgain = this.#isChecking;
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#stage.identify().then(
      (caller) => this.#checked(caller),
      () => this.#socket.close(1011, "the store does not answer"),
    );
  }

  closed(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#queue = [];
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #checked(caller: Caller): void {
    this.#isChecking = false;
    this.#checkedAt = performance.now();
    const isOther = rightsOf(caller) !== rightsOf(this.caller);
    this.caller = caller;
    if (this.#isClosed) return;
    if (caller.kind === "nobody") {
      this.#queue = [];
      this.#socket.close(closeCodes.unauthenticated, "the session has ended");
      return;
    }
    // What may be done has changed: pages show other buttons now.
    if (isOther) this.take("changed", [rightsChanged]);
    for (const topic of [...this.#subscriptions.keys()]) {
      const reason = this.#stage.refusal(topic, caller);
      if (reason !== null) this.#drop(topic, reason);
    }
    if (this.#mustCheckAgain) this.recheck();
    else this.#flush();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#requests += 1;
    if (this.#requests > maxRequests) {
      this.#socket.close(closeCodes.tooManyRequests, "too many requests");
      return;
    }
    const request = isBinary ? undefined : parse(data);
    if (request === undefined) this.tell({ type: "error", message: "This is not a request of the live stream." });
    else if (request.type === "subscribe") this.#subscribe(request);
    else if (request.type === "unsubscribe") this.#end(request.topic);
    else this.tell({ type: "pong" });
  }

  #subscribe(request: Subscribe): void {
    const { topic } = request;
    const reason = this.#stage.refusal(topic, this.caller);
    if (reason !== null) {
      this.tell({ type: "error", message: reason });
      return;
    }
    this.#end(topic);
    if (topic === "stanzas" && !this.#stage.isWatch(request.watch, this.caller)) {
      this.endWatch();
      return;
    }
    const subscription = new Subscription(this, request, this.#stage.feed(topic));
    this.#subscriptions.set(topic, subscription);
    this.#stage.changed();
    subscription.start().catch(() => {
      if (this.#subscriptions.get(topic) === subscription)
        this.#drop(topic, `The topic ${topic} cannot be read just now.`);
    });
  }

  #drop(topic: Topic, reason: string): void {
    this.#end(topic);
    this.tell({ type: "error", message: reason });
  }

  #end(topic: Topic): void {
    this.#subscriptions.get(topic)?.end();
    if (!this.#subscriptions.delete(topic)) return;
    // What is still queued would come again, or too late, with the next subscription.
    this.#queue = this.#queue.filter((queued) => queued.topic !== topic);
    this.#queuedBytes = sizeOf(this.#queue);
    this.#stage.changed();
  }

  #enqueue(queued: Queued): void {
    this.#queue.push(queued);
    this.#queuedBytes += queued.json.length;
  }

  #schedule(ms: number): void {
    const isSlow = ms === settleMs;
    if (this.#isClosed || (this.#timer !== null && (isSlow || !this.#timerIsSlow))) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerIsSlow = isSlow;
    this.#timer = setTimeout(this.#flush, ms);
  }

  readonly #flush = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Nothing leaves while it is open who this is; the answer comes back here.
    if (this.#isClosed || this.#isChecking) return;
    if (performance.now() - this.#checkedAt > recheckMs) {
      this.recheck();
      return;
    }
    // The callback of the write that fills the buffer comes back here when it has left.
    if (this.#socket.bufferedAmount > maxBuffered) return;
    const batch = this.#queue.splice(0, batchRows);
    if (this.#queue.length === 0) batch.push(...this.#settle(batch.length === 0));
    this.#lastBatch = batch.length;
    if (batch.length === 0) return;
    const texts = batch.map(({ json }) => json);
    this.#queuedBytes = this.#queue.length === 0 ? 0 : this.#queuedBytes - sizeOf(batch);
    this.#socket.send(`[${texts.join(",")}]`, this.#sent);
  };

  readonly #sent = (): void => {
    if (this.#isClosed || this.#socket.bufferedAmount > maxBuffered) return;
    if (this.#hasRoom) for (const resolve of this.#waiting.splice(0)) resolve(true);
    this.#schedule(this.#queue.length > 0 ? this.#batchMs : settleMs);
  };

  // A queue that is longer than one batch is behind already.
  get #batchMs(): number {
    return this.#lastBatch > busyBatchRows && this.#queue.length < batchRows ? busyBatchMs : batchMs;
  }

  // The catch-up stops at half, so that what happens meanwhile still fits.
  get #hasRoom(): boolean {
    return this.#queue.length < maxQueued / 2 && this.#queuedBytes < maxQueuedBytes / 2;
  }

  /** Gaps and counters come after everything that was queued before them, and not with every batch. */
  #settle(isIdle: boolean): Queued[] {
    const now = performance.now();
    if (!isIdle && now - this.#settledAt < settleMs) return [];
    this.#settledAt = now;
    return [...this.#subscriptions].flatMap(([topic, subscription]) =>
      subscription.settle().map((frame) => ({ topic, json: JSON.stringify(frame) })),
    );
  }
}

const rightsChanged = liveRow({
  topic: "changed",
  id: 0,
  data: { resource: "console-sessions", key: null, by: null },
});

function rightsOf({ grants, mustEnrol }: Caller): string {
  return JSON.stringify([grants, mustEnrol]);
}

function sizeOf(batch: readonly Queued[]): number {
  return batch.reduce((sum, { json }) => sum + json.length, 0);
}

function parse(data: RawData): LiveRequest | undefined {
  // Anything else is for other binary types than the default.
  if (!Buffer.isBuffer(data)) return undefined;
  try {
    return LiveRequest.safeParse(JSON.parse(data.toString())).data;
  } catch {
    return undefined;
  }
}
