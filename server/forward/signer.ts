import { createHmac } from "node:crypto";
import type { SigningSecrets } from "./signing-secrets.ts";

const prefix = "whsec_";

/** Signs requests as Standard Webhooks says: v1, HMAC-SHA256 over `id.timestamp.body`, once for each secret in force. */
export class Signer {
  readonly #current: Buffer;
  readonly #previous: Buffer | null;
  readonly #previousUntil: number;

  constructor({ current, previous }: SigningSecrets) {
    this.#current = keyOf(current);
    this.#previous = previous === null ? null : keyOf(previous.secret);
    this.#previousUntil = previous?.until ?? 0;
  }

  /** The value of `webhook-signature`. `body` is what goes over the wire; `now` decides whether the previous secret signs. */
  sign(id: string, timestamp: string, body: string, now: number): string {
    const start = `${id}.${timestamp}.`;
    const signature = signatureWith(this.#current, start, body);
    if (this.#previous === null || now >= this.#previousUntil) return signature;
    return `${signature} ${signatureWith(this.#previous, start, body)}`;
  }
}

function signatureWith(key: Buffer, start: string, body: string): string {
  return `v1,${createHmac("sha256", key).update(start).update(body).digest("base64")}`;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(prefix.length), "base64");
}
