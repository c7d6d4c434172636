import type { Host } from "../../core/host.ts";
import type { Hosts } from "../../core/hosts.ts";
import { onePerServer } from "../../core/one-per-server.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS_BOOKMARKS } from "./namespaces.ts";

/** Hears of accounts, of whichever host. */
export interface AccountListener {
  /** What the account has written into its bookmarks may be another by now. */
  bookmarksChanged?(user: Jid): void;
  removed?(user: Jid): void;
}

/**
 * What rooms have to know of accounts of all hosts. Each host gets one handler for all services: one for each service would be a
 * million for a thousand hosts.
 */
class AccountNews {
  readonly #listeners = new Set<AccountListener>();

  constructor(hosts: Hosts) {
    for (const host of hosts.all()) this.#follow(host);
    hosts.onAdded((host) => this.#follow(host));
  }

  add(listener: AccountListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #follow({ hooks }: Host): void {
    const bookmarksChanged = (user: Jid): undefined => {
      for (const listener of this.#listeners) listener.bookmarksChanged?.(user);
    };
    hooks.add("muc", "pep/changed", ({ user, node }) => (node === NS_BOOKMARKS ? bookmarksChanged(user) : undefined));
    hooks.add("muc", "account/imported", ({ user }) => bookmarksChanged(user));
    hooks.add("muc", "account/removed", ({ user }) => {
      bookmarksChanged(user);
      for (const listener of this.#listeners) listener.removed?.(user);
      return undefined;
    });
  }
}

export const accountNewsOf = onePerServer((core) => new AccountNews(core.hosts));
