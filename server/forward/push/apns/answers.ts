import { apnsReasons, attemptError } from "../../../../lib/contracts/attempt-errors.ts";
import type { AttemptRecord } from "../../../storage/ports.ts";

/** What an answer means for the event, and what may be tried at once. */
export interface Verdict {
  readonly outcome: AttemptRecord["outcome"];
  /** null: accepted. */
  readonly error: string | null;
  readonly retryAfterMs: number | null;
  readonly isFinal: boolean;
  /**
   * What the answer is about. `token`: the provider token has expired. `tokens`: too many were made. `device`: the device
   * token is worth nothing here; `gone`: it was once, until {@link since}. `topic`: the device token belongs to another app.
   * `size`: the payload is too large. `busy`: too much for this device. `connection`: another one will do. `event`: this
   * request. `settings`: whatever is sent. `provider`: APNs itself.
   */
  readonly about:
    | "accepted"
    | "token"
    | "tokens"
    | "device"
    | "gone"
    | "topic"
    | "size"
    | "busy"
    | "connection"
    | "event"
    | "settings"
    | "provider";
  /** Since when the device token is worth nothing, milliseconds since the epoch; null: APNs does not say. */
  readonly since: number | null;
}

type About = Verdict["about"];

/** What each reason of Apple is about. */
const reasons: Readonly<Record<keyof typeof apnsReasons, About>> = {
  BadCollapseId: "event",
  BadDeviceToken: "device",
  BadExpirationDate: "event",
  BadMessageId: "event",
  BadPriority: "event",
  BadTopic: "settings",
  DeviceTokenNotForTopic: "topic",
  DuplicateHeaders: "event",
  IdleTimeout: "connection",
  InvalidPushType: "event",
  MissingDeviceToken: "event",
  MissingTopic: "settings",
  PayloadEmpty: "event",
  TopicDisallowed: "settings",
  BadCertificate: "settings",
  BadCertificateEnvironment: "settings",
  ExpiredProviderToken: "token",
  Forbidden: "settings",
  InvalidProviderToken: "settings",
  MissingProviderToken: "settings",
  UnrelatedKeyIdInToken: "connection",
  BadEnvironmentKeyIdInToken: "settings",
  BadEnvironmentKeyInToken: "settings",
  BadPath: "event",
  MethodNotAllowed: "event",
  ExpiredToken: "gone",
  Unregistered: "gone",
  PayloadTooLarge: "size",
  TooManyProviderTokenUpdates: "tokens",
  TooManyRequests: "busy",
  InternalServerError: "provider",
  ServiceUnavailable: "provider",
  Shutdown: "provider",
  FeatureNotEnabled: "settings",
  MissingChannelId: "event",
  BadChannelId: "event",
  ChannelNotRegistered: "event",
  BadRequestParams: "event",
  BadRequestPayload: "event",
  MissingPushType: "event",
  CannotCreateChannelConfig: "event",
  TopicMismatch: "settings",
};

const isKnown = (reason: string): reason is keyof typeof apnsReasons => Object.hasOwn(apnsReasons, reason);

/** Answers without a reason, as a relay or proxy may give them. */
const statuses: ReadonlyMap<number, About> = new Map([
  [400, "event"],
  [401, "settings"],
  [403, "settings"],
  [404, "settings"],
  [405, "settings"],
  [407, "settings"],
  [408, "provider"],
  [410, "gone"],
  [413, "size"],
  [425, "provider"],
  [429, "provider"],
]);

// Apple: "you can retry after 15 minutes"; before that two quick ones, for what was only a hiccup of one machine.
const providerWaitMs = [5_000, 60_000, 900_000] as const;
const deviceWaitMs = 60_000;
const maxDeviceWaitMs = 3_600_000;

export interface Answer {
  readonly status: number;
  /** The first bytes of the response body: JSON with `reason` and, for some, `timestamp`. */
  readonly body: string;
  /** What the header `retry-after` says, milliseconds. */
  readonly retryAfterMs: number | null;
}

/** What to do after an answer of APNs to the attempt `number`. */
export function judgeAnswer({ status, body, retryAfterMs }: Answer, number: number): Verdict {
  if (status >= 200 && status < 300) return verdict("accepted", "delivered", null, null);
  const { reason, timestamp } = parse(body);
  const known = reason !== null && isKnown(reason) ? reason : null;
  const about = known === null ? aboutStatus(status) : reasons[known];
  const error =
    known === null
      ? attemptError("apns-refused", { code: reason ?? `HTTP ${status}` })
      : `${apnsReasons[known]} (${known})`;
  const wait = Math.max(retryAfterMs ?? 0, waitMs(about, number)) || null;
  switch (about) {
    case "accepted":
      return verdict(about, "delivered", null, null);
    case "device":
    case "gone":
      return { ...verdict(about, "unregistered", error, null), isFinal: true, since: timestamp };
    case "size":
    case "event":
      return { ...verdict(about, "rejected", error, null), isFinal: true };
    case "topic":
    case "settings":
      return verdict(about, "misconfigured", error, null);
    default:
      return verdict(about, "failed", error, wait);
  }
}

/** How long to wait after an attempt that failed at the connection or at APNs itself. */
export function providerWait(number: number): number {
  return providerWaitMs[Math.min(Math.max(1, number), providerWaitMs.length) - 1]!;
}

function waitMs(about: About, number: number): number {
  if (about === "provider" || about === "connection") return providerWait(number);
  return about === "busy" ? Math.min(deviceWaitMs * 2 ** Math.min(number - 1, 10), maxDeviceWaitMs) : 0;
}

function aboutStatus(status: number): About {
  const known = statuses.get(status);
  if (known !== undefined) return known;
  return status >= 400 && status < 500 ? "event" : "provider";
}

function verdict(about: About, outcome: Verdict["outcome"], error: string | null, wait: number | null): Verdict {
  return { about, outcome, error, retryAfterMs: wait, isFinal: false, since: null };
}

function parse(body: string): { reason: string | null; timestamp: number | null } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { reason: null, timestamp: null };
  }
  if (typeof value !== "object" || value === null) return { reason: null, timestamp: null };
  const { reason, timestamp } = value as { reason?: unknown; timestamp?: unknown };
  return {
    reason: typeof reason === "string" && /^[A-Za-z0-9]{1,64}$/.test(reason) ? reason : null,
    timestamp: typeof timestamp === "number" && Number.isFinite(timestamp) && timestamp > 0 ? timestamp : null,
  };
}
