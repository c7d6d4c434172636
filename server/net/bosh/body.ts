import { parseWrapper } from "../../xmpp/document.ts";
import type { Element } from "../../xmpp/element.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { postAuthLimits, type XmlLimits } from "../../xmpp/limits.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { serialize } from "../../xmpp/serializer.ts";

export const NS_BOSH = "http://jabber.org/protocol/httpbind";
export const NS_XBOSH = "urn:xmpp:xbosh";

/** XEP-0124 17.2; those of them that this server has a use for. */
export type BoshCondition =
  | "bad-request"
  | "host-gone"
  | "host-unknown"
  | "improper-addressing"
  | "item-not-found"
  | "policy-violation"
  | "remote-connection-failed"
  | "remote-stream-error";

/** What one request may carry: a stanza of the largest size, or several smaller ones, and the wrapper. */
export const maxBodyBytes = postAuthLimits.maxStanzaBytes + 4 * 1024;
const maxStartTagBytes = 4 * 1024;
const limits: XmlLimits = {
  ...postAuthLimits,
  maxStanzaBytes: maxBodyBytes,
  maxDepth: postAuthLimits.maxDepth + 1,
  maxElements: 2 * postAuthLimits.maxElements,
};
const maxRid = Number.MAX_SAFE_INTEGER;

/** A `<body/>` from a client (XEP-0124 4). */
export interface BoshBody {
  readonly rid: number;
  readonly sid: string | undefined;
  readonly isTerminate: boolean;
  readonly isRestart: boolean;
  /** Seconds; undefined: no pause is asked for. */
  readonly pause: number | undefined;
  readonly ack: number | undefined;
  readonly key: string | undefined;
  readonly newKey: string | undefined;
  attr(name: string): string | undefined;
  /** Whole elements, each with all declarations it needs. */
  readonly payloads: readonly string[];
}

/** The `sid` of a request that is not read yet, as far as its first bytes show it. */
export function peekSid(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1", 0, Math.min(bytes.length, maxStartTagBytes));
  return /^[^>]*?\ssid\s*=\s*['"]([\w-]+)['"]/.exec(start)?.[1];
}

/** Reads a request's content; null: it is no `<body/>` with a sound `rid`. Throws StreamError for what is no XML. */
export function readBody(bytes: Uint8Array): BoshBody | null {
  const body = parseWrapper(bytes, NS_BOSH, limits);
  const rid = count(body.attr("rid"), maxRid);
  if (body.name !== "body" || rid === undefined || body.text.trim() !== "") return null;
  const restart = body.attr(`{${NS_XBOSH}}restart`);
  return {
    rid,
    sid: body.attr("sid"),
    isTerminate: body.attr("type") === "terminate",
    isRestart: restart === "true" || restart === "1",
    pause: count(body.attr("pause"), 65_535),
    ack: count(body.attr("ack"), maxRid),
    key: body.attr("key"),
    newKey: body.attr("newkey"),
    attr: (name) => body.attr(name),
    payloads: body.elements().map((element: Element) => serialize(element)),
  };
}

/** A whole number of no more than `max`; undefined when it is none. */
export function count(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** A `<body/>` for a client; `attributes` that are undefined are left out. */
export function writeBody(attributes: Readonly<Record<string, string | undefined>>, payloads = ""): string {
  let text = `<body xmlns='${NS_BOSH}'`;
  // XEP-0206 2: where features or an error of the stream are inside, the prefix is declared here.
  if (payloads.includes("<stream:")) text += ` xmlns:stream='${NS.stream}'`;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}='${escapeAttribute(value)}'`;
  }
  return payloads === "" ? `${text}/>` : `${text}>${payloads}</body>`;
}

/** A `<body/>` that ends a session. */
export function terminateBody(condition: BoshCondition | undefined, payloads = ""): string {
  return writeBody({ type: "terminate", condition }, payloads);
}
