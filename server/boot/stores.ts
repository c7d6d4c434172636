import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { RemoteRunner } from "../forward/remote.ts";
import type { ForwardRunner } from "../forward/service.ts";
import type { Stores } from "../storage/ports.ts";
import { openSqlite } from "../storage/sqlite/client.ts";

interface ForwardOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly retryMs: readonly number[];
}

/** The stores, and the dispatcher that reaches them: in a thread of its own beside a store thread, else in this one. */
export interface Storage {
  readonly stores: Stores;
  runForward(options: ForwardOptions): Promise<ForwardRunner>;
}

/** Opens the driver. Throws StoreError. */
export async function openStores(driver: "sqlite" | "memory", directory: string): Promise<Storage> {
  if (driver === "memory") {
    // Loaded here only: otherwise the engine and the HTTP client run in threads of their own.
    const { openMemory } = await import("../storage/memory.ts");
    const { runLocally } = await import("../forward/local.ts");
    const { systemTimers } = await import("../forward/timers.ts");
    const stores = openMemory();
    return { stores, runForward: (options) => runLocally({ ...options, outbox: stores.outbox, timers: systemTimers }) };
  }
  const stores = await openSqlite({ directory });
  return {
    stores,
    runForward: async ({ log, version, retryMs }) =>
      new RemoteRunner({ log, version, retryMs, connectStore: () => stores.connect() }),
  };
}
