import type { AttemptRecord } from "../../../storage/ports.ts";
import { describeFailure } from "../../http/attempt-error.ts";
import { timingOf } from "../../http/timing.ts";
import type { Outgoing } from "../../transport.ts";
import { mask } from "../http-record.ts";
import { providerWait, type Verdict } from "./answers.ts";
import { shownToken, type Request, type Route } from "./request.ts";
import type { StreamExchange } from "./stream-exchange.ts";

/** An attempt that has begun. */
export interface Begun {
  readonly event: Outgoing;
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The same by `performance.now()`. */
  readonly startedTick: number;
}

/** The last exchange of an attempt; `request` and `exchange` are null when it came to none. */
export interface LastExchange {
  readonly origin: string;
  readonly route: Route;
  readonly request: Request | null;
  readonly exchange: StreamExchange | null;
  readonly providerToken: string | null;
}

/** What is written down of an attempt: its last exchange, and how long all of them took. */
export function recordOf(begun: Begun, last: LastExchange, { outcome, error }: Verdict): AttemptRecord {
  const { event, number, startedAt, startedTick } = begun;
  const { origin, route, request, exchange, providerToken } = last;
  return {
    number,
    startedAt,
    outcome,
    status: exchange?.status ?? null,
    error,
    address: exchange?.address ?? null,
    timing: timingOf(event, startedAt, {
      times: exchange?.times ?? null,
      firstByteMs: exchange?.firstByteMs ?? null,
      totalMs: performance.now() - startedTick,
    }),
    request: {
      method: "POST",
      url: `${origin}/3/device/${shownToken(route.deviceToken)}`,
      headers: request?.shown ?? [],
    },
    response: exchange === null ? null : responseOf(exchange, [providerToken ?? "", route.deviceToken]),
    providerId: exchange === null || outcome !== "delivered" ? null : providerIdOf(exchange),
  };
}

/** The verdict on an attempt that did not come to an answer of APNs. */
export function unanswered(
  outcome: Verdict["outcome"],
  error: string,
  retryAfterMs: number | null,
  about: Verdict["about"] = "settings",
): Verdict {
  return { about, outcome, error, retryAfterMs, isFinal: false, since: null };
}

/** The same for an exchange that failed: APNs wants a pause then, as after a 503. */
export function failed({ error }: StreamExchange, number: number): Verdict {
  const isHttp2 = error !== null && "code" in error && String(error.code).startsWith("ERR_HTTP2_");
  const { outcome, text } = describeFailure(error);
  const sentence = isHttp2 ? "APNs closed the connection before an answer came" : text;
  return unanswered(outcome, sentence, outcome === "blocked" ? null : providerWait(number), "provider");
}

function responseOf(exchange: StreamExchange, secrets: readonly string[]): AttemptRecord["response"] {
  if (exchange.status === null) return null;
  // A relay that answers with what it got must not bring a token into the log.
  const masked = (text: string): string =>
    secrets.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, mask)), text);
  return {
    headers: exchange.responseHeaders.map(([name, value]) => [name, masked(value)] as const),
    body: masked(exchange.body),
    truncated: exchange.isTruncated,
  };
}

// Apple, "Handling notification responses": `apns-unique-id` comes from the sandbox and finds the push in Apple's console.
function providerIdOf(exchange: StreamExchange): string | null {
  const id = exchange.responseHeader("apns-id") ?? null;
  const uniqueId = exchange.responseHeader("apns-unique-id");
  if (uniqueId === undefined) return id;
  return id === null ? uniqueId : `${id} ${uniqueId}`;
}
