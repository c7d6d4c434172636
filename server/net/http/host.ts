import { isIP } from "node:net";
import { isLoopback, plainAddress } from "../address.ts";

/** Name and port of a Host header (RFC 9110 7.2), or null when it is not one. The name is in lower case, IPv6 in brackets. */
export function hostOf(header: string | undefined): { readonly name: string; readonly port: string } | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?$/i.exec(header ?? "");
  if (match === null) return null;
  return { name: match[1]!.toLowerCase().replace(/\.$/, ""), port: match[2] ?? "" };
}

/**
 * May the console be reached under this name without it being configured? Loopback's names and addresses, and the address
 * that the connection came in on, cannot be the name of somebody else's site, so a page from elsewhere cannot get at
 * the console under them (DNS rebinding). A connection to a private address may have come through address translation
 * (a cloud machine, a container's published port): there any address will do, since only names can be rebound.
 */
export function isLocalAddress(name: string, localAddress: string): boolean {
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const address = name.startsWith("[") ? name.slice(1, -1) : name;
  if (isIP(address) === 0) return false;
  return isLoopback(address) || plainAddress(address) === plainAddress(localAddress) || isPrivate(localAddress);
}

// RFC 1918, RFC 6598, RFC 4193.
function isPrivate(address: string): boolean {
  return /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i.test(
    plainAddress(address),
  );
}
