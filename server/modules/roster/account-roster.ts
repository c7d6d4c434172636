import type { Contacts, RosterItem } from "../../core/hooks.ts";
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

  get size(): number {
    return this.#items.size;
  }

  get items(): Iterable<RosterItem> {
    return this.#items.values();
  }

  item(jid: string): RosterItem | undefined {
    return this.#items.get(jid);
  }

  get subscribers(): readonly Jid[] {
    this.#subscribers ??= this.#withSubscription("from");
    return this.#subscribers;
  }

  get subscriptions(): readonly Jid[] {
    this.#subscriptions ??= this.#withSubscription("to");
    return this.#subscriptions;
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
