import { createHash } from "node:crypto";

/** The key sequence of a session (XEP-0124 15): each key is what the one before it is the hash of. SHA-1 is the protocol's. */
export class KeySequence {
  #expected: string | null;

  constructor(newKey: string | undefined) {
    this.#expected = newKey?.toLowerCase() ?? null;
  }

  /** false: the request is not from whom it should be from. */
  accepts(key: string | undefined, newKey: string | undefined): boolean {
    if (this.#expected === null) return true;
    if (key === undefined) return false;
    if (createHash("sha1").update(key).digest("hex") !== this.#expected) return false;
    this.#expected = (newKey ?? key).toLowerCase();
    return true;
  }
}
