import type { Figures } from "./workload.ts";

/** A measured line with whose it is. */
export interface Measured extends Figures {
  readonly subject: string;
}

/** null: there is nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of one figure of one subject; null: it was not measured. */
export function medianOf(
  all: readonly Measured[],
  what: string,
  subject: string,
  read: (one: Measured) => number | null | undefined,
): number | null {
  return median(all.flatMap((one) => (one.what === what && one.subject === subject ? (read(one) ?? []) : [])));
}
