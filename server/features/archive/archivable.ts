import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

/**
 * What makes a message without a body part of a conversation: encrypted text (XEP-0373, 0380, 0384), receipts and markers
 * (0184, 0333), corrections, reactions and retractions (0424, 0444, 0461), links (0066), invitations (0249), calls (0353).
 */
const contents: ReadonlySet<string> = new Set([
  "eu.siacs.conversations.axolotl",
  "urn:xmpp:omemo:2",
  "urn:xmpp:openpgp:0",
  "urn:xmpp:eme:0",
  "jabber:x:encrypted",
  NS.receipts,
  "urn:xmpp:chat-markers:0",
  "urn:xmpp:message-retract:0",
  "urn:xmpp:message-retract:1",
  "urn:xmpp:reactions:0",
  "jabber:x:oob",
  "jabber:x:conference",
  "urn:xmpp:jingle-message:0",
]);

/** Parts of the above that only ask for something. */
const requests: ReadonlySet<string> = new Set(["request", "markable"]);

/**
 * Whether a message belongs into the archives of those it concerns: of the types `normal` and `chat`, with content (XEP-0313
 * 6.1.1), unless its hints say otherwise (XEP-0334 4). `no-permanent-store` is about archives and wins even over `store`.
 */
export function isArchivable(stanza: Stanza): boolean {
  const { type } = stanza;
  return type !== "groupchat" && type !== "headline" && type !== "error" && isLasting(stanza);
}

/** Whether it has content to be kept, whatever its type. */
export function isLasting(stanza: Stanza): boolean {
  let isContent = false;
  let isRefused = false;
  for (const { name, ns } of stanza.children) {
    if (ns === NS.hints) {
      if (name === "no-permanent-store") return false;
      if (name === "store") return !stanza.has("no-permanent-store", NS.hints);
      if (name === "no-store") isRefused = true;
    } else if (ns === stanza.ns) {
      if (name === "body" || name === "subject") isContent = true;
    } else if (!isContent && contents.has(ns) && !requests.has(name)) {
      isContent = true;
    }
  }
  return isContent && !isRefused;
}
