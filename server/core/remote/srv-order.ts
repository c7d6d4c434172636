import type { SrvRecord } from "node:dns";

/**
 * SRV records in the order in which they are tried (RFC 2782): by priority and, within one, drawn at random by weight. `random`
 * gives numbers from 0 up to, and without, 1.
 */
export function inSrvOrder<R extends Pick<SrvRecord, "priority" | "weight">>(
  records: readonly R[],
  random: () => number,
): R[] {
  const byPriority = Map.groupBy(records, ({ priority }) => priority);
  const priorities = [...byPriority.keys()].toSorted((a, b) => a - b);
  return priorities.flatMap((priority) => drawn(byPriority.get(priority)!, random));
}

function drawn<R extends { readonly weight: number }>(records: readonly R[], random: () => number): R[] {
  // Those without weight first, so that they have a small chance of being drawn before others.
  const left = records.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const order: R[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const mark = Math.floor(random() * (total + 1));
    let sum = 0;
    const index = left.findIndex(({ weight }) => (sum += weight) >= mark);
    order.push(...left.splice(index, 1));
  }
  return order;
}
