import { attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import { parseRetryAfter } from "../../dispatch/retry.ts";
import type { Exchange } from "../../http/exchange.ts";
import { doubtful, finding, ofDevice, refused, unanswered, unregistered, type Finding } from "../http-record.ts";

/** When a push service that is busy does not say for how long. */
const defaultWaitMs = 60_000;
/** Part of a `Location` that is enough to find a push in a push service's log. */
const maxIdLength = 64;

/**
 * A subscription belongs to the key it was made with (RFC 8292 4.2): somebody subscribed with another one, or the target's
 * key was changed since. As Google, Apple and Mozilla say it.
 */
const otherKey =
  /does not (?:correspond to|match) the sender ID|MismatchSenderId|UnauthorizedRegistration|VapidPkHashMismatch|public key mismatch/i;
/** A complaint about the token, in an answer whose status says only that the request was bad. */
const aboutToken = /vapid|jwt|authorization|crypto-key/i;

export interface Asked {
  readonly now: number;
  /** An endpoint as browsers get them, whose service complains about a token only when something is wrong with it. */
  readonly isBrowsers: boolean;
  /** The service took a push with the same key before: the key itself is in order. */
  readonly isProven: boolean;
  /** The subscription may well have been made with another key: some service has taken this one, or it is newer. */
  readonly mayBeOfOtherKey: boolean;
}

/** What a push service's answer means. After 413 the caller tries again with less. */
export function meaningOf(exchange: Exchange, asked: Asked): Finding {
  const found = meaningFor(exchange, asked);
  return asked.isBrowsers ? found : ofDevice(found);
}

// RFC 8030 5 and 8.4, RFC 8292 4.2.
function meaningFor(exchange: Exchange, asked: Asked): Finding {
  const { status } = exchange;
  if (status === null) return unanswered(exchange.error);
  if (status >= 200 && status < 300) {
    return finding("delivered", null, { device: { kind: "accepted" }, providerId: pushIdOf(exchange) });
  }
  const said = `HTTP ${status}${saying(exchange)}`;
  switch (status) {
    case 400:
    case 401:
    case 403:
      return aboutKey(status, said, exchange.body, asked);
    case 404:
    case 410:
      return unregistered(said);
    case 413:
      return refused(attemptError("answer-too-long-without-content", { answer: said }));
    case 429:
      // RFC 8030 8.4: too much for this subscription.
      return ofDevice(finding("failed", said, { retryAfterMs: waitOf(exchange, asked.now) ?? defaultWaitMs }));
    case 503:
      return finding("failed", said, { retryAfterMs: waitOf(exchange, asked.now) ?? defaultWaitMs });
    default:
      if (status >= 400 && status < 500 && status !== 408 && status !== 425) return refused(said);
      return finding("failed", said, { retryAfterMs: waitOf(exchange, asked.now) });
  }
}

function aboutKey(status: number, said: string, body: string, asked: Asked): Finding {
  if (otherKey.test(body)) {
    const error = attemptError("other-vapid-key", { answer: said });
    return asked.mayBeOfOtherKey ? unregistered(error) : doubtful(error);
  }
  const isAboutToken = aboutToken.test(body);
  if (status === 400 && !isAboutToken) return refused(said);
  // Anybody can subscribe: one subscription, or one service that the operator added, must not stop the pushes to all others.
  if (asked.isProven || !asked.isBrowsers) return ofDevice(finding("failed", said));
  if (status === 403 && !isAboutToken) return doubtful(said);
  return finding("misconfigured", attemptError("check-vapid", { answer: said }));
}

/** What the service says in words: the reason in JSON, or a line of text. */
function saying({ body }: Exchange): string {
  const text = body.trim();
  if (text === "" || text.startsWith("<")) return "";
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) {
      if ("reason" in answer && typeof answer.reason === "string") return `: ${answer.reason}`;
      if ("message" in answer && typeof answer.message === "string") return `: ${answer.message}`;
    }
    return "";
  } catch {
    return `: ${text}`;
  }
}

function waitOf(exchange: Exchange, now: number): number | null {
  const value = exchange.header("retry-after");
  return value === undefined ? null : parseRetryAfter(value, now);
}

// Apple and Microsoft have a header of their own; elsewhere it is the end of the push's address (RFC 8030 5).
function pushIdOf(exchange: Exchange): string | null {
  const own = exchange.header("apns-id") ?? exchange.header("x-wns-msg-id");
  if (own !== undefined) return own.slice(0, maxIdLength);
  const location = exchange.header("location");
  const end = location?.slice(location.lastIndexOf("/") + 1) ?? "";
  return end === "" ? null : end.slice(0, maxIdLength);
}
