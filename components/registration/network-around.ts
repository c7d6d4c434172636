/** Blocks around an address that are denied as a whole, the smallest first. */
export const prefixes = { 4: [32, 24, 16], 6: [128, 64, 48] } as const;

/** What is offered first: the neighbours of an IPv4 address, the line of an IPv6 address. */
export const usualPrefix = { 4: 24, 6: 64 } as const;

export const familyOf = (address: string): 4 | 6 => (address.includes(":") ? 6 : 4);

/** `203.0.113.9` and 24 as `203.0.113.0/24`. The address is one that the server has written. */
export function networkAround(address: string, prefix: number): string {
  if (familyOf(address) === 4) {
    const kept = address.split(".").slice(0, prefix / 8);
    return `${[...kept, "0", "0", "0", "0"].slice(0, 4).join(".")}/${prefix}`;
  }
  if (prefix === 128) return `${address}/128`;
  const [head = "", tail = ""] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const groups = address.includes("::") ? [...before, ...zeros, ...after] : before;
  return `${groups.slice(0, prefix / 16).join(":")}::/${prefix}`;
}
