import type { MessageClass } from "../../storage/ports.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { callOf, encryptionOf, textOf } from "../plan/content.ts";

const mucUserNs = "http://jabber.org/protocol/muc#user";
const conferenceNs = "jabber:x:conference";
const oobNs = "jabber:x:oob";
/** XEP-0384 4.6: a message without a payload carries keys, and nothing for a person. */
const omemo: ReadonlySet<string> = new Set(["eu.siacs.conversations.axolotl", "urn:xmpp:omemo:1", "urn:xmpp:omemo:2"]);

/**
 * What a message for an account that is away is to its owner; null: nothing to tell them. `notStored` is why it is not
 * kept (XEP-0160 3), null when it is: what is not kept is not told, but for a call, which rings or does not.
 */
export function classify(stanza: Stanza, notStored: string | null): MessageClass | null {
  if (stanza.kind === "presence") return stanza.type === "subscribe" ? "subscription" : null;
  const type = stanza.type ?? "normal";
  if (type === "groupchat" || type === "headline" || type === "error") return null;
  if (callOf(stanza) !== null) return "call";
  if (notStored !== null || !hasContent(stanza)) return null;
  return type === "chat" ? "chat" : "normal";
}

/** The class of what was said in a room, for a member who is not in it; null: nothing to tell. */
export function classifyRoom(stanza: Stanza, isMentioned: boolean): "groupchat" | "mention" | null {
  if (stanza.has("no-store", NS.hints) && !stanza.has("store", NS.hints)) return null;
  if (!hasText(stanza) && !hasSecret(stanza)) return null;
  return isMentioned ? "mention" : "groupchat";
}

/** There is something in it that a person sees: text, a subject, an invitation, a link, or something encrypted. */
export function hasContent(stanza: Stanza): boolean {
  return (
    hasText(stanza) ||
    (textOf(stanza, "subject") ?? "") !== "" ||
    hasSecret(stanza) ||
    stanza.has("x", conferenceNs) ||
    stanza.has("x", oobNs) ||
    stanza.child("x", mucUserNs)?.child("invite") !== undefined
  );
}

function hasText(stanza: Stanza): boolean {
  return (textOf(stanza, "body") ?? "") !== "";
}

function hasSecret(stanza: Stanza): boolean {
  const ns = encryptionOf(stanza);
  if (ns === null) return false;
  const parts = stanza.children.filter((child) => omemo.has(child.ns) && child.name === "encrypted");
  if (parts.length === 0) return true;
  return parts.some((part) => stanza.child("encrypted", part.ns)?.child("payload") !== undefined);
}

const hintNames = ["no-permanent-store", "no-store", "no-copy", "store"] as const;

/** The hints that a message carries (XEP-0334 4), by name. */
export function hintsOf(stanza: Stanza): readonly string[] {
  return hintNames.filter((name) => stanza.has(name, NS.hints));
}
