import type { BreakerState } from "../../lib/contracts/forward.ts";
import type { ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import type { AttemptRecord } from "../storage/ports.ts";
import type { SigningSecrets } from "./signing-secrets.ts";
import type { z } from "zod";

/** A target as the dispatcher uses it: secrets are the real ones, never the mask of the policy document. */
export interface ResolvedTarget extends Readonly<ForwardTarget> {
  /** null: its requests are not signed. */
  readonly signing: SigningSecrets | null;
}

/** What only the dispatcher knows about a target; the rest comes from `Outbox.stats`. */
export interface TargetState {
  readonly breaker: z.infer<typeof BreakerState>;
  /** When an open breaker lets the next probe through; null when it is closed. */
  readonly breakerUntil: number | null;
  readonly inFlight: number;
  /** Attempts that may be open at once just now, between 1 and the target's `concurrency`. */
  readonly limit: number;
}

/**
 * What an operator has to know about a target.
 *
 * - `failing`, `recovered`: its breaker opened, or closed again.
 * - `gone`: it answered 410; its queue is held until it is released or changed.
 * - `blocked`: its address is refused by the guard; its events are dead at once.
 */
export interface ForwardAlert {
  readonly kind: "failing" | "recovered" | "gone" | "blocked";
  readonly target: string;
  readonly detail: string;
}

/** The answer to a test: the attempt, and the body that was sent. Tests leave no trace in the outbox. */
export interface TestResult extends AttemptRecord {
  readonly payload: string;
}

/** The running dispatcher, in this thread (`local.ts`) or one of its own (`remote.ts`). */
export interface ForwardRunner {
  /** Something was committed for these targets (all when left out), or made due by hand. Cheap; calls are joined. */
  wake(targets?: Iterable<string>): void;
  /** The targets in force. Events of a target that is missing keep their place; attempts under way are finished. */
  configure(targets: ReadonlyMap<string, ResolvedTarget>): void;
  /** Sends one marked test event with these settings, stored or not. Never rejects because of the target. */
  test(name: string, target: ResolvedTarget): Promise<TestResult>;
  health(): Promise<ReadonlyMap<string, TargetState>>;
  onAlert(listener: (alert: ForwardAlert) => void): () => void;
  /** Waits for the attempts under way (5 s at most), gives claimed lanes back and ends. */
  close(): Promise<void>;
}

/** Forwarding as the rest of the server sees it: it follows the policy by itself (`start.ts`). */
export interface ForwardService extends Omit<ForwardRunner, "configure"> {
  /** Takes over secrets that were stored without a change of the policy. */
  reload(): Promise<void>;
}
