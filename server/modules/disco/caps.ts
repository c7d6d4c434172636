import { createHash } from "node:crypto";
import type { Host } from "../../core/host.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { byOctets } from "./info.ts";

/** What `ver` is a hash for; names the software (XEP-0115 4). */
export const capsNode = "urn:nightpost:server";

const known = new WeakMap<Host, { readonly revision: number; readonly version: string }>();

/** The verification string of what the host can do, XEP-0115 5.1: base64 of its SHA-1. Every login asks for it. */
export function capsVersion(host: Host): string {
  const { revision } = host;
  const before = known.get(host);
  if (before?.revision === revision) return before.version;
  const version = versionOf(host);
  known.set(host, { revision, version });
  return version;
}

function versionOf(host: Host): string {
  const identities = host.identities("host").map(({ category, type, name }) => `${category}/${type}//${name ?? ""}`);
  const forms = host.forms("host").map(formString);
  const text = terminated(identities) + terminated(host.features("host")) + forms.toSorted(byOctets).join("");
  return createHash("sha1").update(text).digest("base64");
}

/** In their order, each with a `<` behind it, which itself plays no part in the order. */
function terminated(parts: readonly string[]): string {
  return parts
    .toSorted(byOctets)
    .map((part) => `${part}<`)
    .join("");
}

/** `<c/>` for the stream features, XEP-0115 6.3. */
export function capsElement(host: Host): Element {
  return el("c", NS.caps, { hash: "sha-1", node: capsNode, ver: capsVersion(host) });
}

// XEP-0115 5.1, steps 6 and 7: the form's type, then its fields with their values.
function formString(form: Element): string {
  const fields = form.elements("field").map((field) => ({
    name: field.attr("var") ?? "",
    values: terminated(field.elements("value").map(({ text }) => text)),
  }));
  const type = fields.find(({ name }) => name === "FORM_TYPE")?.values ?? "";
  const others = fields.filter(({ name }) => name !== "FORM_TYPE").toSorted((a, b) => byOctets(a.name, b.name));
  return type + others.map(({ name, values }) => `${name}<${values}`).join("");
}
