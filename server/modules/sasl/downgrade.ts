import { createHash } from "node:crypto";
import type { Offered } from "./mechanism.ts";

const unitSeparator = "\x1f";
const recordSeparator = "\x1e";

/** The `h` of the server-first-message (XEP-0474 5.1): base64. A client that was offered something else finds it out. */
export function downgradeHash({ mechanisms, bindings }: Offered, hash: string): string {
  // Names are ASCII, so the order of code units is that of octets.
  const join = (names: readonly string[]): string => names.toSorted(byOctets).join(recordSeparator);
  const text = bindings === null ? join(mechanisms) : join(mechanisms) + unitSeparator + join(bindings);
  return createHash(hash).update(text).digest("base64");
}

function byOctets(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
