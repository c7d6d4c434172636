import { z } from "zod";
import { HostName, Timestamp } from "./endpoint.ts";
import { CancelOn, MessageClass } from "./forward-policy.ts";
import { Name } from "./policy.ts";
import { forwardStates } from "./words.ts";

/** Where an event stands. `delivered` means the web server answered 2xx. */
export const ForwardState = z.enum(forwardStates);
export type ForwardState = z.infer<typeof ForwardState>;

export const AttemptOutcome = z.enum([
  "delivered",
  "rejected",
  "failed",
  "timeout",
  "refused",
  "blocked",
  "gone",
  "aborted",
  "unregistered",
  "misconfigured",
]);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

/** A row of the forward log: one message on its way to one target. */
export const ForwardEvent = z.object({
  /** Event id: the webhook-id on the wire, the same on every attempt. */
  id: z.string(),
  /** Position in the outbox; the order of lanes. */
  seq: z.int(),
  target: Name,
  rule: z.string(),
  host: HostName,
  user: z.string().describe("recipient, bare JID"),
  from: z.string(),
  type: z.string(),
  class: MessageClass,
  device: z.string().nullable().describe("the device it goes to; null: a web server"),
  state: ForwardState,
  attempts: z.int(),
  maxAttempts: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  nextAttemptAt: Timestamp.nullable(),
  expiresAt: Timestamp,
  status: z.int().nullable().describe("HTTP status of the last attempt"),
  ms: z.number().nullable().describe("duration of the last attempt"),
  error: z.string().nullable(),
  bytes: z.int(),
  providerId: z.string().nullable().describe("what the push provider calls it, once accepted"),
  ackedAt: Timestamp.nullable().describe("when a client of the recipient confirmed the message itself"),
});
export type ForwardEvent = z.infer<typeof ForwardEvent>;

export const ForwardAttempt = z.object({
  number: z.int(),
  startedAt: Timestamp,
  outcome: AttemptOutcome,
  status: z.int().nullable(),
  error: z.string().nullable(),
  address: z.string().nullable().describe("IP address and port connected to"),
  timing: z.object({
    queueMs: z.number(),
    dnsMs: z.number().nullable(),
    connectMs: z.number().nullable().describe("TCP; null: over an open connection"),
    tlsMs: z.number().nullable(),
    firstByteMs: z.number().nullable(),
    totalMs: z.number(),
  }),
  request: z.object({ method: z.string(), url: z.string(), headers: z.array(z.tuple([z.string(), z.string()])) }),
  response: z
    .object({
      headers: z.array(z.tuple([z.string(), z.string()])),
      body: z.string().nullable().describe("null unless it was asked for (`reveal`): a server may repeat what it got"),
      truncated: z.boolean(),
    })
    .nullable(),
  providerId: z.string().nullable(),
});
export type ForwardAttempt = z.infer<typeof ForwardAttempt>;

export const ForwardEventDetail = ForwardEvent.extend({
  /** Request body as sent; null unless it was asked for (`reveal`). */
  payload: z.string().nullable(),
  contentType: z.string(),
  cancelOn: CancelOn,
  stanza: z
    .object({ xml: z.string(), masked: z.boolean().describe("what was written is left out; `reveal` shows it") })
    .nullable()
    .describe("the message it is about, as it is kept; null: it is kept no more, or never was"),
  attemptList: z.array(ForwardAttempt),
});
export type ForwardEventDetail = z.infer<typeof ForwardEventDetail>;
