import type { Core } from "../../core/core.ts";
import type { Session } from "../../core/session.ts";
import type { Affiliation } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { isInGroup, isReader, readRefusal } from "./access.ts";
import type { AccountRealm } from "./account-realm.ts";
import { notification } from "./event.ts";
import type { Interests } from "./interests.ts";
import type { LastItems } from "./last-items.ts";
import type { Announcement } from "./realm.ts";

/** Who hears of what happens at the nodes of an account (XEP-0163 4). */
export class Audience {
  readonly #core: Core;
  readonly #interests: Interests;
  readonly #lastItems: LastItems;

  constructor(core: Core, interests: Interests, lastItems: LastItems) {
    this.#core = core;
    this.#interests = interests;
    this.#lastItems = lastItems;
  }

  async announce(realm: AccountRealm, { config, event, node, publisher }: Announcement): Promise<void> {
    if (!config.deliverNotifications) return;
    const { stores } = this.#core;
    const [contacts, subscriptions, affiliationRows] = await Promise.all([
      realm.contacts(),
      stores.nodes.subscriptions(realm.owner, node, null),
      stores.nodes.affiliations(realm.owner, node, null),
    ]);
    // Its block list is in memory from here on, so that each contact costs a look only.
    await this.#core.hosts
      .get(realm.user.domain)
      ?.hooks.fire("stanza/blocked", { user: realm.user, other: realm.user });
    const replyTo = config.itemReply === "publisher" ? publisher : null;
    const stanza = notification(realm.user.bare, node, config, event, { replyTo });
    const affiliations = new Map<string, Affiliation>(affiliationRows.map((row) => [row.jid, row.affiliation]));
    /** Those who have been told by their interest; they are not told again because they have subscribed. */
    const told = new Set<string>();

    this.#toSessions(realm.user, realm.user, node, stanza, told);
    for (const contact of contacts?.subscribers ?? []) {
      const affiliation = affiliations.get(contact.bare) ?? null;
      const groups = config.accessModel === "roster" ? (contacts?.item(contact.bare)?.groups ?? []) : [];
      const mayHear =
        isReader(affiliation) ||
        (affiliation === null &&
          (config.accessModel === "open" ||
            config.accessModel === "presence" ||
            (config.accessModel === "roster" && isInGroup(config, groups))));
      if (mayHear) this.#toSessions(realm.user, contact, node, stanza, told);
    }
    for (const { jid: text, state } of subscriptions) {
      const jid = Jid.parse(text);
      if (state !== "subscribed" || told.has(jid.full) || told.has(jid.bare)) continue;
      const found = { node, config: "", createdAt: 0, creator: "", items: 0, bytes: 0 };
      const affiliation = affiliations.get(jid.bare) ?? null;
      const visit = { jid, config, affiliation, found: { ...found, affiliation, subscription: state } } as const;
      if ((await readRefusal(realm, visit, "items")) === null)
        void this.#core.router.send(stanza.with({ to: jid.full }));
    }
  }

  /** To every available resource of `to` that wants to hear of that node. */
  #toSessions(from: Jid, to: Jid, node: string, stanza: Stanza, told: Set<string>): void {
    for (const session of this.#core.sessions.of(to)) {
      if (!session.isAvailable || !this.#interests.of(session).has(node)) continue;
      if (this.#isBlocked(from, session)) return;
      told.add(to.bare).add(session.jid.full);
      this.#lastItems.isTold(session, from, node);
      session.send(stanza.with({ to: session.jid.full }));
    }
  }

  /** Either of them wants nothing to do with the other (XEP-0163 4.3.3). */
  #isBlocked(owner: Jid, { bare, host, jid }: Session): boolean {
    if (owner.bare === bare.bare) return false;
    const ownerHost = this.#core.hosts.get(owner.domain);
    return (
      host.hooks.fire("stanza/blocked", { user: bare, other: owner }) === true ||
      ownerHost?.hooks.fire("stanza/blocked", { user: owner, other: jid }) === true
    );
  }
}
