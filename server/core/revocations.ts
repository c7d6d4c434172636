import type { Jid } from "../xmpp/jid.ts";

/** A point in the order of logins and revocations. */
export type LoginMark = number;

const maxAccounts = 10_000;

/**
 * Accounts whose logins were made worthless: suspended, removed, or given another password. A login takes a mark before
 * it looks at the account; should the account be revoked before the login has its session, that is refused. Otherwise
 * somebody could begin a login with the old password and complete it after the change.
 */
export class Revocations {
  readonly #maxAccounts: number;
  /** Last revocation by bare JID, the oldest first. */
  readonly #last = new Map<string, LoginMark>();
  #now: LoginMark = 0;
  /** Revocations up to here may have been forgotten: a login that is older counts as revoked. */
  #forgotten: LoginMark = 0;

  constructor(limit = maxAccounts) {
    this.#maxAccounts = limit;
  }

  /** To be taken before anything of the account is read. */
  mark(): LoginMark {
    return this.#now;
  }

  revoke(account: Jid): void {
    const { bare } = account;
    this.#now += 1;
    this.#last.delete(bare);
    this.#last.set(bare, this.#now);
    if (this.#last.size <= this.#maxAccounts) return;
    const [oldest] = this.#last;
    this.#last.delete(oldest![0]);
    this.#forgotten = oldest![1];
  }

  isRevokedSince(account: Jid, mark: LoginMark): boolean {
    return mark < this.#forgotten || (this.#last.get(account.bare) ?? 0) > mark;
  }
}
