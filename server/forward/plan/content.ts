import type { Element } from "../../xmpp/element.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

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

const fallbackNs = "urn:xmpp:fallback:0";

/** XEP-0428: the whole body is a notice for clients that do not know what the message means. */
export function isFallback(message: Stanza): boolean {
  if (!message.has("fallback", fallbackNs)) return false;
  return message.element.elements("fallback", fallbackNs).some((one) => {
    const body = one.child("body");
    return one.elements().length === 0 || (body !== undefined && body.attr("start") === undefined);
  });
}

const callNamespaces = ["urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1"];
const maxMedia = 8;

/** The session that a message proposes (XEP-0353 3.1), with the media that its descriptions name; null: it proposes none. */
export function callOf(message: Stanza): { readonly id: string; readonly media: readonly string[] } | null {
  for (const ns of callNamespaces) {
    const propose = message.child("propose", ns);
    const id = propose?.attr("id");
    if (propose === undefined || id === undefined || id === "") continue;
    const media = propose.elements().flatMap((one) => (one.name === "description" ? (one.attr("media") ?? []) : []));
    return { id, media: [...new Set(media)].slice(0, maxMedia) };
  }
  return null;
}

const answersOfCallee: ReadonlySet<string> = new Set(["accept", "proceed", "reject"]);
const answersOfCaller: ReadonlySet<string> = new Set(["retract", "finish"]);

/** Whose word it is that a proposed session is being dealt with, or over (XEP-0353 3.2 to 3.5). */
export function callAnswerOf(message: Stanza): { readonly isByCallee: boolean; readonly isByCaller: boolean } {
  let isByCallee = false;
  let isByCaller = false;
  for (const { name, ns } of message.children) {
    if (!callNamespaces.includes(ns)) continue;
    isByCallee ||= answersOfCallee.has(name) || name === "finish";
    isByCaller ||= answersOfCaller.has(name);
  }
  return { isByCallee, isByCaller };
}
