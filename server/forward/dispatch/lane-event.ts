import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import type { AttemptRecord, ClaimedLane, OutboxEvent, Settlement } from "../../storage/ports.ts";
import type { Attempt, Outgoing } from "../transport.ts";

/** How an event ends without an attempt; null: it does not. */
export function endWithoutAttempt(
  event: OutboxEvent,
  { device }: ClaimedLane,
  now: number,
): Pick<Settlement, "next" | "error"> | null {
  if (event.expiresAt <= now) return { next: { state: "expired" } };
  if (event.device === null) return null;
  if (device === null) return { next: { state: "cancelled" }, error: attemptError("device-forgotten") };
  const isActive = device.isEnabled && device.disabled === null;
  return isActive ? null : { next: { state: "cancelled" }, error: attemptError("device-disabled") };
}

/** An event as a transport carries it. */
export function outgoing(event: OutboxEvent, { device }: ClaimedLane): Outgoing {
  const { id, contentType, payload, dueAt, expiresAt, user, class: of, replayedAfter } = event;
  return { id, contentType, payload, dueAt, expiresAt, user, class: of, device, replayedAfter };
}

const answers: ReadonlySet<AttemptRecord["outcome"]> = new Set(["delivered", "rejected", "aborted", "unregistered"]);

/** The target itself is in order: a refusal of one event or one device is an answer, too. */
export function isAnswer({ record, isDeviceOnly }: Attempt): boolean {
  return isDeviceOnly === true || answers.has(record.outcome);
}
