import { randomInt } from "node:crypto";
import type { AttemptRecord } from "../../storage/ports.ts";

/** Waiting times after the first, second, … failed attempt; the last one repeats. */
export const defaultRetryMs: readonly number[] = [
  2_000, 10_000, 60_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
];

/** A `Retry-After` is obeyed up to here. */
export const maxRetryAfterMs = 3_600_000;

/** Attempts after which an event that the target keeps refusing (4xx) is given up: enough for a deploy to finish. */
const maxRejections = 3;

/** What an attempt ended with, by who has to do something about it. */
type Verdict =
  | { readonly kind: "delivered" }
  /** Worth another attempt, unless `isLast`. */
  | { readonly kind: "retry"; readonly isLast: boolean }
  /** Worth another attempt once the settings are others; this one does not count. */
  | { readonly kind: "hold" }
  | { readonly kind: "dead" };

/** What to do after an attempt. `spent` counts it; `previousStatus` is the status of the attempt before, if any. */
export function judge(
  attempt: Pick<AttemptRecord, "outcome" | "status"> & {
    readonly isFinal?: boolean | undefined;
    readonly isDeviceOnly?: boolean | undefined;
  },
  spent: number,
  maxAttempts: number,
  previousStatus: number | null,
): Verdict {
  switch (attempt.outcome) {
    case "delivered":
      return { kind: "delivered" };
    case "gone":
    case "blocked":
    case "aborted":
    case "unregistered":
      return { kind: "dead" };
    case "misconfigured":
      // One device must not hold up all the others.
      return attempt.isDeviceOnly === true ? { kind: "retry", isLast: spent >= maxAttempts } : { kind: "hold" };
    case "rejected": {
      if (attempt.isFinal === true) return { kind: "dead" };
      // After an outage the first 4xx is forgiven: the server may be half deployed.
      const isFirst = previousStatus === null || !isRejection(previousStatus);
      const limit = Math.min(maxAttempts, maxRejections);
      return { kind: "retry", isLast: spent >= maxAttempts || (spent >= limit && !isFirst) };
    }
    default:
      return attempt.isFinal === true ? { kind: "dead" } : { kind: "retry", isLast: spent >= maxAttempts };
  }
}

/**
 * The outcome of an answered attempt. Redirects are not followed, so they are failures. `delivery` is the response header
 * `webhook-delivery`, by which a receiver says that no later attempt will do better.
 */
export function outcomeOf(status: number, delivery?: string): AttemptRecord["outcome"] {
  if (status >= 200 && status < 300) return "delivered";
  if (status === 410) return "gone";
  if (delivery?.trim().toLowerCase() === "abort-message") return "aborted";
  return isRejection(status) ? "rejected" : "failed";
}

// 408, 425 and 429 ask to come back later (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4).
function isRejection(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429 && status !== 410;
}

/** Milliseconds until the attempt after `spent` failed ones, varied by 20 % so that lanes do not march in step. */
export function retryDelayMs(schedule: readonly number[], spent: number, retryAfterMs: number | null): number {
  const base = schedule[Math.min(spent, schedule.length) - 1] ?? 0;
  const varied = Math.round((base * randomInt(800, 1201)) / 1000);
  return Math.max(varied, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}

/** When attempts come if each fails at once: milliseconds after the first, without the variation, until the time is up. */
export function attemptTimesMs(schedule: readonly number[], maxAttempts: number, ttlMs: number): number[] {
  const times = [0];
  while (times.length < maxAttempts) {
    const next = times.at(-1)! + (schedule[Math.min(times.length, schedule.length) - 1] ?? ttlMs);
    if (next >= ttlMs) break;
    times.push(next);
  }
  return times;
}

/** `Retry-After` as milliseconds from `now`: seconds or an HTTP date (RFC 9110 10.2.3); null when it is neither. */
export function parseRetryAfter(value: string, now: number): number | null {
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = value.endsWith(" GMT") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
