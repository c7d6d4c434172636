import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Outbox } from "../../storage/ports.ts";
import type { ForwardAlert } from "../service.ts";
import type { Timers } from "../timers.ts";
import type { TransportOptions } from "../transport.ts";
import type { transportFor } from "../transports.ts";
import type { Settler } from "./settler.ts";

/** What all queues share. */
export interface QueueParts extends TransportOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly settler: Settler;
  readonly retryMs: readonly number[];
  readonly transport: typeof transportFor;
  alert(alert: ForwardAlert): void;
  /** Asks the outbox again when the next events are due; the answer comes through `dueAgainAt`. */
  askDue(): void;
}
