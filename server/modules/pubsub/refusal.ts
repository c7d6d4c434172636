import { el } from "../../xmpp/element.ts";
import { StanzaError, type StanzaCondition, type StanzaErrorType } from "../../xmpp/errors.ts";
import { NS_ERRORS } from "./names.ts";

/** XEP-0060 16.4, as far as this service gives them. */
export type PubsubCondition =
  | "closed-node"
  | "invalid-jid"
  | "invalid-options"
  | "invalid-payload"
  | "invalid-subid"
  | "item-forbidden"
  | "item-required"
  | "jid-required"
  | "max-items-exceeded"
  | "max-nodes-exceeded"
  | "nodeid-required"
  | "not-in-roster-group"
  | "not-subscribed"
  | "payload-required"
  | "payload-too-big"
  | "pending-subscription"
  | "precondition-not-met"
  | "presence-subscription-required"
  | "too-many-subscriptions"
  | "unsupported-access-model";

/** An error with its pubsub condition (XEP-0060 16.4). */
export function refusal(
  condition: StanzaCondition,
  app: PubsubCondition,
  options: { readonly type?: StanzaErrorType; readonly text?: string } = {},
): StanzaError {
  const { text, type } = options;
  return StanzaError.of(condition, text, { app: el(app, NS_ERRORS), ...(type === undefined ? {} : { type }) });
}

export function tooManyNodes(why: "too-many-nodes" | "too-many-of-creator"): StanzaError {
  const text = why === "too-many-nodes" ? "there are too many nodes" : "you have made too many nodes";
  return refusal("policy-violation", "max-nodes-exceeded", { type: "cancel", text });
}

/** A feature of XEP-0060 10 that is not there. */
export function unsupported(feature: string): StanzaError {
  return StanzaError.of("feature-not-implemented", undefined, { app: el("unsupported", NS_ERRORS, { feature }) });
}
