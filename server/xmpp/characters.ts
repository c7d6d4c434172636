import { StreamError } from "./errors.ts";

export const LESS_THAN = 0x3c;
export const GREATER_THAN = 0x3e;
export const AMPERSAND = 0x26;
export const SLASH = 0x2f;
export const BANG = 0x21;
export const QUESTION = 0x3f;
export const EQUALS_SIGN = 0x3d;
export const COLON = 0x3a;
export const QUOTE = 0x22;
export const APOSTROPHE = 0x27;
export const BRACKET = 0x5d;
export const SEMICOLON = 0x3b;
export const HASH = 0x23;
const LETTER_X = 0x78;

/** Byte classes of the tables below. Any other byte needs a look of its own. */
export const PLAIN = 1;
export const MULTIBYTE = 2;

function table(classify: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => classify(byte));
}

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}

function plainUnless(specials: string): (byte: number) => number {
  return (byte) => {
    if (byte >= 0x80) return MULTIBYTE;
    return isControl(byte) || specials.includes(String.fromCharCode(byte)) ? 0 : PLAIN;
  };
}

export const IN_TEXT = table(plainUnless("<>&"));
export const IN_VALUE = table(plainUnless("<&'\"\t\n\r"));
export const IN_CDATA = table(plainUnless(">"));
export const IN_NAME = table((byte) => {
  if (byte >= 0x80) return MULTIBYTE;
  return /[-.0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? PLAIN : 0;
});
const STARTS_NAME = table((byte) => {
  if (byte >= 0x80) return MULTIBYTE;
  return /[A-Za-z_]/.test(String.fromCharCode(byte)) ? PLAIN : 0;
});

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** XML 1.0 2.2 Char. */
export function isXmlChar(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 0x09 || codePoint === 0x0a || codePoint === 0x0d;
  if (codePoint < 0xd800) return true;
  if (codePoint < 0xe000) return false;
  return codePoint <= 0x10ffff && codePoint !== 0xfffe && codePoint !== 0xffff;
}

// XML 1.0 fifth edition 2.3, without the colon, which Namespaces in XML takes away. ASCII is in the tables above.
const NAME_START_RANGES = [
  0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d, 0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef,
  0x3001, 0xd7ff, 0xf900, 0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0xeffff,
];
const NAME_ONLY_RANGES = [0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040];

function isWithin(ranges: readonly number[], codePoint: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (codePoint >= ranges[i]! && codePoint <= ranges[i + 1]!) return true;
  }
  return false;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/**
 * Decodes the multi-byte character at `at`, which is not cut off (see `wholeCharacters`). Strict as Unicode table 3-7: no
 * overlong form, no surrogate, nothing above U+10FFFF. RFC 6120 4.9.3.22 names the condition.
 */
export function decodeMultibyte(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4) throw new StreamError("unsupported-encoding", "not UTF-8");
  let codePoint = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!;
    const tooSmall = i === 1 && ((first === 0xe0 && next < 0xa0) || (first === 0xf0 && next < 0x90));
    const tooLarge = i === 1 && ((first === 0xed && next > 0x9f) || (first === 0xf4 && next > 0x8f));
    if (!isContinuation(next) || tooSmall || tooLarge) throw new StreamError("unsupported-encoding", "not UTF-8");
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  if (codePoint === 0xfffe || codePoint === 0xffff)
    throw new StreamError("not-well-formed", "character not allowed in XML");
  return codePoint;
}

/** Where the last whole character before `end` ends: the parser leaves a cut one for the next segment. */
export function wholeCharacters(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const byte = bytes[end - back]!;
    if (byte < 0x80) return end;
    if (isContinuation(byte)) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    return length > back ? end - back : end;
  }
  return end;
}

/** Bytes that UTF-8 spends on a character of two bytes or more. */
export function utf8Length(codePoint: number): number {
  return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** Bytes less UTF-16 units of text that is known to be UTF-8. */
export function shrinkOf(bytes: Uint8Array, from: number, to: number): number {
  let shrink = 0;
  for (let at = from; at < to; at++) {
    if (isContinuation(bytes[at]!)) shrink++;
    else if (bytes[at]! >= 0xf0) shrink--;
  }
  return shrink;
}

export function isNameCodePoint(codePoint: number): boolean {
  return isWithin(NAME_START_RANGES, codePoint) || isWithin(NAME_ONLY_RANGES, codePoint);
}

/** Whether the complete character at `at` may begin a name. */
export function startsName(bytes: Uint8Array, at: number): boolean {
  const kind = STARTS_NAME[bytes[at]!];
  if (kind === MULTIBYTE) return isWithin(NAME_START_RANGES, decodeMultibyte(bytes, at));
  return kind === PLAIN;
}

// Leading zeros are legal in a numeric reference, but nobody needs more than this.
const maxReferenceBytes = 32;

function isPredefined(bytes: Uint8Array, from: number, length: number): boolean {
  const name = String.fromCharCode(bytes[from]!, bytes[from + 1]!, bytes[from + 2]!, bytes[from + 3]!).slice(0, length);
  return name === "lt" || name === "gt" || name === "amp" || name === "quot" || name === "apos";
}

function digitValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.POSITIVE_INFINITY;
}

/** The code point between `&#` and the semicolon; 0, which XML does not allow either, where that is no number. */
function numericReference(bytes: Uint8Array, from: number, to: number): number {
  const radix = bytes[from] === LETTER_X ? 16 : 10;
  let codePoint = 0;
  for (let at = radix === 16 ? from + 1 : from; at < to; at++) {
    const digit = digitValue(bytes[at]!);
    if (digit >= radix || codePoint > 0x10ffff) return 0;
    codePoint = codePoint * radix + digit;
  }
  return codePoint;
}

/**
 * Checks the reference that begins at `at` with an ampersand and returns where it ends, or 0 when `end` cuts it off. Only the
 * five predefined entities and references to XML characters exist here (RFC 6120 11.1).
 */
export function scanReference(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + maxReferenceBytes);
  const isNumeric = bytes[at + 1] === HASH && at + 1 < end;
  let next = at + (isNumeric ? 2 : 1);
  while (next < last && IN_NAME[bytes[next]!] === PLAIN) next++;
  if (next === end && next < at + maxReferenceBytes) return 0;
  const from = at + (isNumeric ? 2 : 1);
  if (next === last || bytes[next] !== SEMICOLON || next === from)
    throw new StreamError("not-well-formed", "bad reference");
  if (!isNumeric) {
    if (next - from > 4 || !isPredefined(bytes, from, next - from)) {
      throw new StreamError("restricted-xml", "entity reference");
    }
    return next + 1;
  }
  if (!isXmlChar(numericReference(bytes, from, next)))
    throw new StreamError("not-well-formed", "bad character reference");
  return next + 1;
}
