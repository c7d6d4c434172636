import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

export const NS_CARBONS = "urn:xmpp:carbons:2";
const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
const NS_INVITATION = "jabber:x:conference";
/** Receipts, chat states and markers (XEP-0184, 0085, 0333). */
const signals: ReadonlySet<string> = new Set([NS.receipts, NS.chatStates, "urn:xmpp:chat-markers:0"]);

/**
 * Which messages the account's other resources get a copy of, XEP-0280 6.1. `isPrivateOfRoom`: it came to a full address, from
 * an occupant of a room, who sends it to all clients in the room anyway. `refused`: what an error answers, if that is known.
 */
export function isCopied(
  stanza: Stanza,
  way: { readonly isIncoming: boolean; readonly isToFull: boolean; readonly refused?: Stanza | undefined },
): boolean {
  if (stanza.has("private", NS_CARBONS) || stanza.has("no-copy", NS.hints)) return false;
  if (stanza.type === "error") return isErrorCopied(stanza, way);
  if (stanza.type === "groupchat" || stanza.type === "headline") return false;
  const room = stanza.child("x", NS_MUC_USER);
  if (room?.child("invite") !== undefined || stanza.has("x", NS_INVITATION)) return true;
  if (room !== undefined && way.isIncoming && way.isToFull) return false;
  if (stanza.type === "chat" || stanza.has("body")) return true;
  return stanza.children.some(({ ns }) => signals.has(ns));
}

// Of an error from elsewhere nobody knows what it answers; messages of a conversation go to bare addresses, and so do
// their errors come from there.
function isErrorCopied(
  error: Stanza,
  way: { readonly isIncoming: boolean; readonly refused?: Stanza | undefined },
): boolean {
  if (!way.isIncoming) return false;
  if (way.refused !== undefined) return isCopied(way.refused, { isIncoming: false, isToFull: false });
  return error.from !== undefined && !error.from.includes("/");
}
