import { type ErlangTerm, erlangAtom, erlangList, erlangText, erlangTuple } from "./erlang-data.ts";
import { isXmlName, xmlElement, xmlText } from "./xml-text.ts";

/**
 * An element as ejabberd keeps it: `{xmlel, Name, Attributes, Children}`, before ejabberd 13 `xmlelement`. `namespace` holds where
 * it names none itself; `added` is XML that goes behind its content. Empty: it is none.
 */
export function ejabberdElement(term: ErlangTerm | undefined, namespace?: string, added = ""): string {
  return elementOf(term, namespace === undefined ? {} : { xmlns: namespace }, added, new Set(["xml"]));
}

/** Names that begin with `xml` are nobody's to declare (XML Names 3). */
const PREFIX = /^xmlns:(?!xml)./i;

function elementOf(
  term: ErlangTerm | undefined,
  more: Readonly<Record<string, string>>,
  added: string,
  known: ReadonlySet<string>,
): string {
  const [kind, nameTerm, attributeList, children] = erlangTuple(term);
  const isElement = erlangAtom(kind) === "xmlel" || erlangAtom(kind) === "xmlelement";
  const name = erlangText(nameTerm) ?? "";
  if (!isElement || !isXmlName(name)) return "";
  const given = erlangList(attributeList).map((pair) => erlangTuple(pair).map((each) => erlangText(each) ?? ""));
  const declared = given.flatMap(([key = "", value = ""]) =>
    PREFIX.test(key) && value !== "" ? [key.slice("xmlns:".length)] : [],
  );
  const prefixes = declared.length === 0 ? known : new Set([...known, ...declared]);
  // What its stream declared was not kept with it.
  if (!isDeclared(name, prefixes)) return "";
  const attributes = new Map(Object.entries(more));
  for (const [key = "", value = ""] of given)
    if (PREFIX.test(key) ? value !== "" : isDeclared(key, prefixes)) attributes.set(key, value);
  const content = erlangList(children).map((child) => childOf(child, prefixes));
  return xmlElement(name, Object.fromEntries(attributes), content.join("") + added);
}

function childOf(child: ErlangTerm, prefixes: ReadonlySet<string>): string {
  const [kind, text] = erlangTuple(child);
  return erlangAtom(kind) === "xmlcdata" ? xmlText(erlangText(text) ?? "") : elementOf(child, {}, "", prefixes);
}

function isDeclared(name: string, prefixes: ReadonlySet<string>): boolean {
  const colon = name.indexOf(":");
  return colon < 0 || prefixes.has(name.slice(0, colon));
}

/** The address that `{User, Server, Resource}` or a `jid` record stands for; empty: it is none. */
export function ejabberdJid(term: ErlangTerm | undefined): string {
  const parts = erlangTuple(term);
  const [user, server, resource] = (erlangAtom(parts[0]) === "jid" ? parts.slice(1, 4) : parts).map(erlangText);
  if (!server) return "";
  return `${user ? `${user}@` : ""}${server}${resource ? `/${resource}` : ""}`;
}

/** `{MegaSeconds, Seconds, MicroSeconds}` in milliseconds since the epoch. */
export function ejabberdTime(term: ErlangTerm | undefined): number | undefined {
  const [mega, seconds, micro] = erlangTuple(term);
  if (typeof mega !== "number" || typeof seconds !== "number" || typeof micro !== "number") return undefined;
  const at = (mega * 1_000_000 + seconds) * 1000 + Math.floor(micro / 1000);
  return Math.abs(at) <= 8.64e15 ? at : undefined;
}

/** XEP-0203; empty where the time is not known. */
export function delayElement(at: number | undefined, from?: string): string {
  if (at === undefined) return "";
  return xmlElement("delay", { xmlns: "urn:xmpp:delay", from, stamp: new Date(at).toISOString() });
}
