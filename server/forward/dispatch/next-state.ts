import type { OutboxEvent, Settlement } from "../../storage/ports.ts";
import type { Attempt } from "../transport.ts";
import { judge, retryDelayMs } from "./retry.ts";

/** What the queue knows besides the attempt. */
export interface Circumstances {
  readonly now: number;
  /** When an open breaker lets the next probe through; null: it is closed. */
  readonly heldUntil: number | null;
  readonly isProbe: boolean;
  readonly retryMs: readonly number[];
}

/** Where an event stands after an attempt. */
export function nextState(
  event: OutboxEvent,
  { record, retryAfterMs, isFinal, isDeviceOnly }: Attempt,
  { now, heldUntil, isProbe, retryMs }: Circumstances,
): Settlement["next"] {
  const spent = record.number - (event.replayedAfter ?? 0);
  const verdict = judge({ ...record, isFinal, isDeviceOnly }, spent, event.maxAttempts, event.status);
  if (verdict.kind === "delivered") return { state: "delivered" };
  if (verdict.kind === "dead") return { state: "dead" };
  if (verdict.kind === "hold") return { state: "held", dueAt: now, isFree: true };
  // An outage of the target is not the event's fault: while the breaker is not closed, no event is used up by probing.
  if (verdict.isLast && !(isProbe && heldUntil !== null)) return { state: "dead" };
  const dueAt = heldUntil ?? now + retryDelayMs(retryMs, spent, retryAfterMs);
  if (dueAt >= event.expiresAt) return { state: "dead" };
  return { state: heldUntil === null ? "retrying" : "held", dueAt };
}
