import type { MessagePort } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { FeedRow } from "../ports.ts";
import { listeners } from "./listeners.ts";
import type { CallMessage, Request, Response } from "./protocol.ts";
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
  /** Refuses what is pending and whatever comes, with this error. */
  fail(error: StoreError): void;
}

/** The calls of one turn of the event loop go in one message: each message costs more than most calls. */
export function remoteStore(port: MessagePort): RemoteStore {
  const pending = new Map<number, PendingCall>();
  const feed = listeners<readonly FeedRow[]>();
  let outgoing: CallMessage[] = [];
  let lastId = 0;
  let last: Promise<unknown> = Promise.resolve();
  let isFollowing = false;
  let refusal: StoreError | null = null;

  const send = (request: Request): void => port.postMessage(request);
  const flush = (): void => {
    const calls = outgoing;
    outgoing = [];
    send({ calls });
  };
  const call: Caller = (method, args) => {
    if (refusal !== null) return Promise.reject(refusal);
    const id = ++lastId;
    if (outgoing.length === 0) setImmediate(flush);
    outgoing.push([id, method, args]);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(id, { resolve, reject });
    last = promise;
    return promise;
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

  port.on("message", ({ feed: rows, replies, refusals }: Response) => {
    if (rows.length > 0) feed.tell(rows);
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
    onFeed: (listener) => {
      if (!isFollowing) send({ calls: [], follow: true });
      isFollowing = true;
      return feed.add(listener);
    },
  };
}
