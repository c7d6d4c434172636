import type { z } from "zod";
import type { DeviceTarget, WebhookTarget } from "../../lib/contracts/forward-target.ts";
import type { BreakerState } from "../../lib/contracts/forward.ts";
import type { AttemptRecord, DeviceRow } from "../storage/ports.ts";
import type { Publish, TestOptions } from "./transport.ts";
import type { Vault } from "./vault.ts";
import type { SigningSecrets } from "./webhook/signing-secrets.ts";

export interface ResolvedWebhook extends Readonly<WebhookTarget> {
  /** null: its requests are not signed. */
  readonly signing: SigningSecrets | null;
}
/** A target as the dispatcher uses it: secrets are the real ones, never the mask of the policy document. */
export type ResolvedTarget = ResolvedWebhook | Readonly<DeviceTarget>;

/** What only the dispatcher knows about a target; the rest comes from `Outbox.stats`. */
export interface TargetState {
  readonly breaker: z.infer<typeof BreakerState>;
  /** When an open breaker lets the next probe through; null when it is closed. */
  readonly breakerUntil: number | null;
  readonly inFlight: number;
  /** Attempts that may be open at once just now, between 1 and the target's `concurrency`. */
  readonly limit: number;
  /** Since when the breaker has not been closed. */
  readonly failingSince: number | null;
  /** The failure that was seen last since then; empty otherwise. */
  readonly failingReason: string;
  /** The provider refuses the settings: nothing is attempted until they are changed, or the target is released. */
  readonly fault: { readonly since: number; readonly detail: string } | null;
  /** It answered 410, and has not been released since. */
  readonly goneSince: number | null;
  /** The guard refuses its address. */
  readonly blocked: { readonly since: number; readonly detail: string } | null;
  /** Attempts by outcome since the dispatcher began. */
  readonly attempts: ReadonlyMap<AttemptRecord["outcome"], number>;
  /** Unusually many devices turned out to be unregistered; null: not within the last hour. */
  readonly pruning: { readonly since: number; readonly devices: number } | null;
}

/**
 * What an operator has to know about a target.
 *
 * - `failing`, `recovered`: its breaker opened, or closed again.
 * - `gone`: it answered 410; its queue is held until it is released or changed.
 * - `blocked`: its address is refused by the guard; its events are dead at once.
 * - `misconfigured`: the provider refuses the settings themselves; its queue is held until they change.
 * - `pruning`: the provider says of unusually many devices that they are gone.
 */
export interface ForwardAlert {
  readonly kind: "failing" | "recovered" | "gone" | "blocked" | "misconfigured" | "pruning";
  readonly target: string;
  readonly detail: string;
}

/** The answer to a test: the attempt, and the body that was sent. Tests leave no trace in the outbox. */
export interface TestResult extends AttemptRecord {
  readonly payload: string;
}

/** The running dispatcher, in this thread (`local.ts`) or one of its own (`remote.ts`). */
export interface ForwardRunner {
  /** Waiting times after the first, second, … failed attempt; the last one repeats. */
  readonly retryMs: readonly number[];
  /** Something was committed for these targets (all when left out), or made due by hand. Cheap; calls are joined. */
  wake(targets?: Iterable<string>): void;
  /** The store has told of commits for these targets: {@link wake}, for whoever does not hear the store itself. */
  queued(targets: readonly string[]): void;
  /** The targets in force. Events of a target that is missing keep their place; attempts under way are finished. */
  configure(targets: ReadonlyMap<string, ResolvedTarget>): void;
  /**
   * Sends one marked test event with these settings, stored or not; to `device` if the target is none of a web server. Never
   * rejects because of the target.
   */
  test(name: string, target: ResolvedTarget, device: DeviceRow | null, options?: TestOptions): Promise<TestResult>;
  /** Attempts again what is held because of the target itself: its settings were refused, it was gone, it failed. */
  release(target: string): void;
  health(): Promise<ReadonlyMap<string, TargetState>>;
  onAlert(listener: (alert: ForwardAlert) => void): () => void;
  /** Who sends publishes to app servers. Without anybody they time out. */
  onPublish(handler: Publish): void;
  /** Where the secrets are kept that the dispatcher makes itself. Without one they end with it. */
  useVault(vault: Vault): void;
  /** Waits for the attempts under way (5 s at most), gives claimed lanes back and ends. */
  close(): Promise<void>;
}

/** Forwarding as the rest of the server sees it: it follows the policy by itself (`start.ts`). */
export interface ForwardService extends Omit<ForwardRunner, "configure" | "queued" | "release" | "useVault"> {
  /** See {@link ForwardRunner}; secrets that could not be read are read again. */
  release(target: string): Promise<void>;
  /** Takes over secrets that were stored without a change of the policy. */
  reload(): Promise<void>;
}
