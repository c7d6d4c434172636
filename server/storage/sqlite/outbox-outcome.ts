import type { Settlement } from "../ports.ts";
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
  readonly attempt: {
    readonly attempts: number;
    readonly status: number | null;
    readonly ms: number | null;
    readonly error: string | null;
    readonly record: string;
  } | null;
}

export function outcomeOf({ seq, claim, attempt, next, at }: Settlement): Outcome {
  return {
    seq,
    claim,
    state: STATE_NUMBER[next.state],
    dueAt: "dueAt" in next ? Math.round(next.dueAt) : null,
    at,
    attempt: attempt && {
      attempts: attempt.number,
      status: attempt.status,
      ms: attempt.timing.totalMs,
      error: attempt.error,
      record: JSON.stringify(attempt),
    },
  };
}
