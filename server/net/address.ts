import { isIPv6 } from "node:net";

/** The address as people write it: IPv4 that came in on an IPv6 socket is IPv4. No zone. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === "::1" || plain.startsWith("127.");
}

/** What limits count by: an IPv4 address, or the /64 of an IPv6 address, all of which one customer has. */
export function addressBlock(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (before.length + after < 8 && before.length < 4) before.push("0");
    if (before.length < 4) before.push(...tail.split(":"));
  }
  return `${before
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
