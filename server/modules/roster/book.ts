import { randomBytes } from "node:crypto";
import type { Core } from "../../core/core.ts";
import type { NewOutboxEvent, RosterItem } from "../../core/hooks.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { AccountRoster } from "./account-roster.ts";

/**
 * The rosters of a host. Those of accounts with a session stay in memory, of others the last `maxIdle` used. A change
 * shows in memory at once, so that the next one builds on it, and is pushed when it is on disk; one that the store
 * refuses takes the roster out of memory, to be read anew.
 */
export class RosterBook {
  readonly #core: Core;
  readonly #host: string;
  readonly #maxItems: number;
  readonly #maxIdle: number;
  readonly #rosters = new Map<string, AccountRoster>();
  readonly #loading = new Map<string, Promise<AccountRoster>>();

  constructor(core: Core, host: string, limits: { maxItems: number; maxIdle: number }) {
    this.#core = core;
    this.#host = host;
    this.#maxItems = limits.maxItems;
    this.#maxIdle = limits.maxIdle;
  }

  /** The roster of an account, at once when it is in memory. An account that does not exist has an empty one. */
  of(user: Jid): AccountRoster | Promise<AccountRoster> {
    return this.#rosters.get(user.bare) ?? this.#loading.get(user.bare) ?? this.#load(user.toBare());
  }

  /** Stores an item; resolves when it is on disk. Throws StanzaError `resource-constraint` when the roster is full. */
  put(roster: AccountRoster, item: RosterItem): Promise<void> {
    if (roster.item(item.jid) === undefined && roster.size >= this.#maxItems) {
      throw StanzaError.of("resource-constraint", "the roster is full", { type: "cancel" });
    }
    roster.put(item);
    return this.#written(roster, this.#core.stores.rosters.put(this.#host, roster.user.local, item, this.#maxItems));
  }

  remove(roster: AccountRoster, jid: string): Promise<void> {
    roster.remove(jid);
    return this.#written(roster, this.#core.stores.rosters.remove(this.#host, roster.user.local, jid));
  }

  /** Keeps a contact's request with the forwards that tell of it, unless so many wait already that the account is being flooded. */
  putRequest(roster: AccountRoster, jid: string, stanza: string, forwards: readonly NewOutboxEvent[]): Promise<void> {
    if (roster.requestCount >= this.#maxItems) throw StanzaError.of("resource-constraint");
    roster.putRequest(jid, stanza);
    const { rosters } = this.#core.stores;
    return this.#written(roster, rosters.putRequest(this.#host, roster.user.local, { jid, stanza }, forwards));
  }

  removeRequest(roster: AccountRoster, jid: string): Promise<void> {
    roster.removeRequest(jid);
    return this.#written(roster, this.#core.stores.rosters.removeRequest(this.#host, roster.user.local, jid));
  }

  /** Tells the interested resources what has become of a contact (RFC 6121 2.1.6). `version`: another than the newest. */
  push(roster: AccountRoster, jid: string, version = roster.versionText()): void {
    const item = roster.item(jid);
    const element = item === undefined ? removedElement(jid) : itemElement(item);
    for (const session of this.#core.sessions.of(roster.user)) {
      if (session.isInterested) session.send(rosterPush(session.jid, element, version));
    }
    void this.#core.hosts.get(this.#host)?.hooks.fire("roster/pushed", { user: roster.user, item: element, version });
  }

  /** Rosters in memory. */
  loaded(): readonly AccountRoster[] {
    return [...this.#rosters.values()];
  }

  inMemory(user: Jid): AccountRoster | undefined {
    return this.#rosters.get(user.bare);
  }

  forget(user: Jid): void {
    this.#rosters.delete(user.bare);
    this.#loading.delete(user.bare);
  }

  async #load(user: Jid): Promise<AccountRoster> {
    const loading: Promise<AccountRoster> = this.#core.stores.rosters
      .get(this.#host, user.local)
      .then(async (stored) => {
        const roster = new AccountRoster(user, stored);
        roster.shared = (await this.#core.hosts.get(this.#host)?.hooks.fire("roster/shared", { user })) ?? null;
        if (this.#loading.get(user.bare) === loading) this.#rosters.set(user.bare, roster);
        this.#sweep();
        return roster;
      })
      .finally(() => {
        if (this.#loading.get(user.bare) === loading) this.#loading.delete(user.bare);
      });
    this.#loading.set(user.bare, loading);
    return loading;
  }

  async #written(roster: AccountRoster, write: Promise<number | void>): Promise<void> {
    roster.pending = write;
    try {
      const version = await write;
      if (version !== undefined) roster.version = Math.max(roster.version, version);
    } catch (error) {
      this.forget(roster.user);
      throw error;
    } finally {
      if (roster.pending === write) roster.pending = null;
    }
  }

  // From the least recently loaded on. Those in use go to the end, so that each is looked at once in a long while.
  #sweep(): void {
    const online = this.#core.sessions.onHost(this.#host);
    if (this.#rosters.size <= online + this.#maxIdle) return;
    const target = online + Math.floor(this.#maxIdle / 2);
    for (const [jid, roster] of this.#rosters) {
      this.#rosters.delete(jid);
      if (this.#core.sessions.of(roster.user).length > 0) this.#rosters.set(jid, roster);
      if (this.#rosters.size <= target) break;
    }
  }
}

/** `<item/>` of RFC 6121 2.1.2. */
export function itemElement(item: RosterItem): Element {
  return el(
    "item",
    NS.roster,
    {
      jid: item.jid,
      name: item.name === "" ? undefined : item.name,
      subscription: item.subscription,
      ask: item.ask ? "subscribe" : undefined,
      approved: item.approved ? "true" : undefined,
    },
    ...item.groups.map((group) => el("group", NS.roster, undefined, group)),
  );
}

/** The item of a push that tells of a removal (RFC 6121 2.5.2). */
export function removedElement(jid: string): Element {
  return el("item", NS.roster, { jid, subscription: "remove" });
}

export function rosterPush(to: Jid, item: Element, version: string): Stanza {
  const id = randomBytes(6).toString("base64url");
  const query = el("query", NS.roster, { ver: version }, item);
  return Stanza.from(el("iq", NS.client, { to: to.full, type: "set", id }, query));
}
