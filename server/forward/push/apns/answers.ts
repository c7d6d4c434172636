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

/**
 * Every reason that Apple documents ("Handling notification responses from APNs"; the last group is for broadcasts, which
 * are not sent, and met only behind a relay), with what an operator should know.
 */
const reasons: ReadonlyMap<string, readonly [About, string]> = new Map<string, readonly [About, string]>([
  ["BadCollapseId", ["event", "the collapse id is too long"]],
  ["BadDeviceToken", ["device", "the device token is not valid in this environment"]],
  ["BadExpirationDate", ["event", "the expiration is no date"]],
  ["BadMessageId", ["event", "the id is no UUID"]],
  ["BadPriority", ["event", "the priority is not one of Apple's"]],
  ["BadTopic", ["settings", "the topic is no bundle id that APNs knows"]],
  ["DeviceTokenNotForTopic", ["topic", "the device token belongs to an app with another bundle id"]],
  ["DuplicateHeaders", ["event", "a header was sent twice"]],
  ["IdleTimeout", ["connection", "the connection was idle for too long"]],
  ["InvalidPushType", ["event", "the push type is not one of Apple's"]],
  ["MissingDeviceToken", ["event", "the request names no device"]],
  ["MissingTopic", ["settings", "the topic is missing"]],
  ["PayloadEmpty", ["event", "the payload is empty"]],
  ["TopicDisallowed", ["settings", "the key's team may not push to this topic"]],
  ["BadCertificate", ["settings", "the certificate is bad"]],
  ["BadCertificateEnvironment", ["settings", "the certificate is for the other environment"]],
  ["ExpiredProviderToken", ["token", "the provider token has expired: check the server's clock"]],
  ["Forbidden", ["settings", "the key may not do this"]],
  ["InvalidProviderToken", ["settings", "key, key id and team id do not belong together, or the key was revoked"]],
  ["MissingProviderToken", ["settings", "the provider token did not arrive"]],
  ["UnrelatedKeyIdInToken", ["connection", "the connection was used with another key before"]],
  ["BadEnvironmentKeyIdInToken", ["settings", "the key is for the other environment"]],
  ["BadEnvironmentKeyInToken", ["settings", "the key is for the other environment"]],
  ["BadPath", ["event", "the path is wrong"]],
  ["MethodNotAllowed", ["event", "the method is wrong"]],
  ["ExpiredToken", ["gone", "the device token has expired"]],
  ["Unregistered", ["gone", "the app is no longer on the device"]],
  ["PayloadTooLarge", ["size", "the payload is too large"]],
  ["TooManyProviderTokenUpdates", ["tokens", "provider tokens were made too often: is the key in use elsewhere?"]],
  ["TooManyRequests", ["busy", "too many pushes for this device"]],
  ["InternalServerError", ["provider", "APNs has an internal error"]],
  ["ServiceUnavailable", ["provider", "APNs is unavailable"]],
  ["Shutdown", ["provider", "APNs is shutting the connection down"]],
  ["FeatureNotEnabled", ["settings", "broadcasts are not enabled"]],
  ["MissingChannelId", ["event", "the channel is missing"]],
  ["BadChannelId", ["event", "the channel is wrong"]],
  ["ChannelNotRegistered", ["event", "there is no such channel"]],
  ["BadRequestParams", ["event", "the request is wrong"]],
  ["BadRequestPayload", ["event", "the payload is wrong"]],
  ["MissingPushType", ["event", "the push type is missing"]],
  ["CannotCreateChannelConfig", ["event", "the channel cannot be made"]],
  ["TopicMismatch", ["settings", "the topic is another one than the channel's"]],
]);

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
  const [about, sentence] = (reason === null ? undefined : reasons.get(reason)) ?? [
    aboutStatus(status),
    "APNs refused",
  ];
  const error = `${sentence} (${reason ?? `HTTP ${status}`})`;
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
