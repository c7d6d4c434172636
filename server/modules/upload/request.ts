import { parseDateTime } from "../../xmpp/datetime.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";

export const NS_UPLOAD = "urn:xmpp:http:upload:0";
export const NS_PURPOSE = "urn:xmpp:http:upload:purpose:0";

const maxNameLength = 150;
const maxGivenName = 1024;
const maxEndingLength = 16;
/** RFC 6838 4.2; what comes after it are parameters. */
const mediaTypeForm = /^([a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126})\s*(?:;[\x20-\x7e]*)?$/i;

export interface SlotRequest {
  readonly name: string;
  readonly size: number;
  readonly mediaType: string;
  /** The file must be gone then (XEP-0363 5.3). */
  readonly expireBefore: number | null;
}

/** Reads a `<request/>` (XEP-0363 4). Throws StanzaError. */
export function readRequest(request: Element): SlotRequest {
  const filename = request.attr("filename") ?? "";
  if (filename === "" || filename.length > maxGivenName)
    throw StanzaError.of("bad-request", `filename must have 1 to ${maxGivenName} characters`);
  const size = request.attr("size") ?? "";
  if (!/^[1-9]\d{0,14}$/.test(size)) throw StanzaError.of("bad-request", "size must be a number of bytes, 1 or more");
  const given = request.attr("content-type");
  const mediaType = given === undefined || given === "" ? "application/octet-stream" : mediaTypeForm.exec(given)?.[1];
  if (mediaType === undefined || (given ?? "").length > 255)
    throw StanzaError.of("bad-request", "content-type is no media type");
  const ephemeral = request.child("ephemeral", NS_PURPOSE);
  const expireBefore = ephemeral === undefined ? null : parseDateTime(ephemeral.attr("expire-before") ?? "");
  if (expireBefore === undefined) throw StanzaError.of("bad-request", "expire-before is no DateTime");
  return { name: shownName(filename), size: Number(size), mediaType: mediaType.toLowerCase(), expireBefore };
}

/**
 * The name as it stands in URLs and is proposed for saving: nothing that a path, a header or a reader could take for something
 * else, such as a separator or a change of the writing direction; the ending stays (XEP-0363 4).
 */
export function shownName(filename: string): string {
  const plain = filename
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[/\\%"<>|:*?\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu, "_")
    .replace(/^\.+/, "_")
    .trim();
  if (plain === "") return "_";
  const characters = Array.from(plain);
  if (characters.length <= maxNameLength) return plain;
  const dot = characters.lastIndexOf(".");
  const ending = dot > 0 && characters.length - dot <= maxEndingLength ? characters.slice(dot) : [];
  return [...characters.slice(0, maxNameLength - ending.length), ...ending].join("");
}

/** Whether a pattern such as `video/*` or `text/html` names the type. */
export function isNamed(mediaType: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("/*") ? mediaType.startsWith(pattern.slice(0, -1)) : pattern === mediaType,
  );
}
