import { createHash } from "node:crypto";
import type { Element } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";

/** What a client says of itself in presence (XEP-0115 4). */
export interface Caps {
  readonly node: string;
  readonly ver: string;
  /** null: the format before version 1.4, whose `ver` proves nothing. */
  readonly hash: string | null;
}

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ["sha-1", "sha1"],
  ["sha-256", "sha256"],
  ["sha-512", "sha512"],
]);

export function readCaps(c: Element | undefined): Caps | null {
  const node = c?.attr("node");
  const ver = c?.attr("ver");
  if (c === undefined || node === undefined || ver === undefined || ver === "") return null;
  return { node, ver, hash: c.attr("hash") ?? null };
}

/**
 * Does a disco#info answer prove the `ver` (XEP-0115 5.4)? Then it holds for everybody who shows that one. An answer that
 * could be read in two ways proves nothing: the verification string has no escapes, so `<` must not be in any of its parts.
 */
export function proves(query: Element, { hash, ver }: Caps): boolean {
  const algorithm = ALGORITHMS.get(hash ?? "");
  const text = algorithm === undefined ? null : verificationString(query);
  return algorithm !== undefined && text !== null && createHash(algorithm).update(text).digest("base64") === ver;
}

/** XEP-0115 5.1; null: the answer is ill-formed (5.4). */
function verificationString(query: Element): string | null {
  const identities = query
    .elements("identity")
    .map((one) => ["category", "type", "xml:lang", "name"].map((key) => one.attr(key) ?? "").join("/"));
  const features = query.elements("feature").map((one) => one.attr("var") ?? "");
  const forms = query
    .elements("x", NS.forms)
    .map(formStrings)
    .filter((form) => form !== null);
  const formTypes = forms.map(([type]) => type);
  if ([identities, features, formTypes].some((parts) => new Set(parts).size !== parts.length)) return null;
  const parts = [
    ...identities.toSorted(byOctets),
    ...features.toSorted(byOctets),
    ...forms.toSorted(([one = ""], [other = ""]) => byOctets(one, other)).flat(),
  ];
  return parts.some((part) => part.includes("<")) ? null : parts.map((part) => `${part}<`).join("");
}

/** The form's FORM_TYPE, then its fields with their values; null: a form without one does not count. */
function formStrings(form: Element): string[] | null {
  const fields = form.elements("field").map((field) => ({
    name: field.attr("var") ?? "",
    type: field.attr("type"),
    values: field.elements("value").map((value) => value.text),
  }));
  const formType = fields.find(({ name }) => name === "FORM_TYPE");
  const [value] = formType?.values ?? [];
  if (formType?.type !== "hidden" || value === undefined) return null;
  const others = fields.filter(({ name }) => name !== "FORM_TYPE").toSorted((a, b) => byOctets(a.name, b.name));
  return [value, ...others.flatMap(({ name, values }) => [name, ...values.toSorted(byOctets)])];
}

// i;octet, RFC 4790 9.3.
function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
