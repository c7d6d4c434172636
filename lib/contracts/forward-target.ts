import { z } from "zod";

/**
 * What a webhook target receives. `classic` is the request of mod_offline_post: from, to, body as a form. The others named
 * after a module send its fields in its order; `json` and `cloudevents` tell everything that is known; `template` is what
 * the operator wrote (Liquid).
 */
export const WebhookPreset = z.enum([
  "classic",
  "mod_interact",
  "mod_http_offline",
  "mod_offline_http_post",
  "mongooseim",
  "json",
  "cloudevents",
  "template",
]);
export type WebhookPreset = z.infer<typeof WebhookPreset>;

/**
 * Which events of a target are attempted one after the other, each only once the one before is over: those of a recipient, of
 * a recipient and one sender, all of them, or none. A change holds for what comes from then on.
 */
export const WebhookOrder = z.enum(["recipient", "conversation", "target", "none"]);
export type WebhookOrder = z.infer<typeof WebhookOrder>;

// A URL parser leaves line breaks and tabs out without a word (WHATWG URL 4.4): what is saved is what is meant.
const url = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .regex(/^[^\s\p{Cc}]+$/u, "no spaces and no control characters");
const secretText = (max: number) => z.string().max(max).meta({ secret: true });

/** What every kind of target has. */
const queue = {
  timeoutMs: z.int().min(100).max(30_000).default(10_000),
  concurrency: z.int().min(1).max(256).default(32),
  /** Attempts that may begin in a second, on average; null: as many as the target takes. */
  ratePerSecond: z.number().min(0.1).max(10_000).nullable().default(null),
  /** Loopback, private and link-local addresses are refused unless this says otherwise. */
  allowPrivate: z.boolean().default(false),
  /** Nothing is attempted; what comes waits. */
  paused: z.boolean().default(false),
  /** What waits is attempted; nothing new is planned. */
  draining: z.boolean().default(false),
  maxAttempts: z.int().min(1).max(100).default(12),
  ttlSeconds: z.int().min(10).max(2_592_000).default(259_200),
  /** Past these, the oldest event of the same recipient dies as `overflow`; the message itself stays stored. */
  maxWaiting: z.int().min(1).max(100_000_000).default(1_000_000),
  maxWaitingPerRecipient: z.int().min(1).max(1_000_000).default(1_000),
};

/** A web server that offline messages are forwarded to. Its secrets are kept encrypted outside this document. */
export const WebhookTarget = z.strictObject({
  kind: z.literal("webhook").default("webhook"),
  url,
  preset: WebhookPreset.default("classic"),
  /** Body of the preset `template`, in Liquid, and the media type it makes; nothing to the other presets. */
  template: z.string().max(32_768).default(""),
  templateType: z
    .string()
    .max(128)
    .regex(/^[\w.+-]+\/[\w.+-]+(; ?charset=utf-8)?$/i, "a media type")
    .default("application/json"),
  /** Which form of the JIDs `classic` sends; `full` is the sender's full JID and the `to` as it was stamped. */
  jid: z.enum(["full", "bare", "local"]).default("full"),
  /** Says that there is a message and not what it says: body and subject are left out. */
  confidential: z.boolean().default(false),
  /** Sent as the form's field `access_token` by the presets that have one; empty: the field is left out. */
  accessToken: secretText(4096).default(""),
  /** Header name to value. Reserved headers (Content-Type, Host, Content-Length, webhook-*) are refused. */
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
      z
        .string()
        .max(4096)
        .regex(/^[\t\x20-\x7e]*$/)
        .meta({ secret: true }),
    )
    .default({}),
  /** Standard Webhooks: `v1` is HMAC-SHA256 with the shared secret, `v1a` Ed25519 with the target's key pair. */
  signatures: z
    .array(z.enum(["v1", "v1a"]))
    .min(1)
    .max(2)
    .default(["v1"]),
  order: WebhookOrder.default("recipient"),
  ...queue,
});
export type WebhookTarget = z.infer<typeof WebhookTarget>;

