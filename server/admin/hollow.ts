import { el } from "../xmpp/element.ts";
import type { Stanza } from "../xmpp/stanza.ts";

// XEP-0077, XEP-0078 and XEP-0133 by XEP-0050: payloads with passwords in them.
const secretPayloads = new Set(["jabber:iq:register", "jabber:iq:auth", "http://jabber.org/protocol/commands"]);

/** Nobody is shown what is in it. */
export function isSecret(stanza: Stanza): boolean {
  return stanza.kind === "iq" && stanza.children.some(({ ns }) => secretPayloads.has(ns));
}

/** A stanza's addresses and the names of what is in it, without the content. */
export function hollow(stanza: Stanza): string {
  const { to, from, id, type } = stanza;
  const children = stanza.children.map(({ name, ns }) => el(name, ns));
  return el(stanza.name, stanza.ns, { from, to, id, type }, ...children).toString();
}
