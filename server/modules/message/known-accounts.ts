import type { AccountService } from "../../core/accounts.ts";
import type { Jid } from "../../xmpp/jid.ts";

const maxKnown = 20_000;

/** Remembers which accounts exist, so that a message for somebody who is away does not cost a read. Only a yes is kept. */
export class KnownAccounts {
  readonly #accounts: AccountService;
  readonly #known = new Set<string>();

  constructor(accounts: AccountService) {
    this.#accounts = accounts;
  }

  has(user: Jid): boolean | Promise<boolean> {
    return this.#known.has(user.bare) || this.#ask(user.toBare());
  }

  forget(user: Jid): void {
    this.#known.delete(user.bare);
  }

  async #ask(user: Jid): Promise<boolean> {
    const exists = await this.#accounts.exists(user);
    if (!exists) return false;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.add(user.bare);
    return true;
  }
}
