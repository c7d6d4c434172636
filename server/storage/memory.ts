import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./errors.ts";
import type { ClaimedLane, FeedRow, Stores } from "./ports.ts";
import { engineOn, maxBatch, type Call } from "./sqlite/engine.ts";
import { listeners } from "./sqlite/listeners.ts";
import { migrate } from "./sqlite/migrations/index.ts";
import { portsOver } from "./sqlite/stores.ts";

export interface MemoryStores extends Stores {
  /** For a dispatcher in the same thread: there is no port to connect to, it shares these stores. */
  connect(): Stores;
}

interface PendingCall extends Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * Stores that end with the process: the SQL of the `sqlite` driver on a database in memory, in the calling thread
 * (docs/adr/0002-memory-driver-is-sqlite.md). As there, calls of one tick are one transaction and resolve later.
 */
export function openMemory(options: { readonly now?: () => number } = {}): MemoryStores {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  const engine = engineOn(db, options.now ?? Date.now);
  const feed = listeners<readonly FeedRow[]>();
  const queued = listeners<readonly string[]>();
  const claimed = listeners<readonly ClaimedLane[]>();
  const failure = listeners<Error>();
  let queue: PendingCall[] = [];
  let isScheduled = false;
  let isClosed = false;

  const runQueue = (): void => {
    isScheduled = false;
    const calls = queue;
    queue = [];
    for (let start = 0; start < calls.length; start += maxBatch) runBatch(calls.slice(start, start + maxBatch));
  };
  const runBatch = (calls: readonly PendingCall[]): void => {
    const result = engine.run(calls, !feed.isEmpty, !claimed.isEmpty);
    const { lanes, left } = result.claimed;
    if (result.feed.length > 0) feed.tell(result.feed);
    if (left.length > 0) queued.tell(left);
    if (lanes.length > 0) claimed.tell(lanes);
    for (const [index, call] of calls.entries()) {
      const outcome = result.outcomes[index];
      if (outcome === undefined) continue;
      if ("error" in outcome) call.reject(outcome.error);
      else call.resolve(outcome.value);
    }
    if (result.broken !== null) failure.tell(result.broken);
  };

  const stores: MemoryStores = {
    ...portsOver((method, args) => {
      if (isClosed) return Promise.reject(new StoreError("closed", "the store is closed"));
      if (!isScheduled) {
        isScheduled = true;
        queueMicrotask(runQueue);
      }
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      queue.push({ method, args, resolve, reject });
      return promise;
    }),
    onFeed: feed.add,
    onQueued: queued.add,
    onClaimed: claimed.add,
    onFailure: failure.add,
    connect: () => stores,
    close: () => {
      if (!isClosed) {
        isClosed = true;
        runQueue();
        db.close();
      }
      return Promise.resolve();
    },
  };
  return stores;
}
