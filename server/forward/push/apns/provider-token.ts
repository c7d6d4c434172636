import { createHash, sign, type KeyObject } from "node:crypto";
import type { ApnsTarget } from "../../../../lib/contracts/forward-target.ts";
import { remarkText } from "../../../../lib/contracts/remarks.ts";
import { noVault, type Vault } from "../../vault.ts";
import { readKey } from "./key.ts";

// Apple, "Establishing a token-based connection to APNs": a token is good for an hour, and a new one may be made every 20
// minutes.
const lifeMs = 60 * 60_000;
const reuseMs = 50 * 60_000;
const minAgeMs = 20 * 60_000;

/** What the next run has to know: times in milliseconds since the epoch. */
interface Kept {
  readonly text: string | null;
  readonly mintedAt: number;
  /** Until then APNs wants no new token. */
  readonly stoppedUntil: number;
}

/**
 * Signs what tells APNs who sends (RFC 7519, ES256): one token for all connections with the same key. It is kept before it is
 * used, so that a server that is restarted goes on with it instead of making one that APNs refuses.
 */
export class ProviderToken {
  readonly #key: KeyObject;
  readonly #keyId: string;
  readonly #teamId: string;
  readonly #place: string;
  readonly #vault: Vault;
  #now: Kept = { text: null, mintedAt: 0, stoppedUntil: 0 };
  #isRecalled = false;
  /** The vault is being asked, or written to. */
  #pending: Promise<void> | null = null;

  /** `place`: where it is kept in the vault. */
  constructor(key: KeyObject, { keyId, teamId }: Pick<ApnsTarget, "keyId" | "teamId">, place: string, vault: Vault) {
    this.#key = key;
    this.#keyId = keyId;
    this.#teamId = teamId;
    this.#place = place;
    this.#vault = vault;
  }

  /** The token to use at `now`, the same for 50 minutes. null: APNs takes no other just now, see {@link waitMs}. */
  at(now: number): Promise<string | null> | string | null {
    if (this.#pending !== null) return this.#pending.then(() => this.at(now));
    if (!this.#isRecalled) return this.#during(this.#recall()).then(() => this.at(now));
    const { text, mintedAt, stoppedUntil } = this.#now;
    // A clock that was set back makes it as worthless as age does.
    if (text !== null && (Math.abs(now - mintedAt) < reuseMs || now < stoppedUntil)) return text;
    if (now < stoppedUntil) return null;
    return this.#during(this.#mint(now)).then(() => this.#now.text);
  }

  /**
   * APNs calls a token expired. true: there is another one to try, made just now or meanwhile; false: it was made less than
   * 20 minutes ago, so that a new one would be refused as well.
   */
  async renew(refused: string, now: number): Promise<boolean> {
    while (this.#pending !== null) await this.#pending;
    const { text, mintedAt, stoppedUntil } = this.#now;
    if (text !== refused) return true;
    if (Math.abs(now - mintedAt) < minAgeMs || now < stoppedUntil) return false;
    await this.#during(this.#mint(now));
    return true;
  }

  /** APNs wants no new token for now (429 TooManyProviderTokenUpdates): none is made for 20 minutes. */
  stop(now: number): void {
    this.#now = { ...this.#now, stoppedUntil: now + minAgeMs };
    void this.#keep(now);
  }

  /** Milliseconds until a new token may be made. */
  waitMs(now: number): number {
    const { text, mintedAt, stoppedUntil } = this.#now;
    return Math.max(0, stoppedUntil - now, text === null ? 0 : mintedAt + minAgeMs - now);
  }

  #mint(now: number): Promise<void> {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const issued = { iss: this.#teamId, iat: Math.floor(now / 1000) };
    const signed = `${part({ alg: "ES256", kid: this.#keyId })}.${part(issued)}`;
    // RFC 7518 3.4: R and S side by side, not as DER.
    const signature = sign("sha256", Buffer.from(signed), { key: this.#key, dsaEncoding: "ieee-p1363" });
    this.#now = { ...this.#now, mintedAt: now, text: `${signed}.${signature.toString("base64url")}` };
    return this.#keep(now);
  }

  #keep(now: number): Promise<void> {
    return this.#vault.keep(this.#place, JSON.stringify(this.#now), now + lifeMs);
  }

  async #recall(): Promise<void> {
    const kept = await this.#vault.recall(this.#place);
    this.#isRecalled = true;
    if (kept !== null) this.#now = JSON.parse(kept) as Kept;
  }

  /** Others wait for it, too. */
  async #during(work: Promise<void>): Promise<void> {
    const pending = work.finally(() => {
      this.#pending = null;
    });
    this.#pending = pending;
    await pending;
  }
}

/** By vault, then by team, key id and key: APNs counts new tokens, whatever target or connection they come over. */
const all = new WeakMap<Vault, Map<string, ProviderToken>>();

/** The process's one token of a key; the sentence that says what is wrong with the key, when it cannot sign. */
export function providerTokenOf(
  { key: file, keyId, teamId }: Pick<ApnsTarget, "key" | "keyId" | "teamId">,
  vault = noVault,
): { readonly token: ProviderToken; readonly problem: null } | { readonly token: null; readonly problem: string } {
  const tokens = all.get(vault) ?? new Map<string, ProviderToken>();
  all.set(vault, tokens);
  // A wrong file under the same ids is another key: trying it must not cost the right one its token.
  const name = `apns/${teamId}/${keyId}/${createHash("sha256").update(file).digest("base64url")}`;
  const known = tokens.get(name);
  if (known !== undefined) return { token: known, problem: null };
  const { key, problem } = readKey(file);
  if (key === null) return { token: null, problem: remarkText(problem) };
  const token = new ProviderToken(key, { keyId, teamId }, name, vault);
  tokens.set(name, token);
  return { token, problem: null };
}
