import { z } from "zod";
import { HostName, Timestamp } from "./endpoint.ts";
import { CancelOn, ForwardRule, MessageClass } from "./forward-policy.ts";
import { Name } from "./policy.ts";
import { told } from "./told.ts";

/** A message to ask the rules about: its XML, or that of an event whose message is still kept. */
export const SimulationInput = z.object({
  host: HostName.describe("the recipient's"),
  stanza: z.string().max(262_144).optional().describe("a <message/> or a presence of type subscribe, with from and to"),
  event: z.string().max(64).optional(),
  class: MessageClass.optional().describe("`groupchat` or `mention`: as if it came through a room; else found out"),
  rules: z.array(ForwardRule).max(1000).optional().describe("ask these instead of those in force"),
});

/** What the server does with the message when its recipient is away: found by what does it. */
export const Simulation = z.object({
  class: MessageClass.nullable().describe("null: nothing that is forwarded"),
  stored: z.boolean(),
  reason: z.string().describe("why it is stored or not"),
  encrypted: z.string().nullable(),
  rules: z.array(
    z.object({
      name: z.string(),
      matched: z.boolean(),
      reason: z.string().describe("the first condition that failed, or that all hold"),
    }),
  ),
  events: z.array(
    z.object({
      target: Name,
      kind: z.string(),
      rule: z.string(),
      devices: z.int().nullable().describe("how many of the recipient's devices it goes to; null: a web server"),
      dueAt: Timestamp,
      expiresAt: Timestamp,
      cancelOn: CancelOn,
      contentType: z.string(),
      payload: z.string().nullable().describe("null unless the actor may read bodies"),
      bytes: z.int(),
    }),
  ),
  skipped: z.array(z.object({ target: Name, reason: z.string() })).describe("targets that a rule named in vain"),
});
export type Simulation = z.infer<typeof Simulation>;

/** What a target's settings say before they are saved. */
export const TargetCheck = z.object({
  problems: z.array(
    z.object({
      field: z.string(),
      message: z.string(),
      line: z.int().nullable(),
      column: z.int().nullable(),
      ...told,
    }),
  ),
  facts: z.array(z.tuple([z.string(), z.string()])).describe("what is in a key file: project, account, curve"),
});
export type TargetCheck = z.infer<typeof TargetCheck>;
