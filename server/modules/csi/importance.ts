import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const NS_EVENT = "http://jabber.org/protocol/pubsub#event";
const NS_CARBONS = "urn:xmpp:carbons:2";
const NS_MUC_USER = "http://jabber.org/protocol/muc#user";

/**
 * Under which key a stanza may wait until its client is looked at again, where the newest of a key is worth as much as all
 * of them; null: it goes at once. Presence by sender, chat states by sender, events by sender and node.
 */
export function waitsAs(stanza: Stanza): string | null {
  if (stanza.kind === "presence") return presenceWaitsAs(stanza);
  if (stanza.kind !== "message" || stanza.type === "error") return null;
  const from = stanza.from ?? "";
  // What has text is for somebody to read, whatever else it carries.
  if (stanza.has("event", NS_EVENT)) return stanza.has("body") ? null : eventWaitsAs(stanza, from);
  return isChatStateOnly(stanza) ? `state ${from}` : null;
}

// Subscriptions and errors want an answer from somebody. What a room tells of itself in presence (status codes) is its
// protocol: a kick or the end of a join is not to be missed.
function presenceWaitsAs(stanza: Stanza): string | null {
  if (stanza.type !== undefined && stanza.type !== "unavailable") return null;
  const room = stanza.child("x", NS_MUC_USER);
  return room?.child("status") === undefined ? `presence ${stanza.from ?? ""}` : null;
}

// One node's items replace each other only where it has one; so an event with a purge, a deletion or several items goes.
function eventWaitsAs(stanza: Stanza, from: string): string | null {
  const items = stanza.child("event", NS_EVENT)?.child("items");
  const entries = items?.elements() ?? [];
  const [item] = entries;
  if (items === undefined || item === undefined || entries.length > 1 || item.name !== "item") return null;
  return `event ${from} ${items.attr("node") ?? ""} ${item.attr("id") ?? ""}`;
}

function isChatStateOnly(stanza: Stanza): boolean {
  let isState = false;
  for (const { name, ns } of stanza.children) {
    if (ns === NS.chatStates) isState = true;
    else if (ns === NS_CARBONS) return isCarbonOfState(stanza);
    else if (ns !== NS.hints && ns !== NS.stanzaId && !(ns === stanza.ns && name === "thread")) return false;
  }
  return isState;
}

function isCarbonOfState(stanza: Stanza): boolean {
  const carbon = stanza.child("received", NS_CARBONS) ?? stanza.child("sent", NS_CARBONS);
  const inner = carbon?.child("forwarded", NS.forward)?.child("message", NS.client);
  const told = inner?.elements().filter(({ ns, name }) => ns !== NS.hints && !(ns === NS.client && name === "thread"));
  return told !== undefined && told.length > 0 && told.every(({ ns }) => ns === NS.chatStates);
}
