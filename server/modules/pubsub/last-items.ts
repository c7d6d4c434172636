import { setTimeout as pause } from "node:timers/promises";
import type { Core } from "../../core/core.ts";
import { untilRead } from "../../core/pace.ts";
import type { Session } from "../../core/session.ts";
import { Turns } from "../../core/turns.ts";
import type { LatestItem } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { readRefusal } from "./access.ts";
import type { AccountRealm } from "./account-realm.ts";
import { readConfig } from "./config.ts";
import { notification } from "./event.ts";
import type { Visit } from "./realm.ts";

/** Owners of one read. */
const ownersPerRead = 50;
/** Of their items, UTF-16 units. */
const lengthPerRead = 512 * 1024;
/** A session that comes and goes is sent all of it again each time, but not faster than this. */
const charactersPerMs = 1024;
/** Less than this is not worth a pause, UTF-16 units. */
const freeLength = 256 * 1024;

/** What a session is to be sent when its turn comes. */
interface Wish {
  readonly owners: Map<string, Jid>;
  readonly nodes: Set<string>;
}

/** Sends the last items of nodes to resources that begin to want them (XEP-0163 4.3.4, XEP-0060 6.1.7). */
export class LastItems {
  readonly #core: Core;
  readonly #realmOf: (user: Jid) => AccountRealm | undefined;
  /** Sessions whose items are being read, with what they have been told meanwhile: it is newer. */
  readonly #under = new Map<Session, Set<string>>();
  readonly #waiting = new Map<Session, Wish>();
  readonly #turns = new Turns();

  constructor(core: Core, realmOf: (user: Jid) => AccountRealm | undefined) {
    this.#core = core;
    this.#realmOf = realmOf;
  }

  /** The session has just been sent a notification of that node. */
  isTold(session: Session, owner: Jid, node: string): void {
    this.#under.get(session)?.add(`${owner.bare} ${node}`);
  }

  /** Sends what `owners` have at these nodes to the session; joins what already waits for its turn. */
  async send(session: Session, owners: readonly Jid[], nodes: ReadonlySet<string>): Promise<void> {
    const waiting = this.#waiting.get(session);
    const wish: Wish = waiting ?? { owners: new Map(), nodes: new Set() };
    for (const owner of owners) wish.owners.set(owner.bare, owner);
    for (const node of nodes) wish.nodes.add(node);
    if (waiting !== undefined) return;
    this.#waiting.set(session, wish);
    await this.#turns.take(session.id, async () => {
      this.#waiting.delete(session);
      const sent = await this.#send(session, [...wish.owners.values()], wish.nodes);
      if (sent > freeLength) await pause(sent / charactersPerMs, undefined, { ref: false });
    });
  }

  /** Resolves with the length of what was sent. */
  async #send(session: Session, owners: readonly Jid[], nodes: ReadonlySet<string>): Promise<number> {
    const told = new Set<string>();
    let sent = 0;
    this.#under.set(session, told);
    try {
      for (let start = 0; start < owners.length && session.isAvailable; start += ownersPerRead) {
        let keys = owners.slice(start, start + ownersPerRead).map(({ domain, local }) => ({ host: domain, local }));
        let behind = "";
        for (let isMore = true; isMore && session.isAvailable;) {
          const query = { now: this.#core.clock.now(), behind, maxBytes: lengthPerRead };
          const { isPartial, items } = await this.#core.stores.nodes.latest(keys, [...nodes], query);
          for (const latest of items) sent += await this.#sendOne(session, latest, told);
          isMore = isPartial;
          const last = items.at(-1);
          if (last === undefined) break;
          behind = last.node;
          keys = keys.slice(keys.findIndex(({ host, local }) => host === last.host && local === last.local));
        }
      }
    } finally {
      this.#under.delete(session);
    }
    return sent;
  }

  async #sendOne(session: Session, latest: LatestItem, told: ReadonlySet<string>): Promise<number> {
    const user = Jid.of(latest.local, latest.host);
    const realm = this.#realmOf(user);
    if (realm === undefined) return 0;
    const config = readConfig(latest.config, realm.rules.defaults);
    if (config.sendLastPublishedItem !== "on_sub_and_presence" || !config.deliverNotifications) return 0;
    if (user.bare !== session.bare.bare && (await this.#isRefused(session, realm, latest, config))) return 0;
    // Others choose how much it is.
    await untilRead(session, () => session.isClosed);
    if (!session.isAvailable || session.isClosed || told.has(`${user.bare} ${latest.node}`)) return 0;
    const { item } = latest;
    const stanza = notification(user.bare, latest.node, config, { kind: "published", items: [item] }, { at: item.at });
    session.send(stanza.with({ to: session.jid.full }));
    return item.payload.length;
  }

  async #isRefused(
    session: Session,
    realm: AccountRealm,
    { node }: LatestItem,
    config: Visit["config"],
  ): Promise<boolean> {
    const { bare, host, jid } = session;
    const { stores, hosts } = this.#core;
    const [isContact, found, byOwner, bySession] = await Promise.all([
      realm.isContact(jid),
      stores.nodes.find(realm.owner, node, bare.bare),
      hosts.get(realm.user.domain)?.hooks.fire("stanza/blocked", { user: realm.user, other: jid }),
      host.hooks.fire("stanza/blocked", { user: bare, other: realm.user }),
    ]);
    if (!isContact || found === null || byOwner === true || bySession === true) return true;
    const visit: Visit = { jid, found, config, affiliation: found.affiliation };
    return (await readRefusal(realm, visit, "items")) !== null;
  }
}
