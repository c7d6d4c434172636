import { createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import type { SigningSecrets } from "./signing-secrets.ts";

/** Standard Webhooks: `v1` is HMAC-SHA256 with the shared secret, `v1a` Ed25519 with the key pair. */
export type SignatureVersion = "v1" | "v1a";

const secretPrefix = "whsec_";
const privatePrefix = "whsk_";
const publicPrefix = "whpk_";
/** RFC 8410 7: what comes before the 32 bytes of a private key in PKCS #8, and of a public key in SPKI. */
const pkcs8Start = Buffer.from("302e020100300506032b657004220420", "hex");
const spkiLength = 44;
const keyLength = 32;

/** Signs requests as Standard Webhooks says, over `id.timestamp.body`, once for each secret and key in force. */
export class Signer {
  readonly #current: readonly Signature[];
  readonly #previous: readonly Signature[];
  readonly #previousUntil: number;

  constructor({ current, key, previous }: SigningSecrets, versions: readonly SignatureVersion[]) {
    this.#current = signaturesWith(current, key, versions);
    this.#previous = previous === null ? [] : signaturesWith(previous.secret, previous.key, versions);
    this.#previousUntil = previous?.until ?? 0;
  }

  /**
   * The value of `webhook-signature`; empty when there is nothing to sign with. `body` is what goes over the wire; `now`
   * decides whether the previous secret and key sign.
   */
  sign(id: string, timestamp: string, body: string, now: number): string {
    const content = `${id}.${timestamp}.${body}`;
    const signing = now < this.#previousUntil ? [...this.#current, ...this.#previous] : this.#current;
    return signing.map((signature) => signature(content)).join(" ");
  }
}

type Signature = (content: string) => string;

function signaturesWith(secret: string, key: string | null, versions: readonly SignatureVersion[]): Signature[] {
  const made: Signature[] = [];
  if (versions.includes("v1")) {
    const bytes = Buffer.from(secret.slice(secretPrefix.length), "base64");
    made.push((content) => `v1,${createHmac("sha256", bytes).update(content).digest("base64")}`);
  }
  if (versions.includes("v1a") && key !== null) {
    const privateKey = privateKeyOf(key);
    made.push((content) => `v1a,${sign(null, Buffer.from(content), privateKey).toString("base64")}`);
  }
  return made;
}

/** The text of a private key made of 32 random bytes: `whsk_` and the base64 of these and the public key's. */
export function privateKeyText(seed: Buffer): string {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Start, seed]), format: "der", type: "pkcs8" });
  return `${privatePrefix}${Buffer.concat([seed, publicBytes(key)]).toString("base64")}`;
}

/** What a receiver verifies `v1a` with: `whpk_` and the base64 of the public key. */
export function publicKeyText(privateKey: string): string {
  return `${publicPrefix}${publicBytes(privateKeyOf(privateKey)).toString("base64")}`;
}

function privateKeyOf(text: string): KeyObject {
  const seed = Buffer.from(text.slice(privatePrefix.length), "base64").subarray(0, keyLength);
  return createPrivateKey({ key: Buffer.concat([pkcs8Start, seed]), format: "der", type: "pkcs8" });
}

function publicBytes(privateKey: KeyObject): Buffer {
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return spki.subarray(spkiLength - keyLength);
}
