import type { Element } from "../xmpp/element.ts";
import type { Stanza } from "../xmpp/stanza.ts";

/** XEP-0380: a message whose content is encrypted says with what; the body beside it is a notice, not what was written. */
const emeNs = "urn:xmpp:eme:0";
const encryptionNamespaces: ReadonlyMap<string, string> = new Map([
  ["eu.siacs.conversations.axolotl", "encrypted"],
  ["urn:xmpp:omemo:1", "encrypted"],
  ["urn:xmpp:omemo:2", "encrypted"],
  ["urn:xmpp:openpgp:0", "openpgp"],
  ["jabber:x:encrypted", "x"],
]);

/** Namespace of the end-to-end encryption that a message uses; null when it can be read. */
export function encryptionOf(message: Stanza): string | null {
  for (const child of message.children) {
    if (encryptionNamespaces.get(child.ns) === child.name) return child.ns;
    if (child.ns === emeNs && child.name === "encryption") {
      return message.child("encryption", emeNs)?.attr("namespace") ?? emeNs;
    }
  }
  return null;
}

/**
 * Text of `<body/>` or `<subject/>` for somebody whose language is not known: the one without a language of its own, else
 * the first (RFC 6121 5.2.3). undefined when there is none.
 */
export function textOf(message: Stanza, name: "body" | "subject"): string | undefined {
  let count = 0;
  for (const child of message.children) if (child.name === name && child.ns === message.ns) count += 1;
  if (count === 0) return undefined;
  if (count === 1) return message.childText(name);
  const all: Element[] = message.element.elements(name, message.ns);
  return (all.find((one) => one.attr("xml:lang") === undefined) ?? all[0])?.text;
}
