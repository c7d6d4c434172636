import { parseRetryAfter } from "../../dispatch/retry.ts";
import type { Exchange } from "../../http/exchange.ts";
import { doubtful, finding, ofDevice, refused, unanswered, unregistered, type Finding } from "../http-record.ts";

/** Google: after 429 without a `Retry-After` wait a minute, after 500 and 503 ten seconds and longer each time. */
const quotaWaitMs = 60_000;
const firstWaitMs = 10_000;
const maxWaitMs = 3_600_000;

const fcmError = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
const badRequest = "type.googleapis.com/google.rpc.BadRequest";
const quotaFailure = "type.googleapis.com/google.rpc.QuotaFailure";

/** The error of an answer (google.rpc.Status), as far as it can be read. */
interface FcmError {
  /** `google.rpc.Code`, such as NOT_FOUND. */
  readonly status: string;
  /** FCM's own code, such as UNREGISTERED; empty: it has none, and so is not about the message. */
  readonly code: string;
  readonly message: string;
  readonly details: readonly object[];
}

export interface Asked {
  /** Which attempt it is, from 1 on. */
  readonly number: number;
  readonly now: number;
  /** Something was accepted for a device with these settings before. */
  readonly isProven: boolean;
}

/** What FCM's answer means. A 401 may mean no more than that the access token is old: see {@link isTokenRefused}. */
export function meaningOf(exchange: Exchange, { number, now, isProven }: Asked): Finding {
  const { status } = exchange;
  if (status === null) return unanswered(exchange.error);
  if (status >= 200 && status < 300) {
    return finding("delivered", null, { device: { kind: "accepted" }, providerId: nameIn(exchange.body) });
  }
  const error = errorIn(exchange.body);
  const said = sayingOf(status, error);
  const retryAfter = exchange.header("retry-after");
  const asked = retryAfter === undefined ? null : parseRetryAfter(retryAfter, now);
  const passing = (least: number): Finding => finding("failed", said, { retryAfterMs: Math.max(asked ?? 0, least) });
  const doubled = Math.min(firstWaitMs * 2 ** Math.min(number - 1, 20), maxWaitMs);
  switch (error.code) {
    case "UNREGISTERED":
      return unregistered(said);
    case "SENDER_ID_MISMATCH":
      // The token belongs to another project, or the service account does.
      return isProven ? unregistered(said) : doubtful(said);
    case "INVALID_ARGUMENT":
      return isAboutToken(error) ? unregistered(said) : refused(said);
    case "THIRD_PARTY_AUTH_ERROR":
      // The project has no key for APNs or Web Push. Anybody can register such a device with an Android project's public
      // settings, and must not stop the pushes to all others by that.
      return isProven ? ofDevice(finding("failed", said, { retryAfterMs: maxWaitMs })) : doubtful(said);
    case "QUOTA_EXCEEDED":
      return overQuota(error, said, asked ?? quotaWaitMs);
    case "UNAVAILABLE":
    case "INTERNAL":
      return passing(doubled);
    default:
  }
  if (status === 429) return overQuota(error, said, asked ?? quotaWaitMs);
  // Not about the message but about who sends it, and where: the role, the project, the API that is not switched on.
  if (status === 401 || status === 403 || status === 404) return finding("misconfigured", said);
  if (status >= 400 && status < 500 && status !== 408) return refused(said);
  return passing(status >= 500 ? doubled : 0);
}

/** The access token is not taken, whatever the message. */
export function isTokenRefused({ status, body }: Exchange): boolean {
  return status === 401 && errorIn(body).code !== "THIRD_PARTY_AUTH_ERROR";
}

// Which quota is exceeded is told in a detail, if at all: a device's own (240 a minute), or that of the project.
function overQuota({ details }: FcmError, said: string, retryAfterMs: number): Finding {
  const isOfDevice = details.some((detail) => isOf(detail, quotaFailure) && /device/i.test(JSON.stringify(detail)));
  const found = finding("failed", said, { retryAfterMs });
  return isOfDevice ? ofDevice(found) : found;
}

// The same code stands for everything that is wrong with a message. With a list of fields it is the token only when it says
// so; without, the words have to.
function isAboutToken({ details, message }: FcmError): boolean {
  const fields = details.filter((detail) => isOf(detail, badRequest)).flatMap(fieldsOf);
  return fields.length > 0 ? fields.every((field) => field === "message.token") : /registration token/i.test(message);
}

function fieldsOf(detail: object): string[] {
  if (!("fieldViolations" in detail) || !Array.isArray(detail.fieldViolations)) return [];
  return detail.fieldViolations.map((one: unknown) => textIn(one, "field"));
}

function errorIn(body: string): FcmError {
  const error = memberOf(parsed(body), "error");
  const listed = memberOf(error, "details");
  const details = Array.isArray(listed) ? listed.filter((one: unknown) => typeof one === "object" && one !== null) : [];
  const own = details.find((detail: object) => isOf(detail, fcmError));
  return {
    status: textIn(error, "status"),
    code: textIn(own, "errorCode"),
    message: textIn(error, "message"),
    details,
  };
}

function sayingOf(status: number, { code, status: rpc, message }: FcmError): string {
  const name = code || rpc || `HTTP ${status}`;
  return message === "" ? name : `${name}: ${message}`;
}

function nameIn(body: string): string | null {
  return textIn(parsed(body), "name") || null;
}

function isOf(detail: object, type: string): boolean {
  return textIn(detail, "@type") === type;
}

function textIn(value: unknown, name: string): string {
  const member = memberOf(value, name);
  return typeof member === "string" ? member : "";
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
