import { isIPv6 } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PLAIN_DOMAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
// What the URL standard's host parser would read as something else than a name, or take as the end of it.
const NO_DOMAIN = /[\0-,/:-@[-^`{-\x7f]/;

function isAddress(text: string): boolean {
  return text.split(".").every((octet) => Number(octet) <= 255);
}

/** Whether the last label makes a URL parser, ours or that of whoever connects, see an IPv4 address in some notation. */
function looksNumeric(domain: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)$/.test(domain);
}

/**
 * A domainpart as RFC 7622 3.2 wants it: an IP address as it is, a name in lower case with U-labels and without the final dot.
 * Undefined when it is neither. Underscores are let through: names on private networks have them.
 */
export function prepareDomain(text: string): string | undefined {
  if (text.startsWith("[")) return text.endsWith("]") && isIPv6(text.slice(1, -1)) ? text.toLowerCase() : undefined;
  const name = /[.\u3002\uff0e\uff61]$/.test(text) ? text.slice(0, -1) : text;
  if (IPV4.test(name)) return isAddress(name) ? name : undefined;
  if (looksNumeric(name.normalize("NFKC").toLowerCase())) return undefined;
  const isPlain = PLAIN_DOMAIN.test(name) && !name.includes("xn--");
  if (isPlain) return name.split(".").every((label) => LABEL.test(label)) ? name : undefined;
  if (name === "" || NO_DOMAIN.test(name) || !name.isWellFormed()) return undefined;

  const ascii = domainToASCII(name);
  const unicode = domainToUnicode(ascii);
  // A label that stays in its A-form is one that does not decode to a valid U-label.
  const isName = ascii !== "" && ascii.split(".").every((label) => LABEL.test(label));
  return isName && !unicode.split(".").some((label) => label.startsWith("xn--")) ? unicode : undefined;
}
