import { LESS_THAN, QUESTION } from "./characters.ts";
import { StreamError } from "./errors.ts";

const maxBytes = 256;
const OPENING = Buffer.from("<?xml");
const FORM =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:'([^']*)'|"([^"]*)")(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:'([A-Za-z][\w.-]*)'|"([A-Za-z][\w.-]*)"))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:'(?:yes|no)'|"(?:yes|no)"))?[ \t\r\n]*\?>$/;

/**
 * Reads `<?xml …?>` at `at` and returns where it ends; `at` itself when there is none, -1 when `end` cuts it off. Throws
 * StreamError for another encoding than UTF-8 (RFC 6120 11.6).
 */
export function scanDeclaration(bytes: Buffer, at: number, end: number): number {
  if (at === end) return at;
  if (bytes[at] !== LESS_THAN) return at;
  if (at + 1 === end) return -1;
  if (bytes[at + 1] !== QUESTION) return at;
  const available = Math.min(end - at, OPENING.length);
  if (bytes.compare(OPENING, 0, available, at, at + available) !== 0) {
    throw new StreamError("restricted-xml", "processing instruction");
  }
  const close = bytes.subarray(at, Math.min(end, at + maxBytes)).indexOf("?>");
  if (close < 0 && end - at < maxBytes) return -1;
  const match = close < 0 ? null : FORM.exec(bytes.toString("latin1", at, at + close + 2));
  const version = match?.[1] ?? match?.[2];
  if (match === null || version !== "1.0") throw new StreamError("not-well-formed", "bad XML declaration");
  const encoding = match[3] ?? match[4] ?? "UTF-8";
  if (encoding.toUpperCase() !== "UTF-8") throw new StreamError("unsupported-encoding", encoding);
  return at + close + 2;
}
