// What XML 1.0 cannot carry even as a reference (2.2 Char) leaves as U+FFFD, so that no output is ever ill-formed. Carriage
// returns, and white space in attributes, leave as references because a reader would normalise them (2.11, 3.3.3).
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const TEXT_SPECIAL = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const ATTRIBUTE_SPECIAL = /[&<>'"\0-\x1f\ufffe\uffff]/;
const TEXT_SPECIALS = new RegExp(TEXT_SPECIAL, "g");
const ATTRIBUTE_SPECIALS = new RegExp(ATTRIBUTE_SPECIAL, "g");

function reference(char: string): string {
  switch (char) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case "'":
      return "&apos;";
    case '"':
      return "&quot;";
    case "\t":
      return "&#9;";
    case "\n":
      return "&#10;";
    case "\r":
      return "&#13;";
    default:
      return "\ufffd";
  }
}

/** Character data, ready to stand between tags. */
export function escapeText(text: string): string {
  const safe = TEXT_SPECIAL.test(text) ? text.replace(TEXT_SPECIALS, reference) : text;
  return safe.isWellFormed() ? safe : safe.toWellFormed();
}

/** An attribute value, ready to stand between quotes of either kind. */
export function escapeAttribute(value: string): string {
  const safe = ATTRIBUTE_SPECIAL.test(value) ? value.replace(ATTRIBUTE_SPECIALS, reference) : value;
  return safe.isWellFormed() ? safe : safe.toWellFormed();
}

const REFERENCES = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g;
const NAMED = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["apos", "'"],
  ["quot", '"'],
]);

function dereference(_whole: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return NAMED.get(name) ?? "";
  return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
}

function resolveReferences(raw: string): string {
  return raw.includes("&") ? raw.replace(REFERENCES, dereference) : raw;
}

/** The meaning of character data the scanner has accepted: references resolved, line ends normalised (XML 1.0 2.11). */
export function unescapeText(raw: string): string {
  return resolveReferences(normaliseLineEnds(raw));
}

/** XML 1.0 2.11, which applies inside CDATA sections too. */
export function normaliseLineEnds(raw: string): string {
  return raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
}

/** The meaning of an attribute value the scanner has accepted: references resolved, white space normalised (XML 1.0 3.3.3). */
export function unescapeAttribute(raw: string): string {
  return resolveReferences(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, " ") : raw);
}
