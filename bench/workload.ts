import type { Cost } from "./counters.ts";
import type { LoginOptions } from "./session.ts";

/** What the generator is told. */
export interface Run extends LoginOptions {
  /** The server's process. */
  readonly pid: number;
  readonly seconds: number;
  /** Port that the web server of the forward workload listens on. */
  readonly sinkPort: number;
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
