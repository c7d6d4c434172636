import { StreamError } from "./errors.ts";
import { unescapeAttribute } from "./escape.ts";
import { isContentNamespace, NS } from "./namespaces.ts";
import type { ElementScan } from "./scan.ts";
import { attributeFields } from "./structure.ts";
import type { Scope } from "./tree.ts";

/** The attributes of `<stream:stream>`, RFC 6120 4.7, as text. */
export interface StreamHeader {
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly id: string | undefined;
  readonly version: string | undefined;
  readonly lang: string | undefined;
  /** The content namespace, RFC 6120 4.8.2; "" when the header declares none. */
  readonly defaultNs: string;
  readonly ns: string;
}

/** What the parser must remember of a header. */
export interface StreamFrame {
  /** The name that the closing tag has to repeat. */
  readonly tag: string;
  readonly scope: Scope;
  readonly alias: string | undefined;
}

const USUAL_FRAME: StreamFrame = {
  tag: "stream:stream",
  scope: new Map([
    ["", NS.client],
    ["stream", NS.stream],
  ]),
  alias: undefined,
};

/** All streams that begin the usual way share one frame. */
function frameOf(tag: string, scope: Scope, defaultNs: string): StreamFrame {
  const isUsual = tag === USUAL_FRAME.tag && defaultNs === NS.client && scope.size === 2;
  if (isUsual && scope.get("stream") === NS.stream) return USUAL_FRAME;
  if (!isContentNamespace(defaultNs) || defaultNs === NS.client) return { tag, scope, alias: undefined };
  return { tag, scope: new Map(scope).set("", NS.client), alias: defaultNs };
}

/** Reads a completed header scan. Throws StreamError when it opens no XMPP stream. */
export function readHeader(
  scan: ElementScan,
  bytes: Buffer,
  base: number,
): { header: StreamHeader; frame: StreamFrame } {
  const { structure } = scan;
  if (structure.rootNs !== NS.stream) throw new StreamError("invalid-namespace", structure.rootNs);
  if (structure.rootName !== "stream") throw new StreamError("bad-format", "stream header expected");

  const values = new Map<string, string>();
  for (let i = 0; i < structure.rootAttributeCount * attributeFields; i += attributeFields) {
    const [nameStart = 0, , nameEnd = 0, valueStart = 0, valueEnd = 0] = structure.rootAttributes.slice(
      i,
      i + attributeFields,
    );
    const value = bytes.toString("utf8", base + valueStart, base + valueEnd);
    values.set(bytes.toString("utf8", base + nameStart, base + nameEnd), unescapeAttribute(value));
  }
  const header: StreamHeader = {
    to: values.get("to"),
    from: values.get("from"),
    id: values.get("id"),
    version: values.get("version"),
    lang: values.get("xml:lang"),
    defaultNs: structure.contentNs,
    ns: structure.rootNs,
  };
  const tag = bytes.toString("utf8", base + 1, base + structure.rootNameEnd);
  return { header, frame: frameOf(tag, structure.rootScope(), structure.contentNs) };
}
