import { createHash } from "node:crypto";
import type { Host } from "../../core/host.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";

/** What `ver` is a hash for; names the software (XEP-0115 4). */
export const capsNode = "urn:nightpost:server";

/** The verification string of what the host can do, XEP-0115 5.1: base64 of its SHA-1. */
export function capsVersion(host: Host): string {
  const identities = host.identities("host").map(({ category, type, name }) => `${category}/${type}//${name ?? ""}<`);
  const features = host.features("host").map((feature) => `${feature}<`);
  const text = identities.toSorted().join("") + features.toSorted().join("");
  return createHash("sha1").update(text).digest("base64");
}

/** `<c/>` for the stream features, XEP-0115 6.3. */
export function capsElement(host: Host): Element {
  return el("c", NS.caps, { hash: "sha-1", node: capsNode, ver: capsVersion(host) });
}
