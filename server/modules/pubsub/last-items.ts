import type { Core } from "../../core/core.ts";
import type { Session } from "../../core/session.ts";
import type { LatestItem } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { readRefusal } from "./access.ts";
import type { AccountRealm } from "./account-realm.ts";
import { readConfig } from "./config.ts";
import { notification } from "./event.ts";
import type { Visit } from "./realm.ts";
import { Turns } from "../../core/turns.ts";

/** Owners of one read. */
const ownersPerRead = 200;

/** Sends the last items of nodes to resources that begin to want them (XEP-0163 4.3.4, XEP-0060 6.1.7). */
export class LastItems {
  readonly #core: Core;
  readonly #realmOf: (user: Jid) => AccountRealm | undefined;
  /** Sessions whose items are being read, with what they have been told meanwhile: it is newer. */
  readonly #under = new Map<Session, Set<string>>();
  readonly #turns = new Turns();

  constructor(core: Core, realmOf: (user: Jid) => AccountRealm | undefined) {
    this.#core = core;
    this.#realmOf = realmOf;
  }

  /** The session has just been sent a notification of that node. */
  isTold(session: Session, owner: Jid, node: string): void {
    this.#under.get(session)?.add(`${owner.bare} ${node}`);
  }

  /** Sends what `owners` have at these nodes to the session. */
  send(session: Session, owners: readonly Jid[], nodes: ReadonlySet<string>): Promise<void> {
    return this.#turns.take(session.id, () => this.#send(session, owners, nodes));
  }

  async #send(session: Session, owners: readonly Jid[], nodes: ReadonlySet<string>): Promise<void> {
    const told = new Set<string>();
    this.#under.set(session, told);
    try {
      for (let start = 0; start < owners.length; start += ownersPerRead) {
        const keys = owners.slice(start, start + ownersPerRead).map(({ domain, local }) => ({ host: domain, local }));
        const found = await this.#core.stores.nodes.latest(keys, [...nodes], this.#core.clock.now());
        for (const latest of found) await this.#sendOne(session, latest, told);
      }
    } finally {
      this.#under.delete(session);
    }
  }

  async #sendOne(session: Session, latest: LatestItem, told: ReadonlySet<string>): Promise<void> {
    const user = Jid.of(latest.local, latest.host);
    const realm = this.#realmOf(user);
    if (realm === undefined) return;
    const config = readConfig(latest.config, realm.rules.defaults);
    if (config.sendLastPublishedItem !== "on_sub_and_presence" || !config.deliverNotifications) return;
    if (user.bare !== session.bare.bare && (await this.#isRefused(session, realm, latest, config))) return;
    if (!session.isAvailable || session.isClosed || told.has(`${user.bare} ${latest.node}`)) return;
    const { item } = latest;
    const stanza = notification(user.bare, latest.node, config, { kind: "published", items: [item] }, { at: item.at });
    session.send(stanza.with({ to: session.jid.full }));
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
