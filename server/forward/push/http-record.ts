import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import type { AttemptRecord, DeviceNews } from "../../storage/ports.ts";
import { describeFailure } from "../http/attempt-error.ts";
import type { Reply } from "../http/exchanges.ts";
import { timingOf } from "../http/timing.ts";
import type { Attempt, Outgoing } from "../transport.ts";

export const mask = "***";
/** Shorter values would only garble a text. */
const minSecretLength = 8;
const maxErrorLength = 300;

/** What a provider's answer, or the lack of one, means: an {@link Attempt} without its record. */
export interface Finding {
  readonly outcome: AttemptRecord["outcome"];
  /** null: accepted. */
  readonly error: string | null;
  readonly retryAfterMs: number | null;
  readonly isFinal: boolean;
  readonly isDeviceOnly: boolean;
  /** It may as well be the fault of the settings: others' devices will tell (`evidence.ts`). */
  readonly isDoubtful: boolean;
  readonly device: DeviceNews | undefined;
  readonly providerId: string | null;
}

/** A finding, by what differs from a failure that is worth another attempt. */
export function finding(outcome: Finding["outcome"], error: string | null, more: Partial<Finding> = {}): Finding {
  const plain = { retryAfterMs: null, isFinal: false, isDeviceOnly: false, isDoubtful: false };
  return {
    ...plain,
    device: undefined,
    providerId: null,
    outcome,
    error: error === null ? null : oneLine(error),
    ...more,
  };
}

/** The same failure, where it says nothing about the target. */
export function ofDevice(found: Finding): Finding {
  if (found.error === null || found.outcome === "unregistered") return found;
  const device = found.device ?? { kind: "failed", error: found.error };
  return { ...found, isDeviceOnly: true, isDoubtful: false, device };
}

/** A refusal for which either the settings or this device can be the reason. */
export function doubtful(error: string): Finding {
  return { ...ofDevice(finding("failed", error)), isDoubtful: true };
}

/** This event for this device will not be taken, now or later. */
export function refused(error: string): Finding {
  return ofDevice(finding("rejected", error, { isFinal: true }));
}

/** The provider knows the device no more, or never knew it under these credentials. */
export function unregistered(error: string): Finding {
  const text = oneLine(error);
  return finding("unregistered", text, { isFinal: true, device: { kind: "gone", reason: text, since: null } });
}

/** The device is forgotten since the event was made: there is nowhere to send it. */
export const forgotten: Finding = finding("unregistered", attemptError("device-forgotten"), { isFinal: true });

/** The target had another kind when the event was made. */
export const foreign: Finding = finding("rejected", attemptError("other-kind"), { isFinal: true });

/** What it means that no status came. */
export function unanswered(error: Error | null): Finding {
  const { outcome, text } = describeFailure(error);
  return finding(outcome, text, { isFinal: outcome === "blocked" });
}

/** What was sent, as it is written down: without secrets. */
export interface Sent {
  readonly number: number;
  readonly startedAt: number;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Removed from what came back: an answer that repeats the request must not bring them into the log. */
  readonly secrets: readonly string[];
}

/** The attempt as it is logged and judged; `reply` is null when nothing was sent. */
export function attemptOf(event: Outgoing, sent: Sent, reply: Reply | null, found: Finding): Attempt {
  const { number, startedAt, url, headers, secrets } = sent;
  const exchange = reply?.exchange;
  const isAnswered = exchange !== undefined && exchange.status !== null;
  const clean = (text: string): string => withoutSecrets(text, secrets);
  return {
    retryAfterMs: found.retryAfterMs,
    device: found.device === undefined ? undefined : cleanNews(found.device, clean),
    isFinal: found.isFinal,
    isDeviceOnly: found.isDeviceOnly,
    record: {
      number,
      startedAt,
      outcome: found.outcome,
      status: exchange?.status ?? null,
      error: found.error === null ? null : clean(found.error),
      address: reply?.address ?? null,
      timing: timingOf(event, startedAt, {
        times: reply?.times ?? null,
        firstByteMs: exchange?.firstByteMs ?? null,
        totalMs: exchange?.totalMs ?? 0,
      }),
      request: { method: "POST", url, headers },
      response: isAnswered
        ? {
            headers: exchange.headers.map(([name, value]) => [name, clean(value)] as const),
            body: clean(exchange.body),
            truncated: exchange.isTruncated,
          }
        : null,
      providerId: found.providerId,
    },
  };
}

function cleanNews(news: DeviceNews, clean: (text: string) => string): DeviceNews {
  if (news.kind === "failed") return { ...news, error: clean(news.error) };
  return news.kind === "gone" ? { ...news, reason: clean(news.reason) } : news;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= minSecretLength) masked = masked.replaceAll(secret, mask);
  return masked;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, maxErrorLength);
}
