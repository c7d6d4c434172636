import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Outbox } from "../storage/ports.ts";
import type { Timers } from "./timers.ts";

const dayMs = 86_400_000;
/** How long finished events are kept: those that are dead, and the others. */
export const keepDeadMs = 30 * dayMs;
export const keepDoneMs = 7 * dayMs;
const roundMs = 600_000;
const stepPauseMs = 50;
const stepLimit = 500;

/** Deletes finished events when they are old: a step at a time, so that no commit is held up. The function returned ends it. */
export function keepOutboxSmall(outbox: Outbox, clock: Clock, timers: Timers, log: Log): () => void {
  let cancel = (): void => {};
  let isStopped = false;
  const step = async (): Promise<void> => {
    let pauseMs = roundMs;
    try {
      const now = clock.now();
      const removed = await outbox.prune(now - keepDoneMs, now - keepDeadMs, stepLimit);
      if (removed >= stepLimit) pauseMs = stepPauseMs;
    } catch (error) {
      log.warn("old events cannot be deleted", { error: String(error) });
    }
    if (!isStopped) cancel = timers.after(pauseMs, () => void step());
  };
  cancel = timers.after(roundMs, () => void step());
  return () => {
    isStopped = true;
    cancel();
  };
}
