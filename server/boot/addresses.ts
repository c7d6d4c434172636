import { networkInterfaces } from "node:os";

/** `::` takes IPv4 as well, but only on a machine that has IPv6 at all. */
export function bindAddress(configured: string): string {
  if (configured !== "::") return configured;
  const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ family }) => family === "IPv6"));
  return hasIpv6 ? "::" : "0.0.0.0";
}

/** The host part of the URL to print: what somebody on this machine can open. */
export function urlHost(bound: string): string {
  if (["::", "0.0.0.0", "::1", "127.0.0.1"].includes(bound)) return "localhost";
  return bound.includes(":") ? `[${bound}]` : bound;
}
