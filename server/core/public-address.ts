import ipaddr from "ipaddr.js";

const privateRanges = new Set(["private", "loopback", "linkLocal", "uniqueLocal", "carrierGradeNat"]);

/** Who can be reached at an address: anybody's machine, one of this machine's own networks, or nobody's. */
export interface Reach {
  readonly kind: "public" | "private" | "none";
  /** The range of the IANA registries that it lies in, for people. */
  readonly range: string;
}

/** null: it is no IP address. The address is looked at as a number, not as text. */
export function reachOf(address: string): Reach | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (privateRanges.has(range)) return { kind: "private", range };
  // Global unicast IPv6 is 2000::/3 (RFC 4291 2.4); what lies outside wraps an IPv4 address or is unassigned.
  const isGlobal = range === "unicast" && (parsed instanceof ipaddr.IPv4 || (parsed.parts[0]! & 0xe000) === 0x2000);
  return { kind: isGlobal ? "public" : "none", range };
}
