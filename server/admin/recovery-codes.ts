import { createHmac, randomInt } from "node:crypto";
import type { Secrets } from "../core/secrets.ts";

const count = 10;
/** Nothing that is read for something else. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";
const length = 12;

/** Codes of 59 bits, as people write them down: `xxxx-xxxx-xxxx`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: count }, () =>
    Array.from(
      { length },
      (_, index) => (index > 0 && index % 4 === 0 ? "-" : "") + letters[randomInt(letters.length)],
    ).join(""),
  );
}

/** What is kept of a code. Keyed, so that a stolen store is not enough to try codes against. */
export function recoveryCodeHash(secrets: Secrets, code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return createHmac("sha256", secrets.derive("recovery codes")).update(plain).digest("hex");
}
