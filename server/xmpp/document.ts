import { isSpace, LESS_THAN } from "./characters.ts";
import type { Element } from "./element.ts";
import { StreamError } from "./errors.ts";
import { postAuthLimits, type XmlLimits } from "./limits.ts";
import { ElementScan } from "./scan.ts";
import { parseTree, type Scope } from "./tree.ts";
import { scanDeclaration } from "./xml-declaration.ts";

const NO_SCOPE: Scope = new Map();

interface ScannedDocument {
  readonly scan: ElementScan;
  readonly bytes: Buffer;
  /** Where the root element begins. */
  readonly base: number;
}

function toBytes(xml: string | Uint8Array): Buffer {
  if (typeof xml !== "string") return Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength);
  if (!xml.isWellFormed()) throw new StreamError("unsupported-encoding", "lone surrogate");
  return Buffer.from(xml);
}

/** Scans text that is one element, with nothing but white space and an XML declaration around it. Throws StreamError. */
export function scanDocument(xml: string | Uint8Array, limits: XmlLimits, outer: Scope): ScannedDocument {
  const bytes = toBytes(xml);
  let base = Math.max(scanDeclaration(bytes, 0, bytes.length), 0);
  while (base < bytes.length && isSpace(bytes[base]!)) base++;
  if (bytes[base] !== LESS_THAN) throw new StreamError("not-well-formed", "element expected");
  const scan = new ElementScan(limits, outer, undefined);
  if (!scan.scan(bytes, base, bytes.length)) throw new StreamError("not-well-formed", "unexpected end");
  let end = base + scan.offset;
  while (end < bytes.length && isSpace(bytes[end]!)) end++;
  if (end < bytes.length) throw new StreamError("not-well-formed", "text after the element");
  return { scan, bytes, base };
}

/**
 * Parses stored or admin-supplied XML by the rules of the stream: no DTD, comments, processing instructions or entities of
 * one's own, and the same limits. Throws StreamError.
 */
export function parseDocument(xml: string | Uint8Array, limits: XmlLimits = postAuthLimits): Element {
  const { scan, bytes, base } = scanDocument(xml, limits, NO_SCOPE);
  return parseTree(bytes.toString("utf8", base, base + scan.offset), 0, NO_SCOPE);
}

/**
 * Parses an element of the namespace `wrapper` whose content may leave out the namespace of stanzas: inside, `wrapper` reads as
 * `jabber:client`, and so does the element itself (XEP-0206 2). Throws StreamError.
 */
export function parseWrapper(xml: string | Uint8Array, wrapper: string, limits: XmlLimits): Element {
  const { scan, bytes, base } = scanDocument(xml, limits, NO_SCOPE);
  if (scan.structure.rootNs !== wrapper) throw new StreamError("invalid-namespace", scan.structure.rootNs);
  return parseTree(bytes.toString("utf8", base, base + scan.offset), 0, NO_SCOPE, wrapper);
}
