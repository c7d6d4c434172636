import type { DeviceNews, Settlement } from "../ports.ts";
import { STATE_NUMBER } from "./outbox-state.ts";

/** A settlement as it goes to the store thread: the record of the attempt is text already, and is written as it is. */
export interface Outcome {
  readonly seq: number;
  readonly claim: string;
  /** By its number in the store. */
  readonly state: number;
  /** null: as before. */
  readonly dueAt: number | null;
  readonly at: number;
  /** Why, where no attempt says it; null: as before. */
  readonly error: string | null;
  readonly attempt: {
    readonly attempts: number;
    /** In the log only. */
    readonly isFree: boolean;
    readonly status: number | null;
    readonly ms: number | null;
    readonly error: string | null;
    readonly providerId: string | null;
    readonly record: string;
  } | null;
  readonly device: DeviceNews | null;
}

export function outcomeOf({ seq, claim, attempt, next, at, error, device }: Settlement): Outcome {
  return {
    seq,
    claim,
    state: STATE_NUMBER[next.state],
    dueAt: "dueAt" in next ? Math.round(next.dueAt) : null,
    at,
    error: error ?? null,
    attempt: attempt && {
      attempts: attempt.number,
      isFree: "isFree" in next && next.isFree,
      status: attempt.status,
      ms: attempt.timing.totalMs,
      error: attempt.error,
      providerId: attempt.providerId,
      record: JSON.stringify(attempt),
    },
    device: device ?? null,
  };
}
