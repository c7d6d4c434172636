import { randomBytes } from "node:crypto";
import type { SubscriptionRow } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";

/** `<subscription/>`, XEP-0060 5.6. */
export function subscriptionElement({ jid, node, state, subid }: SubscriptionRow, ns: string): Element {
  return el("subscription", ns, { node, jid, subscription: state, subid });
}

export function newSubid(): string {
  return randomBytes(9).toString("base64url");
}
