import type { MessagePort } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { ClaimedLane, FeedRow } from "../ports.ts";
import { listeners, type Listeners } from "./listeners.ts";
import type { CallMessage, Hears, Request, Response } from "./protocol.ts";
import type { Caller } from "./stores.ts";

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** This thread's end of a port to a store thread. */
export interface RemoteStore {
  readonly call: Caller;
  /** Settles when every call made until now has been answered. */
  answered(): Promise<void>;
  onFeed(listener: (rows: readonly FeedRow[]) => void): () => void;
  onQueued(listener: (targets: readonly string[]) => void): () => void;
  onClaimed(listener: (lanes: readonly ClaimedLane[]) => void): () => void;
  /** Refuses what is pending and whatever comes, with this error. */
  fail(error: StoreError): void;
}

/** A list that is worth a message of its own. */
const large = 64;

/**
 * The calls of one turn of the event loop go in one message: each message costs more than most calls. One that carries much
 * goes at once, with those before it: what stays in memory for the rest of a busy turn is copied by the collector.
 */
export function remoteStore(port: MessagePort): RemoteStore {
  const pending = new Map<number, PendingCall>();
  const feed = listeners<readonly FeedRow[]>();
  const queued = listeners<readonly string[]>();
  const claimed = listeners<readonly ClaimedLane[]>();
  let outgoing: CallMessage[] = [];
  let lastId = 0;
  let last: Promise<unknown> = Promise.resolve();
  let hears: Hears = { feed: false, queued: false, claimed: false };
  let refusal: StoreError | null = null;

  const send = (request: Request): void => port.postMessage(request);
  const flush = (): void => {
    const calls = outgoing;
    if (calls.length === 0) return;
    outgoing = [];
    send({ calls });
  };
  const answerTo = (id: number): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(id, { resolve, reject });
    last = promise;
    return promise;
  };
  const call: Caller = (method, args) => {
    if (refusal !== null) return Promise.reject(refusal);
    const id = ++lastId;
    if (outgoing.length === 0) setImmediate(flush);
    outgoing.push([id, method, args]);
    if (isLarge(args)) flush();
    return answerTo(id);
  };
  /** Tells the store thread what to send. Whoever reads after the next `answered` misses nothing that is not told. */
  const tune = (): void => {
    const now = { feed: !feed.isEmpty, queued: !queued.isEmpty, claimed: !claimed.isEmpty };
    const isSame = now.feed === hears.feed && now.queued === hears.queued && now.claimed === hears.claimed;
    if (refusal !== null || isSame) return;
    hears = now;
    const id = ++lastId;
    send({ calls: [], hears: { ...now, id } });
    answerTo(id).catch(() => undefined);
  };
  const listen = <Event>({ add }: Listeners<Event>, listener: (event: Event) => void): (() => void) => {
    const leave = add(listener);
    tune();
    return () => {
      leave();
      tune();
    };
  };
  const answered = async (): Promise<void> => {
    // A port keeps order, so the answer to the last call is the last.
    await last.catch(() => undefined);
  };

  const fail = (error: StoreError): void => {
    refusal ??= error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };

  port.on("message", ({ feed: rows, queued: targets, claimed: lanes, replies, refusals }: Response) => {
    if (rows.length > 0) feed.tell(rows);
    if (targets.length > 0) queued.tell(targets);
    if (lanes.length > 0) claimed.tell(lanes);
    for (const [id, value] of replies) {
      pending.get(id)?.resolve(value);
      pending.delete(id);
    }
    for (const [id, code, message] of refusals) {
      pending.get(id)?.reject(new StoreError(code, message));
      pending.delete(id);
    }
  });
  port.on("close", () => fail(new StoreError("closed", "the store thread has ended")));

  return {
    call,
    answered,
    fail,
    onFeed: (listener) => listen(feed, listener),
    onQueued: (listener) => listen(queued, listener),
    onClaimed: (listener) => listen(claimed, listener),
  };
}

function isLarge([first]: readonly unknown[]): boolean {
  return Array.isArray(first) && first.length >= large;
}
