import type { Contacts, RosterItem, SharedContacts } from "../../core/hooks.ts";
import { Jid } from "../../xmpp/jid.ts";
import { isAsking, isFrom, isTo, type SubscriptionState } from "./states.ts";

/** A roster as the store gives it; each request with the text of its stanza. */
interface StoredRoster {
  readonly version: number;
  readonly items: readonly RosterItem[];
  readonly requests: readonly { readonly jid: string; readonly stanza: string }[];
}

/** The roster of one account in memory: what the store holds once every write called so far is done. */
export class AccountRoster implements Contacts {
  readonly user: Jid;
  version: number;
  /** The last write under way; null when the store is up to date. */
  pending: Promise<unknown> | null = null;
  /** What groups add to it; null: nothing. */
  shared: SharedContacts | null = null;
  readonly #items: Map<string, RosterItem>;
  readonly #requests: Map<string, string>;
  #subscribers: readonly Jid[] | null = null;
  #subscriptions: readonly Jid[] | null = null;

  constructor(user: Jid, stored: StoredRoster) {
    this.user = user;
    this.version = stored.version;
    this.#items = new Map(stored.items.map((item) => [item.jid, item]));
    this.#requests = new Map(stored.requests.map((request) => [request.jid, request.stanza]));
  }

  /** Contacts of its own. */
  get size(): number {
    return this.#items.size;
  }

  /** Contacts of its own, without what groups add. */
  get ownItems(): Iterable<RosterItem> {
    return this.#items.values();
  }

  own(jid: string): RosterItem | undefined {
    return this.#items.get(jid);
  }

  /** As the user sees it. */
  *items(): Iterable<RosterItem> {
    for (const { jid } of this.#items.values()) yield this.item(jid)!;
    if (this.shared === null) return;
    for (const item of this.shared.items.values()) if (!this.#items.has(item.jid)) yield item;
  }

  item(jid: string): RosterItem | undefined {
    const own = this.#items.get(jid);
    const shared = this.shared?.items.get(jid);
    return own === undefined || shared === undefined ? (own ?? shared) : joined(own, shared);
  }

  /** The version that clients are told (RFC 6121 2.6), of now or of an earlier time. */
  versionText(version = this.version): string {
    const shared = this.shared?.version ?? "";
    return shared === "" ? String(version) : `${version}-${shared}`;
  }

  /** Does somebody get the account's presence because of a group? */
  isSharedWith(jid: string): boolean {
    return this.shared?.isSeenBy(jid) ?? false;
  }

  get subscribers(): readonly Jid[] {
    this.#subscribers ??= this.#withSubscription("from");
    if (this.shared === null) return this.#subscribers;
    const own = new Set(this.#subscribers.map(({ bare }) => bare));
    return [...this.#subscribers, ...[...this.shared.watchers()].filter(({ bare }) => !own.has(bare))];
  }

  get subscriptions(): readonly Jid[] {
    this.#subscriptions ??= this.#withSubscription("to");
    if (this.shared === null) return this.#subscriptions;
    const own = new Set(this.#subscriptions.map(({ bare }) => bare));
    const shared = Array.from(this.shared.items.values(), ({ jid }) => jid).filter((jid) => !own.has(jid));
    return [...this.#subscriptions, ...shared.map((jid) => Jid.parse(jid))];
  }

  state(jid: string): SubscriptionState {
    const item = this.#items.get(jid);
    const isWaiting = this.#requests.has(jid);
    switch (item?.subscription) {
      case "both":
        return "both";
      case "from":
        return item.ask ? "from+out" : "from";
      case "to":
        return isWaiting ? "to+in" : "to";
      default:
        if (item?.ask === true) return isWaiting ? "none+out+in" : "none+out";
        return isWaiting ? "none+in" : "none";
    }
  }

  put(item: RosterItem): void {
    this.#items.set(item.jid, item);
    this.#changed();
  }

  remove(jid: string): void {
    this.#items.delete(jid);
    this.#changed();
  }

  /** Stanzas of the requests that wait for the user's answer, oldest first. */
  get requests(): Iterable<string> {
    return this.#requests.values();
  }

  get requestCount(): number {
    return this.#requests.size;
  }

  hasRequest(jid: string): boolean {
    return this.#requests.has(jid);
  }

  putRequest(jid: string, stanza: string): void {
    this.#requests.set(jid, stanza);
  }

  removeRequest(jid: string): void {
    this.#requests.delete(jid);
  }

  #withSubscription(one: "from" | "to"): Jid[] {
    const jids: Jid[] = [];
    for (const item of this.#items.values()) {
      if (item.subscription !== one && item.subscription !== "both") continue;
      const jid = Jid.tryParse(item.jid);
      if (jid !== undefined) jids.push(jid);
    }
    return jids;
  }

  #changed(): void {
    this.#subscribers = null;
    this.#subscriptions = null;
  }
}

/** A contact of the account's own that groups show as well. */
function joined(own: RosterItem, shared: RosterItem): RosterItem {
  const isBoth = own.subscription === "both" || own.subscription === "from" || shared.subscription === "both";
  return {
    ...own,
    name: own.name === "" ? shared.name : own.name,
    subscription: isBoth ? "both" : "to",
    ask: false,
    groups: [...new Set([...own.groups, ...shared.groups])],
  };
}

/** An item of the given state; what the state does not tell is taken from `before`. The request is kept elsewhere. */
export function itemIn(state: SubscriptionState, jid: string, before: RosterItem | undefined): RosterItem {
  const to = isTo(state);
  const from = isFrom(state);
  return {
    jid,
    name: before?.name ?? "",
    subscription: to && from ? "both" : to ? "to" : from ? "from" : "none",
    ask: isAsking(state),
    approved: before?.approved ?? false,
    groups: before?.groups ?? [],
  };
}

/** Does the roster show this state (RFC 6121 2.1.2.5: a request alone is no contact)? */
export function isContact(state: SubscriptionState): boolean {
  return isTo(state) || isFrom(state) || isAsking(state);
}
