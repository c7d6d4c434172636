import { z } from "zod";
import { endpoint, HostName, JidText, Timestamp } from "./endpoint.ts";
import { ForwardAttempt, ForwardEvent } from "./forward-event.ts";

/** Something that happened to a message on its way. */
export const TraceStep = z.object({
  kind: z.enum([
    "received",
    "dropped",
    "kept",
    "given",
    "stored",
    "ignored",
    "refused",
    "waiting",
    "taken",
    "archived",
  ]),
  at: Timestamp.nullable().describe("null: the store does not say when"),
  by: z.string().nullable().describe("the module that decided"),
  detail: z.string().nullable().describe("condition of an error, a hook, or resources that were given it"),
  source: z
    .enum(["store", "memory"])
    .describe("`memory`: known since the server started, and only of the latest messages"),
});
export type TraceStep = z.infer<typeof TraceStep>;

/** A message on its way to one recipient. */
export const TracedMessage = z.object({
  stanzaId: z.string().nullable().describe("of the recipient's account (XEP-0359)"),
  id: z.string().nullable().describe("the sender's"),
  originId: z.string().nullable(),
  from: JidText,
  to: JidText,
  host: HostName,
  type: z.string().nullable(),
  bytes: z.int().nullable(),
  at: Timestamp,
  steps: z.array(TraceStep).describe("in the order in which they happened"),
  forwards: z.array(
    ForwardEvent.extend({ attemptList: z.array(ForwardAttempt.omit({ request: true, response: true })) }),
  ),
});
export type TracedMessage = z.infer<typeof TracedMessage>;

/** What a module decided about a message to an account, or about one from it that it let go no further. */
export const MessageDecision = z.object({
  kind: z.enum(["dropped", "stored", "ignored", "refused"]),
  at: Timestamp,
  by: z.string().nullable().describe("the module that decided"),
  detail: z.string().nullable().describe("condition of an error, or a hook"),
  from: JidText,
  to: JidText,
  traceId: z.string().nullable().describe("what the message is traced by; null: it has no id"),
  planned: z.int().describe("forwards and pushes that the forward rules made of it"),
  forwards: z
    .array(ForwardEvent.pick({ id: true, target: true, rule: true }))
    .describe("those of them that the store has, and knows the message of"),
});
export type MessageDecision = z.infer<typeof MessageDecision>;

export const trace = {
  decisions: endpoint(
    "GET",
    "/users/{jid}/decisions",
    { permission: "offline:read", host: "jid" },
    "What was decided about the latest messages of an account, the newest first",
  )
    .input(z.object({ jid: JidText, limit: z.coerce.number().int().min(1).max(100).default(20) }))
    .output(
      z.object({
        items: z.array(MessageDecision),
        memorySince: Timestamp.nullable().describe("decisions are remembered since then; null: none yet"),
      }),
    ),
  get: endpoint(
    "GET",
    "/trace/{id}",
    { permission: "offline:read", filtered: true },
    "What became of a message, by its stanza id, origin id, message id or the id of an event",
  )
    .input(z.object({ id: z.string().min(1).max(512) }))
    .output(
      z.object({
        messages: z.array(TracedMessage).describe("several when an id of a client's was used again"),
        memorySince: Timestamp.nullable().describe("decisions are remembered since then; null: none yet"),
      }),
    ),
};
