import { addressBlock, isLoopback } from "../net/address.ts";
import type { Clock } from "./clock.ts";

export interface ThrottleLimits {
  /** Failed logins a minute from one address (IPv6: /64), whatever the account. */
  readonly perAddress: number;
  /** Failed logins a minute from one address for one account. */
  readonly perAccount: number;
}

const defaults: ThrottleLimits = { perAddress: 10, perAccount: 20 };
const firstDelayMs = 250;
const maxDelayMs = 4_000;
const maxEntries = 50_000;

/** A leaky bucket of failures: `level` at the time `at`, emptied at the limit's rate. */
interface Failures {
  level: number;
  at: number;
}

/** Failures by key, bounded: the ones longest untouched are forgotten first. */
class FailureTable {
  readonly #limit: number;
  readonly #entries = new Map<string, Failures>();

  constructor(perMinute: number) {
    this.#limit = perMinute;
  }

  /** Milliseconds until another try is allowed; 0: now. */
  waitMs(key: string, now: number): number {
    // Room for a whole failure: a bucket that has leaked a drop is still full.
    const excess = this.#level(key, now) - (this.#limit - 1);
    return excess <= 0 ? 0 : Math.ceil((excess * 60_000) / this.#limit);
  }

  /** Counts a failure; returns how much of the limit is used up, 1 being all. */
  add(key: string, now: number): number {
    // No more than one failure over the limit: a refusal never lasts longer than a minute's share.
    const level = Math.min(this.#level(key, now) + 1, this.#limit);
    this.#entries.delete(key);
    this.#entries.set(key, { level, at: now });
    if (this.#entries.size > maxEntries) this.#forgetOldest();
    return level / this.#limit;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #level(key: string, now: number): number {
    const entry = this.#entries.get(key);
    if (entry === undefined) return 0;
    // A clock that was set back must not fill the bucket, nor keep it from leaking until it has caught up.
    if (now < entry.at) entry.at = now;
    return Math.max(0, entry.level - ((now - entry.at) * this.#limit) / 60_000);
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

/**
 * Slows down and then refuses password guessing, by address and by address and account, never by account alone: nobody
 * can lock an account for others. Loopback counts per account only, since a proxy or gateway on the machine speaks for many.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #byAddress: FailureTable;
  readonly #byAccount: FailureTable;

  constructor(clock: Clock, limits: ThrottleLimits = defaults) {
    this.#clock = clock;
    this.#byAddress = new FailureTable(limits.perAddress);
    this.#byAccount = new FailureTable(limits.perAccount);
  }

  /** null: go ahead. Otherwise the try is to be refused without looking at the password. */
  check(address: string, account: string): { readonly retryAfterMs: number } | null {
    const now = this.#clock.now();
    const ofAccount = this.#byAccount.waitMs(accountKey(address, account), now);
    const ofAddress = isLoopback(address) ? 0 : this.#byAddress.waitMs(addressBlock(address), now);
    const retryAfterMs = Math.max(ofAccount, ofAddress);
    return retryAfterMs === 0 ? null : { retryAfterMs };
  }

  /** Counts a failed login; returns how long to hold back the answer, in milliseconds. */
  failed(address: string, account: string): number {
    const now = this.#clock.now();
    const ofAccount = this.#byAccount.add(accountKey(address, account), now);
    const ofAddress = isLoopback(address) ? 0 : this.#byAddress.add(addressBlock(address), now);
    const used = Math.max(ofAccount, ofAddress);
    if (used <= 0.5) return 0;
    return Math.min(maxDelayMs, Math.round(firstDelayMs * 2 ** ((used - 0.5) * 10)));
  }

  /** A good login clears what was counted for this account from this address. */
  succeeded(address: string, account: string): void {
    this.#byAccount.delete(accountKey(address, account));
  }
}

function accountKey(address: string, account: string): string {
  return `${addressBlock(address)} ${account}`;
}
