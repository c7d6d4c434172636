import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The one-time token of the set-up link. Only its hash is kept, in memory: each start prints a new one. */
export class SetupToken {
  #hash: Buffer | null = null;

  issue(): string {
    const token = randomBytes(24).toString("base64url");
    this.#hash = digest(token);
    return token;
  }

  matches(token: string): boolean {
    return this.#hash !== null && timingSafeEqual(this.#hash, digest(token));
  }

  revoke(): void {
    this.#hash = null;
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
