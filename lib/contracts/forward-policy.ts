import { z } from "zod";

const TargetName = z
  .string()
  .regex(/^(?!__proto__$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, "letters, digits, _ . - and at most 64 of them");

/**
 * What a webhook target receives. `classic` is the request of mod_offline_post: from, to, body as a form. The others named
 * after a module send its fields in its order; `json` and `cloudevents` tell everything that is known.
 */
export const WebhookPreset = z.enum([
  "classic",
  "mod_interact",
  "mod_http_offline",
  "mod_offline_http_post",
  "mongooseim",
  "json",
  "cloudevents",
]);
export type WebhookPreset = z.infer<typeof WebhookPreset>;

/** A web server that offline messages are forwarded to. Its secrets are kept encrypted outside this document. */
export const ForwardTarget = z.strictObject({
  kind: z.literal("webhook").default("webhook"),
  url: z.url({ protocol: /^https?$/ }).max(2048),
  preset: WebhookPreset.default("classic"),
  /** Which form of the JIDs `classic` sends; `full` is the sender's full JID and the `to` as it was stamped. */
  jid: z.enum(["full", "bare", "local"]).default("full"),
  /** Says that there is a message and not what it says: body and subject are left out. */
  confidential: z.boolean().default(false),
  /** Sent as the form's field `access_token` by the presets that have one; empty: the field is left out. */
  accessToken: z.string().max(4096).default("").meta({ secret: true }),
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
  timeoutMs: z.int().min(100).max(30_000).default(10_000),
  concurrency: z.int().min(1).max(256).default(32),
  /** Loopback, private and link-local addresses are refused unless this says otherwise. */
  allowPrivate: z.boolean().default(false),
  paused: z.boolean().default(false),
  maxAttempts: z.int().min(1).max(100).default(12),
  ttlSeconds: z.int().min(10).max(2_592_000).default(259_200),
});
export type ForwardTarget = z.infer<typeof ForwardTarget>;

/** Which offline messages go where. Every enabled rule that matches adds its targets; a message goes to a target once. */
export const ForwardRule = z.strictObject({
  name: TargetName,
  enabled: z.boolean().default(true),
  /** Hosts of the recipient; empty: all. */
  hosts: z.array(z.string().max(1023)).max(1000).default([]),
  types: z
    .array(z.enum(["chat", "normal"]))
    .min(1)
    .default(["chat"]),
  targets: z.array(TargetName).min(1).max(50),
});
export type ForwardRule = z.infer<typeof ForwardRule>;

export const ForwardPolicy = z.strictObject({
  targets: z.record(TargetName, ForwardTarget),
  rules: z.array(ForwardRule).max(1000),
});
export type ForwardPolicy = z.infer<typeof ForwardPolicy>;
