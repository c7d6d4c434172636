import type { Cost } from "./counters.ts";
import type { LoginOptions } from "./session.ts";

export const workloadNames = [
  "login",
  "login-plain",
  "login-starttls",
  "login-tls",
  "chat-1",
  "chat-10",
  "chat-acks",
  "chat-1-tls",
  "chat-10-tls",
  "open-500",
  "open-1000",
  "offline",
  "forward",
  "room",
  "presence",
  "idle",
  "idle-tls",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

export function isWorkload(name: string): name is WorkloadName {
  return workloadNames.some((one) => one === name);
}

/** What the generator is told. */
export interface Run extends LoginOptions {
  /** The server's process. */
  readonly pid: number;
  /** The first account that chats; left out: `u0`. */
  readonly first?: number;
  readonly seconds: number;
  /** Port that the web server of the forward workload listens on. */
  readonly sinkPort: number;
  /** Forwards of one sender to one recipient come in the order they were sent. */
  readonly forwardsInOrder: boolean;
  readonly withInstructions: boolean;
}

/** One line of the table: `what` was done once at this price. */
export interface Figures {
  readonly what: string;
  readonly cost: Cost | null;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number } | null;
  readonly bytes: number | null;
}

export type Workload = (run: Run) => Promise<readonly Figures[]>;

export function percentiles(values: readonly number[] | Float64Array): NonNullable<Figures["latencyMs"]> {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

/** A figure of a run that lost or reordered something is worth nothing. */
export function demand(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
