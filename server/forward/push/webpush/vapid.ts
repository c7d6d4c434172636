import { createECDH, createPrivateKey, sign, type KeyObject } from "node:crypto";
import { remark, type Remark, remarkText } from "../../../../lib/contracts/remarks.ts";
import type { Clock } from "../../../core/clock.ts";

const keyBytes = 32;
/** RFC 8292 2: at most 24 hours from the request, by the push service's clock, which may be an hour behind. */
const validMs = 23 * 3_600_000;
const reuseMs = 12 * 3_600_000;
/** Push services are few; a target that allows many must not grow without bound. */
const maxOrigins = 256;

/** The key is none of P-256. */
export class VapidKeyError extends Error {
  override readonly name = "VapidKeyError";
  readonly said: Remark;

  constructor(said: Remark) {
    super(remarkText(said));
    this.said = said;
  }
}

/** A new private key for a Web Push target: base64url of 32 bytes. */
export function newVapidPrivateKey(): string {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  // Leading zeros are not written by OpenSSL.
  const key = ecdh.getPrivateKey();
  return Buffer.concat([Buffer.alloc(keyBytes - key.length), key]).toString("base64url");
}

/** What browsers get as `applicationServerKey`: base64url of the 65 bytes of the uncompressed point. Throws VapidKeyError. */
export function vapidPublicKey(privateKey: string): string {
  return publicBytes(privateKey).toString("base64url");
}

function publicBytes(privateKey: string): Buffer {
  const bytes = Buffer.from(privateKey, "base64url");
  if (bytes.length !== keyBytes || !/^[\w-]+=?$/.test(privateKey)) {
    throw new VapidKeyError(remark("vapid-form"));
  }
  const ecdh = createECDH("prime256v1");
  try {
    ecdh.setPrivateKey(bytes);
  } catch {
    throw new VapidKeyError(remark("vapid-number"));
  }
  return ecdh.getPublicKey();
}

/** Says to push services who sends (RFC 8292): one token for each origin, made anew every twelve hours. */
export class Vapid {
  readonly publicKey: string;
  readonly #key: KeyObject;
  readonly #contact: string;
  readonly #clock: Clock;
  readonly #byOrigin = new Map<string, { readonly value: string; readonly madeAt: number }>();

  /** Throws VapidKeyError. */
  constructor(privateKey: string, contact: string, clock: Clock) {
    const point = publicBytes(privateKey);
    this.publicKey = point.toString("base64url");
    this.#key = createPrivateKey({
      format: "jwk",
      key: {
        kty: "EC",
        crv: "P-256",
        d: Buffer.from(privateKey, "base64url").toString("base64url"),
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
    });
    this.#contact = contact;
    this.#clock = clock;
  }

  /** Value of the header `Authorization` for a push service, by the origin of its endpoints. */
  authorization(origin: string): string {
    const now = this.#clock.now();
    const known = this.#byOrigin.get(origin);
    // A clock that was set back makes a token of the future, which no push service takes.
    if (known !== undefined && now >= known.madeAt && now < known.madeAt + reuseMs) return known.value;
    const value = `vapid t=${this.#token(origin, now)}, k=${this.publicKey}`;
    this.#byOrigin.delete(origin);
    this.#byOrigin.set(origin, { value, madeAt: now });
    for (const oldest of this.#byOrigin.keys()) {
      if (this.#byOrigin.size <= maxOrigins) break;
      this.#byOrigin.delete(oldest);
    }
    return value;
  }

  /** The push service did not take the token: the next one is new. */
  renew(origin: string): void {
    this.#byOrigin.delete(origin);
  }

  #token(origin: string, now: number): string {
    const claims = { aud: origin, exp: Math.floor((now + validMs) / 1000), sub: this.#contact };
    const signed = `${jsonPart({ typ: "JWT", alg: "ES256" })}.${jsonPart(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), { key: this.#key, dsaEncoding: "ieee-p1363" });
    return `${signed}.${signature.toString("base64url")}`;
  }
}

function jsonPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
