import type { DeviceKind } from "../contracts/devices.ts";

/** What the reasons of APNs call for. Every reason that the server knows is here (`apnsReasons`). */
const apns = {
  BadDeviceToken: "wrongEnvironment",
  Unregistered: "registerAgain",
  ExpiredToken: "registerAgain",
  DeviceTokenNotForTopic: "bundleId",
  BadTopic: "bundleId",
  MissingTopic: "bundleId",
  TopicMismatch: "bundleId",
  TopicDisallowed: "team",
  InvalidProviderToken: "appleKey",
  Forbidden: "appleKey",
  BadCertificate: "appleKey",
  BadCertificateEnvironment: "keyEnvironment",
  BadEnvironmentKeyIdInToken: "keyEnvironment",
  BadEnvironmentKeyInToken: "keyEnvironment",
  ExpiredProviderToken: "clock",
  TooManyProviderTokenUpdates: "sharedKey",
  MissingProviderToken: "relay",
  BadPath: "relay",
  MethodNotAllowed: "relay",
  MissingDeviceToken: "relay",
  DuplicateHeaders: "relay",
  FeatureNotEnabled: "relay",
  MissingChannelId: "relay",
  BadChannelId: "relay",
  ChannelNotRegistered: "relay",
  CannotCreateChannelConfig: "relay",
  PayloadTooLarge: "tellLess",
  TooManyRequests: "fewer",
  IdleTimeout: "wait",
  UnrelatedKeyIdInToken: "wait",
  InternalServerError: "wait",
  ServiceUnavailable: "wait",
  Shutdown: "wait",
  BadCollapseId: "request",
  BadExpirationDate: "request",
  BadMessageId: "request",
  BadPriority: "request",
  BadRequestParams: "request",
  BadRequestPayload: "request",
  InvalidPushType: "request",
  MissingPushType: "request",
  PayloadEmpty: "request",
} as const;

/** FCM's own codes, and those of google.rpc for what is not about the message. */
const fcm = {
  UNREGISTERED: "registerAgain",
  SENDER_ID_MISMATCH: "project",
  INVALID_ARGUMENT: "request",
  THIRD_PARTY_AUTH_ERROR: "firebaseKeys",
  QUOTA_EXCEEDED: "fewer",
  RESOURCE_EXHAUSTED: "fewer",
  UNAVAILABLE: "wait",
  INTERNAL: "wait",
  UNAUTHENTICATED: "serviceAccount",
  PERMISSION_DENIED: "serviceAccount",
  NOT_FOUND: "serviceAccount",
} as const;

const webPush = {
  401: "vapid",
  403: "vapid",
  404: "subscribeAgain",
  410: "subscribeAgain",
  413: "tellLess",
  429: "fewer",
  500: "wait",
  502: "wait",
  503: "wait",
  504: "wait",
} as const;

/** Conditions of XMPP (RFC 6120 8.3.3) as app servers answer with them. */
const appServer = {
  "item-not-found": "enableAgain",
  gone: "enableAgain",
  conflict: "enableAgain",
  "not-acceptable": "enableAgain",
  forbidden: "enableAgain",
  "not-authorized": "enableAgain",
  "not-allowed": "enableAgain",
  "registration-required": "enableAgain",
  "subscription-required": "enableAgain",
  "bad-request": "appServer",
  "feature-not-implemented": "appServer",
  "policy-violation": "fewer",
  "resource-constraint": "fewer",
  "internal-server-error": "wait",
  "recipient-unavailable": "wait",
  "service-unavailable": "appServer",
  "remote-server-not-found": "federation",
  "remote-server-timeout": "federation",
} as const;

type Values<T> = T[keyof T];
/** A way to make a device ring again: a key of the texts in `remedies`. */
export type Remedy =
  | Values<typeof apns>
  | Values<typeof fcm>
  | Values<typeof webPush>
  | Values<typeof appServer>
  | "otherKey"
  | "network";

/** What mends an error that the server wrote down for a push; null: it did not fail, or nothing is known to help. */
export function remedyOf(kind: DeviceKind, error: string | null): Remedy | null {
  if (error === null) return null;
  if (error === "the device is registered no more") return "registerAgain";
  return ofProvider[kind](error) ?? (isOfNetwork.test(error) ? "network" : null);
}

/** The code that Node gives what breaks before there is an answer. */
const isOfNetwork = /\((?:E[A-Z_]{3,}|UND_ERR_\w+)\)$/;

const ofProvider: Readonly<Record<DeviceKind, (error: string) => Remedy | null>> = {
  // "the app is no longer on the device (Unregistered)"
  apns: (error) => named(apns, /\((\w+)\)$/.exec(error)?.[1]),
  // "UNREGISTERED: Requested entity was not found."
  fcm: (error) => {
    if (error.startsWith("the service account gets no access token") || error.startsWith("service account:"))
      return "serviceAccount";
    if (/^INVALID_ARGUMENT: .*registration token/i.test(error)) return "registerAgain";
    if (/^INVALID_ARGUMENT: .*too big/i.test(error)) return "tellLess";
    return named(fcm, /^[A-Z_]+/.exec(error)?.[0]);
  },
  // "HTTP 410: push subscription has unsubscribed or expired."
  webpush: (error) => {
    if (error.endsWith("the subscription was made with another VAPID key")) return "otherKey";
    if (error.endsWith("check the VAPID key and the contact")) return "vapid";
    return named(webPush, /^HTTP (\d{3})/.exec(error)?.[1]);
  },
  // "item-not-found: No such node", and why the device was given up: "refused by the app server: item-not-found"
  xep0357: (error) => {
    if (error === "no answer from the app server") return "federation";
    if (error === "the app server takes no more for it") return "enableAgain";
    return named(appServer, /^(?:refused by the app server: )?([a-z-]+)(?:: |$)/.exec(error)?.[1]);
  },
};

function named<T extends Remedy>(remedies: Readonly<Record<string, T>>, name: string | undefined): T | null {
  return name !== undefined && Object.hasOwn(remedies, name) ? remedies[name]! : null;
}
