import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
/** Invitations (XEP-0249), encrypted messages (XEP-0380) and links (XEP-0066) mean something without a body. */
const contents: ReadonlySet<string> = new Set(["jabber:x:conference", "urn:xmpp:eme:0", "jabber:x:oob"]);

/** XEP-0160 3. */
const notByType: ReadonlyMap<string, string> = new Map([
  ["error", "it is an error"],
  ["groupchat", "it is for a group chat"],
  ["headline", "it is a headline"],
]);

const signals: ReadonlyMap<string, string> = new Map([
  [NS.chatStates, "chat state"],
  [NS.receipts, "receipt"],
  ["urn:xmpp:chat-markers:0", "chat marker"],
]);

/** Which messages without a body are kept, ejabberd's `store_empty_body`. */
export type EmptyBodies = "never" | "unless_chat_state" | "always";

/**
 * Why a message is not kept for somebody who is away; null when it is kept. XEP-0160 3 by type, then the hints of
 * XEP-0334 4, then whether there is anything in it for a person: text, a subject, an invitation, something encrypted or
 * a link. `no-permanent-store` keeps a message out of archives only (XEP-0334 3.3).
 */
export function offlineRule(stanza: Stanza, emptyBodies: EmptyBodies): string | null {
  const byType = notByType.get(stanza.type ?? "normal");
  if (byType !== undefined) return byType;
  if (stanza.has("store", NS.hints)) return null;
  if (stanza.has("no-store", NS.hints)) return "its sender asked not to store it";
  if (hasContent(stanza)) return null;
  const signal = signalOf(stanza);
  if (emptyBodies === "always") return null;
  if (emptyBodies === "unless_chat_state" && signal !== "chat state") return null;
  return signal === null ? "it has no text" : `it is nothing but a ${signal}`;
}

function hasContent(stanza: Stanza): boolean {
  if (stanza.children.some(({ ns }) => contents.has(ns))) return true;
  if ((stanza.childText("body") ?? "") !== "" || (stanza.childText("subject") ?? "") !== "") return true;
  return stanza.child("x", NS_MUC_USER)?.child("invite") !== undefined;
}

/** What a message without content tells, when it tells one thing only. `<thread/>` goes with anything. */
function signalOf(stanza: Stanza): string | null {
  let signal: string | null = null;
  for (const { name, ns } of stanza.children) {
    const meaning = signals.get(ns);
    if (meaning === undefined) {
      if (ns === NS.hints || (ns === stanza.ns && name === "thread")) continue;
      return null;
    }
    if (signal !== null && signal !== meaning) return null;
    signal = meaning;
  }
  return signal;
}
