import { z } from "zod";
import { ForwardTarget } from "./forward-target.ts";
import { cancelMoments, encryptions, messageClasses, messageHints } from "./words.ts";

const TargetName = z
  .string()
  .regex(/^(?!__proto__$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, "letters, digits, _ . - and at most 64 of them");

/**
 * What a message is to somebody who is away. `chat` and `normal` by type, with content of their own; `groupchat` in a room
 * whose absent members are told; `mention` the same, when it names the recipient; `call` a proposal (XEP-0353);
 * `subscription` a request to see the recipient's presence.
 */
export const MessageClass = z.enum(messageClasses);
export type MessageClass = z.infer<typeof MessageClass>;

/** A bare JID, a domain, `*@domain`, or `acl:` and the name of an ACL of the policy. */
const Who = z.string().min(1).max(3071);

/** What cancels an event that waits: nothing, the recipient coming online, or the recipient having read the conversation. */
export const CancelOn = z.enum(cancelMoments);
export type CancelOn = z.infer<typeof CancelOn>;

/**
 * Which messages go where. Rules are asked in order; each that matches adds its targets, unless one before it was `last`. A
 * message goes to a target once, by the first rule that names it. Every condition that is given has to hold.
 */
export const ForwardRule = z.strictObject({
  name: TargetName,
  enabled: z.boolean().default(true),
  /** Hosts of the recipient; empty: all. */
  hosts: z.array(z.string().max(1023)).max(1000).default([]),
  classes: z.array(MessageClass).min(1).default(["chat"]),
  /** One of them has to be the sender, or the recipient; empty: anybody. */
  senders: z.array(Who).max(1000).default([]),
  recipients: z.array(Who).max(1000).default([]),
  /** Whether the message is end-to-end encrypted. */
  encrypted: z.enum(encryptions).default("any"),
  /** XEP-0334: one of them has to be there; empty: no matter. */
  hints: z.array(z.enum(messageHints)).max(3).default([]),
  /** A condition in CEL over `message`, for what the others cannot say; empty: none. */
  expression: z.string().max(4096).default(""),
  targets: z.array(TargetName).max(50),
  /** Rules after this one are not asked about a message that it matches. With no targets: the message is not forwarded. */
  last: z.boolean().default(false),
  /** null: what is usual for the kind of target (`read` for devices, `never` for webhooks). */
  cancelOn: CancelOn.nullable().default(null),
  /** Waits so long before the first attempt, so that a recipient who comes back has seen it. */
  delaySeconds: z.int().min(0).max(86_400).default(0),
  /** Shortens the target's own. */
  ttlSeconds: z.int().min(10).max(2_592_000).nullable().default(null),
});
export type ForwardRule = z.infer<typeof ForwardRule>;

export const ForwardPolicy = z.strictObject({
  targets: z.record(TargetName, ForwardTarget),
  rules: z.array(ForwardRule).max(1000),
});
export type ForwardPolicy = z.infer<typeof ForwardPolicy>;
