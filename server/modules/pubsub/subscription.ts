import { randomBytes } from "node:crypto";
import type { SubscriptionRow, SubscriptionState } from "../../storage/ports.ts";
import { type Element, el } from "../../xmpp/element.ts";

/** `<subscription/>`, XEP-0060 5.6; `none`: of one that has ended (6.2.2). */
export function subscriptionElement(
  { jid, node, state, subid }: Omit<SubscriptionRow, "state"> & { readonly state: SubscriptionState | "none" },
  ns: string,
): Element {
  return el("subscription", ns, { node, jid, subscription: state, subid });
}

export function newSubid(): string {
  return randomBytes(9).toString("base64url");
}
