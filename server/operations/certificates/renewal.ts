import { createHash } from "node:crypto";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface RenewalFacts {
  readonly host: string;
  /** What the host shows now, if it came from the authority and is valid for all names; null: nothing of the kind. */
  readonly current: { readonly notBefore: number; readonly notAfter: number } | null;
  /** When the orders since the last one that went well failed, newest first. */
  readonly failures: readonly number[];
}

/**
 * When a certificate is to be ordered: at once if there is none, else when a third of its life is left, at a moment of that
 * day's length that is the host's own, so that many hosts do not ask together. After a failure later and later: one hour, two,
 * four, at most a day.
 */
export function orderDueAt({ host, current, failures }: RenewalFacts): number {
  const wanted = current === null ? 0 : renewalAt(host, current.notBefore, current.notAfter);
  const [latest] = failures;
  if (latest === undefined) return wanted;
  return Math.max(wanted, latest + Math.min(dayMs, hourMs * 2 ** Math.min(10, failures.length - 1)));
}

function renewalAt(host: string, notBefore: number, notAfter: number): number {
  const life = notAfter - notBefore;
  const jitter = createHash("sha256").update(host).digest().readUInt32BE(0) / 2 ** 32;
  return notAfter - life / 3 - jitter * Math.min(dayMs, life / 10);
}
