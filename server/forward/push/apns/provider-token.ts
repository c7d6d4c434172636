import { createHash, sign, type KeyObject } from "node:crypto";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import { readKey } from "./key.ts";

// Apple, "Establishing a token-based connection to APNs": a token is good for an hour, and a new one may be made every 20
// minutes.
const reuseMs = 50 * 60_000;
const minAgeMs = 20 * 60_000;

/** Signs what tells APNs who sends (RFC 7519, ES256): one token for all connections with the same key. */
export class ProviderToken {
  readonly #key: KeyObject;
  readonly #keyId: string;
  readonly #teamId: string;
  #text: string | null = null;
  #mintedAt = 0;
  #stoppedUntil = 0;

  constructor(key: KeyObject, keyId: string, teamId: string) {
    this.#key = key;
    this.#keyId = keyId;
    this.#teamId = teamId;
  }

  /** The token to use at `now`, the same for 50 minutes. null: APNs takes no other just now, see {@link waitMs}. */
  at(now: number): string | null {
    // A clock that was set back makes it as worthless as age does.
    const age = Math.abs(now - this.#mintedAt);
    if (this.#text !== null && (age < reuseMs || now < this.#stoppedUntil)) return this.#text;
    if (now < this.#stoppedUntil) return null;
    return this.#mint(now);
  }

  /**
   * APNs calls a token expired. true: there is another one to try, made just now or meanwhile; false: it was made less than
   * 20 minutes ago, so that a new one would be refused as well.
   */
  renew(refused: string, now: number): boolean {
    if (this.#text !== refused) return true;
    if (Math.abs(now - this.#mintedAt) < minAgeMs || now < this.#stoppedUntil) return false;
    this.#mint(now);
    return true;
  }

  /** APNs wants no new token for now (429 TooManyProviderTokenUpdates): none is made for 20 minutes. */
  stop(now: number): void {
    this.#stoppedUntil = now + minAgeMs;
  }

  /** Milliseconds until a new token may be made. */
  waitMs(now: number): number {
    return Math.max(0, this.#stoppedUntil - now, this.#text === null ? 0 : this.#mintedAt + minAgeMs - now);
  }

  #mint(now: number): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const issued = { iss: this.#teamId, iat: Math.floor(now / 1000) };
    const signed = `${part({ alg: "ES256", kid: this.#keyId })}.${part(issued)}`;
    // RFC 7518 3.4: R and S side by side, not as DER.
    const signature = sign("sha256", Buffer.from(signed), { key: this.#key, dsaEncoding: "ieee-p1363" });
    this.#mintedAt = now;
    this.#text = `${signed}.${signature.toString("base64url")}`;
    return this.#text;
  }
}

/** By team, key id and key: APNs counts new tokens, whatever target or connection they come over. */
const all = new Map<string, ProviderToken>();

/** The process's one token of a key; the sentence that says what is wrong with the key, when it cannot sign. */
export function providerTokenOf({
  key: file,
  keyId,
  teamId,
}: Pick<ApnsTarget, "key" | "keyId" | "teamId">):
  | { readonly token: ProviderToken; readonly problem: null }
  | { readonly token: null; readonly problem: string } {
  // A wrong file under the same ids is another key: trying it must not cost the right one its token.
  const name = `${teamId}/${keyId}/${createHash("sha256").update(file).digest("hex")}`;
  const known = all.get(name);
  if (known !== undefined) return { token: known, problem: null };
  const { key, problem } = readKey(file);
  if (key === null) return { token: null, problem };
  const token = new ProviderToken(key, keyId, teamId);
  all.set(name, token);
  return { token, problem: null };
}
