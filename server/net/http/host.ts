import { isIP } from "node:net";
import { isLoopback, plainAddress } from "../address.ts";

/** Name and port of a Host header (RFC 9110 7.2), or null when it is not one. The name is in lower case, IPv6 in brackets. */
export function hostOf(header: string | undefined): { readonly name: string; readonly port: string } | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?$/i.exec(header ?? "");
  if (match === null) return null;
  return { name: match[1]!.toLowerCase().replace(/\.$/, ""), port: match[2] ?? "" };
}

/**
 * Is the name loopback's, or the very address that the connection came in on? Neither can be the name of somebody
 * else's site, so a page from elsewhere cannot reach the console under it (DNS rebinding).
 */
export function isLocalAddress(name: string, localAddress: string): boolean {
  if (name === "localhost" || name.endsWith(".localhost")) return isLoopback(localAddress);
  const address = name.startsWith("[") ? name.slice(1, -1) : name;
  return isIP(address) !== 0 && plainAddress(address) === plainAddress(localAddress);
}
