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
  const identities = host.identities("host").map(({ category, type, name }) => `${category}/${type}//${name ?? ""}<`);
  const features = host.features("host").map((feature) => `${feature}<`);
  const forms = host.forms("host").map(formString);
  const text = [identities, features, forms].map((parts) => parts.toSorted(byOctets).join("")).join("");
  return createHash("sha1").update(text).digest("base64");
}

/** `<c/>` for the stream features, XEP-0115 6.3. */
export function capsElement(host: Host): Element {
  return el("c", NS.caps, { hash: "sha-1", node: capsNode, ver: capsVersion(host) });
}

// XEP-0115 5.1, steps 6 and 7: the form's type, then its fields with their values.
function formString(form: Element): string {
  let type = "";
  const fields: string[] = [];
  for (const field of form.elements("field")) {
    const name = field.attr("var") ?? "";
    const values = field.elements("value").map((value) => `${value.text}<`);
    if (name === "FORM_TYPE") type = values.join("");
    else fields.push(`${name}<${values.toSorted(byOctets).join("")}`);
  }
  return type + fields.toSorted(byOctets).join("");
}
