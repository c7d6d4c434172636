import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import type { Credentials, KeySet, ScramKeys, ScramMechanism } from "../storage/ports.ts";
import type { Jid } from "../xmpp/jid.ts";
import { opaqueString } from "../xmpp/precis.ts";
import { DerivationQueue } from "./derivation-queue.ts";
import type { Secrets } from "./secrets.ts";

export type { KeySet, ScramKeys, ScramMechanism };

/** Keys for every mechanism. */
interface DerivedCredentials {
  readonly kind: "scram";
  readonly keys: Readonly<Record<ScramMechanism, ScramKeys>>;
}

const derive = promisify(pbkdf2);

interface Parameters {
  readonly hash: "sha1" | "sha256" | "sha512";
  readonly bytes: number;
  readonly iterations: number;
}
/** RFC 5802 5.1 and RFC 7677 4 ask for 4096 iterations at least, draft-melnikov-scram-sha-512 for 10000. */
const PARAMETERS: Readonly<Record<ScramMechanism, Parameters>> = {
  "SCRAM-SHA-1": { hash: "sha1", bytes: 20, iterations: 4096 },
  "SCRAM-SHA-256": { hash: "sha256", bytes: 32, iterations: 4096 },
  "SCRAM-SHA-512": { hash: "sha512", bytes: 64, iterations: 10_000 },
};
export const SCRAM_MECHANISMS = Object.keys(PARAMETERS) as readonly ScramMechanism[];

/** The one that a password is checked against when a client sends it as it is: the cheapest of the sound ones. */
const plainCheck: ScramMechanism = "SCRAM-SHA-256";
const saltBytes = 16;
const maxPasswordBytes = 1023;
const maxWaiting = 2000;
/** Of keys that another server has derived. */
const maxIterations = 500_000;

/** The password as it is compared (RFC 8265 4.2, OpaqueString); undefined when it is not allowed or too long. */
export function preparePassword(password: string): string | undefined {
  if (Buffer.byteLength(password) > maxPasswordBytes) return undefined;
  const prepared = opaqueString(password);
  return prepared !== undefined && Buffer.byteLength(prepared) <= maxPasswordBytes ? prepared : undefined;
}

const hmac = (hash: string, key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();

/** What a client is to derive new keys with, and how long its SaltedPassword will be. */
export function derivationFor(mechanism: ScramMechanism): { salt: Buffer; iterations: number; bytes: number } {
  const { bytes, iterations } = PARAMETERS[mechanism];
  return { salt: randomBytes(saltBytes), iterations, bytes };
}

/** RFC 5802 3, from the SaltedPassword on. */
export function keysFrom(
  mechanism: ScramMechanism,
  derived: { readonly salt: Buffer; readonly iterations: number; readonly saltedPassword: Buffer },
): ScramKeys {
  const { salt, iterations, saltedPassword } = derived;
  const { hash } = PARAMETERS[mechanism];
  return {
    salt: salt.toString("base64"),
    iterations,
    storedKey: createHash(hash)
      .update(hmac(hash, saltedPassword, "Client Key"))
      .digest("base64"),
    serverKey: hmac(hash, saltedPassword, "Server Key").toString("base64"),
  };
}

/** Are these keys that a client could log in with? They come from elsewhere. */
export function areKeys(mechanism: ScramMechanism, { salt, iterations, storedKey, serverKey }: ScramKeys): boolean {
  const { bytes } = PARAMETERS[mechanism];
  const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > maxIterations) return false;
  if (![salt, storedKey, serverKey].every(isBase64) || salt.length > 1024) return false;
  return [storedKey, serverKey].every((key) => Buffer.from(key, "base64").length === bytes);
}

/** Equal texts, told in a time that says nothing about where they differ. */
export function isSameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Derives, checks and invents SCRAM keys (RFC 5802 3). PBKDF2 runs on libuv's pool, never on the main thread. */
export class PasswordHasher {
  readonly #queue = new DerivationQueue(Math.min(3, Math.max(2, availableParallelism())), maxWaiting);
  readonly #secrets: Secrets;
  readonly #decoyKey: Buffer;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#decoyKey = secrets.derive("decoy scram keys");
  }

  /** Keys for every mechanism, each with a salt of its own. `password` is prepared. */
  async credentials(password: string, priority?: "urgent" | "patient"): Promise<DerivedCredentials> {
    const keys = await Promise.all(
      SCRAM_MECHANISMS.map((mechanism) => this.#keys(mechanism, password, randomBytes(saltBytes), undefined, priority)),
    );
    const [sha1, sha256, sha512] = keys;
    return { kind: "scram", keys: { "SCRAM-SHA-1": sha1!, "SCRAM-SHA-256": sha256!, "SCRAM-SHA-512": sha512! } };
  }

  /** The password itself, encrypted and bound to its account, until somebody has time to derive keys (docs/adr/0003). */
  seal(user: Jid, password: string): Credentials & { readonly kind: "sealed" } {
    return { kind: "sealed", sealed: this.#secrets.seal(password, `password of ${user.bare}`) };
  }

  /** Throws SecretsError. */
  unseal(user: Jid, sealed: string): string {
    return this.#secrets.open(sealed, `password of ${user.bare}`);
  }

  /** One derivation, whatever the outcome. `password` is prepared; undefined can match nothing. */
  async verify(keys: KeySet, password: string | undefined): Promise<boolean> {
    const mechanism = keys[plainCheck] === undefined ? SCRAM_MECHANISMS.find((one) => keys[one]) : plainCheck;
    const stored = mechanism && keys[mechanism];
    if (mechanism === undefined || stored === undefined) return false;
    const salt = Buffer.from(stored.salt, "base64");
    const given = await this.#keys(mechanism, password ?? "", salt, stored.iterations);
    const isEqual = timingSafeEqual(Buffer.from(given.storedKey, "base64"), Buffer.from(stored.storedKey, "base64"));
    return isEqual && password !== undefined;
  }

  /** Keys for a name that has no account: the same at every try, fitting no password, not to be told from real ones. */
  decoy(user: Jid): Readonly<Record<ScramMechanism, ScramKeys>> {
    return {
      "SCRAM-SHA-1": this.#decoy(user, "SCRAM-SHA-1"),
      "SCRAM-SHA-256": this.#decoy(user, "SCRAM-SHA-256"),
      "SCRAM-SHA-512": this.#decoy(user, "SCRAM-SHA-512"),
    };
  }

  #decoy(user: Jid, mechanism: ScramMechanism): ScramKeys {
    const { bytes, iterations } = PARAMETERS[mechanism];
    const part = (name: string, length: number): string =>
      hmac("sha512", this.#decoyKey, `${mechanism}\0${name}\0${user.bare}`).subarray(0, length).toString("base64");
    return {
      salt: part("salt", saltBytes),
      iterations,
      storedKey: part("stored", bytes),
      serverKey: part("server", bytes),
    };
  }

  async #keys(
    mechanism: ScramMechanism,
    password: string,
    salt: Buffer,
    iterations = PARAMETERS[mechanism].iterations,
    priority?: "urgent" | "patient",
  ): Promise<ScramKeys> {
    const { hash, bytes } = PARAMETERS[mechanism];
    const saltedPassword = await this.#queue.run(() => derive(password, salt, iterations, bytes, hash), priority);
    return keysFrom(mechanism, { salt, iterations, saltedPassword });
  }
}
