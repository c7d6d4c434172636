import { createHash } from "node:crypto";
import type { Host } from "../../core/host.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { byOctets, infoOf } from "./info.ts";

export const NS_CAPS2 = "urn:xmpp:caps";
const NS_HASHES = "urn:xmpp:hashes:2";
const algorithm = "sha-256";
/** XEP-0390 5: what was told lately is still answered for. */
const remembered = 3;

/** What a host said that it can do. */
interface Told {
  readonly revision: number;
  readonly hash: string;
  readonly info: readonly Element[];
}
const toldBy = new WeakMap<Host, readonly Told[]>();

/** `<c/>` for the stream features, XEP-0390 4.1. */
export function hashCapsElement(host: Host): Element {
  return el("c", NS_CAPS2, undefined, el("hash", NS_HASHES, { algo: algorithm }, lately(host)[0]!.hash));
}

/** What stands behind a node that is a hash (XEP-0390 4.3); undefined: it is none, or one of long ago. */
export function infoBehind(host: Host, node: string): readonly Element[] | undefined {
  const prefix = `${NS_CAPS2}#${algorithm}.`;
  if (!node.startsWith(prefix)) return undefined;
  return lately(host).find(({ hash }) => hash === node.slice(prefix.length))?.info;
}

/** The newest first, which is true. */
function lately(host: Host): readonly Told[] {
  const { revision } = host;
  const before = toldBy.get(host) ?? [];
  if (before[0]?.revision === revision) return before;
  const info = infoOf(host, "host");
  const hash = createHash("sha256").update(hashInput(info)).digest("base64");
  const others = before.filter((one) => one.hash !== hash);
  const told = [{ revision, hash, info }, ...others].slice(0, remembered);
  toldBy.set(host, told);
  return told;
}

/** XEP-0390 3.1: each level of it ends with a separator of its own. */
export function hashInput(info: readonly Element[]): string {
  const of = (name: string): Element[] => info.filter((element) => element.name === name);
  const features = of("feature").map((feature) => unit(feature.attr("var")));
  const identities = of("identity").map(
    (identity) => `${["category", "type", "xml:lang", "name"].map((key) => unit(identity.attr(key))).join("")}\x1e`,
  );
  const forms = of("x").map((form) => `${sorted(form.elements("field").map(fieldInput))}\x1d`);
  return [features, identities, forms].map((parts) => `${sorted(parts)}\x1c`).join("");
}

function fieldInput(field: Element): string {
  return `${unit(field.attr("var"))}${sorted(field.elements("value").map(({ text }) => unit(text)))}\x1e`;
}

function unit(text = ""): string {
  return `${text}\x1f`;
}

function sorted(parts: readonly string[]): string {
  return parts.toSorted(byOctets).join("");
}