/** What a phone is told. */
const notification = {
  /**
   * `full`: who and what, as far as it fits; `preview`: who and the beginning; `sender`: who; `none`: that there is something.
   * What is end-to-end encrypted is never told.
   */
  content: z.enum(["full", "preview", "sender", "none"]).default("sender"),
  previewLength: z.int().min(10).max(500).default(100),
  /** Shown in place of what is not told. */
  text: z.string().min(1).max(200).default("New message"),
};

/** Apple's push service, with token authentication. */
export const ApnsTarget = z.strictObject({
  kind: z.literal("apns"),
  /** Text of the `.p8` file. */
  key: secretText(8192),
  keyId: z.string().regex(/^[A-Z0-9]{10}$/, "ten capital letters and digits"),
  teamId: z.string().regex(/^[A-Z0-9]{10}$/, "ten capital letters and digits"),
  /** Bundle id of the app. */
  topic: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,154}$/, "the bundle id of the app"),
  /** For devices that did not say which. */
  environment: z.enum(["production", "sandbox"]).default("production"),
  /** `alert`: shown, with `mutable-content`; `background`: wakes the app at a time that the phone chooses. */
  mode: z.enum(["alert", "background"]).default("alert"),
  /** Calls go to the device's VoIP token, if it gave one. */
  voip: z.boolean().default(true),
  sound: z.string().max(64).default("default"),
  ...notification,
  /** Another server than Apple's, such as a relay; null: Apple's, by environment. */
  server: url.nullable().default(null),
  ...queue,
});
export type ApnsTarget = z.infer<typeof ApnsTarget>;

/** Firebase Cloud Messaging, HTTP v1. */
export const FcmTarget = z.strictObject({
  kind: z.literal("fcm"),
  /** Text of the service account's JSON file. */
  serviceAccount: secretText(16_384),
  /** `notification`: shown by the system; `data`: handed to the app. */
  mode: z.enum(["notification", "data"]).default("data"),
  priority: z.enum(["high", "normal"]).default("high"),
  ...notification,
  /** Another server than Google's; null: Google's. Where tokens come from is in the service account. */
  server: url.nullable().default(null),
  ...queue,
});
export type FcmTarget = z.infer<typeof FcmTarget>;

/** Browsers, and phones with UnifiedPush (RFC 8030, 8291, 8292). */
export const WebPushTarget = z.strictObject({
  kind: z.literal("webpush"),
  /** Private VAPID key, base64url of 32 bytes; empty: the server makes a pair. */
  privateKey: secretText(64).default(""),
  /** Whom a push service may ask about these pushes (RFC 8292 2.1); Apple refuses names that do not exist. */
  contact: z
    .string()
    .max(255)
    .regex(/^(mailto:\S+@\S+\.\S+|https:\/\/\S+)$/, "mailto:… or https://…"),
  urgency: z.enum(["very-low", "low", "normal", "high"]).default("high"),
  ...notification,
  /** Push services besides the browsers' own, as host names or `*.example.org`. */
  services: z.array(z.string().max(255)).max(100).default([]),
  ...queue,
});
export type WebPushTarget = z.infer<typeof WebPushTarget>;

/** App servers that clients name themselves (XEP-0357). */
export const AppServerTarget = z.strictObject({
  kind: z.literal("xep0357"),
  /** Domains of app servers that clients may name; empty: all. */
  domains: z.array(z.string().max(1023)).max(1000).default([]),
  includeSender: z.boolean().default(false),
  /** `none`: no body; `static`: {@link text}, which makes app servers show an alert; `full`: what was written. */
  body: z.enum(["none", "static", "full"]).default("static"),
  text: z.string().min(1).max(200).default("New message"),
  ...queue,
});
export type AppServerTarget = z.infer<typeof AppServerTarget>;

export const ForwardTarget = z.discriminatedUnion("kind", [
  WebhookTarget,
  ApnsTarget,
  FcmTarget,
  WebPushTarget,
  AppServerTarget,
]);
export type ForwardTarget = z.infer<typeof ForwardTarget>;
export type TargetKind = ForwardTarget["kind"];
/** Targets whose events go to devices that the recipient registered. */
export type DeviceTarget = Exclude<ForwardTarget, WebhookTarget>;
