import type { Core } from "../../core/core.ts";
import type { NewOutboxEvent, RosterItem } from "../../core/hooks.ts";
import { type Packet, serverOrigin } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { type AccountRoster, isContact, itemIn } from "./account-roster.ts";
import type { RosterBook } from "./book.ts";
import {
  hasRequest,
  inbound,
  isAsking,
  isFrom,
  isTo,
  outbound,
  type SubscriptionState,
  type SubscriptionType,
} from "./states.ts";

/** States in which `subscribed` is an approval in advance, RFC 6121 3.4.2. */
const preApprovable: ReadonlySet<SubscriptionState> = new Set(["none", "none+out", "to"]);

const maxRequestLength = 8 * 1024;

/** Presence subscriptions of the accounts of one host, RFC 6121 3. */
export class Subscriptions {
  readonly #core: Core;
  readonly #book: RosterBook;
  readonly #removing = new Map<string, AccountRoster>();

  constructor(core: Core, book: RosterBook) {
    this.#core = core;
    this.#book = book;
  }

  /** A subscription stanza that a user sends: changes the user's roster and passes it on. Throws StanzaError. */
  async send(packet: Packet, type: SubscriptionType): Promise<void> {
    const user = packet.from.toBare();
    const contact = packet.to.toBare();
    if (contact.equals(user)) return;
    const roster = await this.#book.of(user);
    // A group has agreed for both.
    if (type === "subscribe" && roster.shared?.items.has(contact.bare) === true) return;
    const state = roster.state(contact.bare);
    if (type === "subscribed" && preApprovable.has(state)) {
      await this.#approveInAdvance(roster, contact, state);
      return;
    }
    const { isPassed, next } = outbound[type][state];
    const item = itemIn(next, contact.bare, roster.own(contact.bare));
    await this.#enter(roster, next, type === "unsubscribed" ? { ...item, approved: false } : item);
    if (!isPassed) return;
    // RFC 6121 3.1.2: to the bare JID and from the bare JID, whatever the client wrote.
    await this.#route(packet.stanza.with({ from: user.bare, to: contact.bare }), user, contact);
    if (type === "subscribed") this.#showPresence(user, contact);
    if (type === "unsubscribed" && isFrom(state)) this.#hidePresence(roster, contact);
  }

  /** A subscription stanza from a contact: changes the user's roster and delivers it. Throws StanzaError. */
  async receive(packet: Packet, type: SubscriptionType): Promise<void> {
    const user = packet.to.toBare();
    const contact = packet.from.toBare();
    if (contact.equals(user)) return;
    // RFC 6121 8.5.1: no sign of whether there is such an account.
    if (!(await this.#exists(user))) return;
    const roster = await this.#book.of(user);
    const stanza = packet.stanza.with({ from: contact.bare, to: user.bare });
    if (type === "subscribe") await this.#receiveRequest(roster, contact, stanza);
    else await this.#receiveChange(roster, contact, stanza, type);
  }

  /** Both have agreed by other means (XEP-0401 4): `contact` is one of `user`, as if all had been asked and answered. */
  async agree(user: Jid, contact: Jid): Promise<void> {
    const roster = await this.#book.of(user);
    if (contact.equals(user) || roster.state(contact.bare) === "both") return;
    await this.#enter(roster, "both", itemIn("both", contact.bare, roster.own(contact.bare)));
    this.#showPresence(user, contact);
  }

  /** Approves the request of `contact`, in advance if it is still to come, and asks in turn (XEP-0379 3.4). */
  async welcome(user: Jid, contact: Jid): Promise<void> {
    const roster = await this.#book.of(user);
    const state = roster.state(contact.bare);
    if (contact.equals(user)) return;
    if (preApprovable.has(state)) {
      await this.#approveInAdvance(roster, contact, state);
    } else if (hasRequest(state)) {
      const { next } = outbound.subscribed[state];
      await this.#enter(roster, next, itemIn(next, contact.bare, roster.own(contact.bare)));
      await this.#answer("subscribed", user, contact);
      this.#showPresence(user, contact);
    }
    const asking = roster.state(contact.bare);
    if (isTo(asking)) return;
    const { next } = outbound.subscribe[asking];
    await this.#enter(roster, next, itemIn(next, contact.bare, roster.own(contact.bare)));
    await this.#answer("subscribe", user, contact);
  }

  /** Ends the subscriptions with a contact in both directions and takes it out of the roster, RFC 6121 2.5. */
  cancel = async (roster: AccountRoster, contact: Jid): Promise<void> => {
    const { user } = roster;
    const state = roster.state(contact.bare);
    const removed = this.#book.remove(roster, contact.bare);
    const answered = hasRequest(state) ? this.#book.removeRequest(roster, contact.bare) : undefined;
    await Promise.all([removed, answered]);
    this.#book.push(roster, contact.bare);
    await this.#end(state, user, contact);
    if (isFrom(state)) this.#hidePresence(roster, contact);
  };

  /** Keeps in mind whom to tell when the account is gone, with its roster. */
  async prepareRemoval(user: Jid): Promise<undefined> {
    const roster = await this.#book.of(user);
    if (roster.size > 0) this.#removing.set(user.bare, roster);
  }

  /** The account is gone: ends what its contacts have with it. */
  async removed(user: Jid): Promise<undefined> {
    const roster = this.#removing.get(user.bare);
    this.#removing.delete(user.bare);
    this.#book.forget(user);
    if (roster === undefined) return;
    await Promise.all(Array.from(roster.ownItems, ({ jid }) => this.#end(roster.state(jid), user, Jid.parse(jid))));
  }

  async #end(state: SubscriptionState, user: Jid, contact: Jid): Promise<void> {
    if (isFrom(state) || hasRequest(state)) await this.#answer("unsubscribed", user, contact);
    if (isTo(state) || isAsking(state)) await this.#answer("unsubscribe", user, contact);
  }

  async #approveInAdvance(roster: AccountRoster, contact: Jid, state: SubscriptionState): Promise<void> {
    const before = roster.own(contact.bare);
    if (before?.approved === true) return;
    await this.#book.put(roster, { ...itemIn(state, contact.bare, before), approved: true });
    this.#book.push(roster, contact.bare);
  }

  // RFC 6121 3.1.3.
  async #receiveRequest(roster: AccountRoster, contact: Jid, stanza: Stanza): Promise<void> {
    const { user } = roster;
    const state = roster.state(contact.bare);
    const { isPassed, next } = inbound.subscribe[state];
    if (isFrom(state) || roster.isSharedWith(contact.bare)) {
      await this.#answer("subscribed", user, contact);
      return;
    }
    if (!isPassed) return;
    if (roster.own(contact.bare)?.approved === true) {
      const approved = outbound.subscribed[next].next;
      await this.#enter(roster, approved, itemIn(approved, contact.bare, roster.own(contact.bare)));
      await this.#answer("subscribed", user, contact);
      this.#showPresence(user, contact);
      return;
    }
    const keep = async (isWaiting: boolean): Promise<void> => {
      const forwards: NewOutboxEvent[] = [];
      const waiting = { user, from: contact, stanza, forwards };
      if (isWaiting) await this.#core.hosts.get(user.domain)?.hooks.fire("subscription/waiting", waiting);
      await this.#book.putRequest(roster, contact.bare, keptRequest(stanza), forwards);
    };
    const isWaiting = !this.#core.sessions
      .of(user)
      .some((session) => session.isAvailable && session.detachedAt === null);
    await keep(isWaiting);
    let isAsked = false;
    for (const session of this.#core.sessions.of(user)) {
      if (!session.isAvailable) continue;
      session.send(stanza);
      isAsked ||= session.detachedAt === null;
    }
    // Whoever was there has left in the meantime.
    if (!isWaiting && !isAsked) await keep(true);
  }

  // RFC 6121 3.1.6, 3.2.3, 3.3.3.
  async #receiveChange(
    roster: AccountRoster,
    contact: Jid,
    stanza: Stanza,
    type: Exclude<SubscriptionType, "subscribe">,
  ): Promise<void> {
    const { user } = roster;
    const state = roster.state(contact.bare);
    const { isPassed, next } = inbound[type][state];
    if (!isPassed) return;
    await this.#enter(roster, next, itemIn(next, contact.bare, roster.own(contact.bare)), () => {
      for (const session of this.#core.sessions.of(user)) if (session.isInterested) session.send(stanza);
    });
    if (type === "unsubscribe" && isFrom(state)) this.#hidePresence(roster, contact);
  }

  /** Stores what the state `next` changes; `deliver` runs between the commit and the push (RFC 6121 3.1.6). */
  async #enter(roster: AccountRoster, next: SubscriptionState, item: RosterItem, deliver?: () => void): Promise<void> {
    const before = roster.own(item.jid);
    const isChanged = before === undefined ? isContact(next) : !isSameState(before, item);
    const stored = isChanged ? this.#book.put(roster, item) : undefined;
    const isAnswered = roster.hasRequest(item.jid) && !hasRequest(next);
    const answered = isAnswered ? this.#book.removeRequest(roster, item.jid) : undefined;
    await Promise.all([stored, answered]);
    deliver?.();
    if (isChanged) this.#book.push(roster, item.jid);
  }

  #exists(user: Jid): boolean | Promise<boolean> {
    return this.#core.sessions.of(user).length > 0 || this.#core.accounts.exists(user);
  }

  /** Presence of the user's available resources, for a contact that may see it from now on (RFC 6121 3.1.5). */
  #showPresence(user: Jid, contact: Jid): void {
    for (const session of [...this.#core.sessions.of(user)]) {
      if (session.presence === null) continue;
      void this.#route(session.presence.with({ to: contact.bare }), session.jid, contact);
    }
  }

  /** Unavailable presence of the same resources, for a contact that may no longer see them (RFC 6121 3.2.2). */
  #hidePresence(roster: AccountRoster, contact: Jid): void {
    if (roster.isSharedWith(contact.bare)) return;
    const { user } = roster;
    for (const session of [...this.#core.sessions.of(user)]) {
      if (session.presence === null) continue;
      void this.#route(presence("unavailable", session.jid, contact), session.jid, contact);
    }
  }

  #answer(type: SubscriptionType, user: Jid, contact: Jid): void | Promise<void> {
    return this.#route(presence(type, user, contact), user, contact);
  }

  #route(stanza: Stanza, from: Jid, to: Jid): void | Promise<void> {
    return this.#core.router.route({
      stanza,
      from,
      to,
      origin: serverOrigin,
      host: this.#core.hosts.entity(to.domain),
    });
  }
}

/** A request as it is kept: with all it carries, unless that is more than any client has a use for. */
function keptRequest(stanza: Stanza): string {
  const text = stanza.toString();
  return text.length <= maxRequestLength ? text : stanza.without(() => true).toString();
}

function isSameState(one: RosterItem, other: RosterItem): boolean {
  return one.subscription === other.subscription && one.ask === other.ask && one.approved === other.approved;
}

function presence(type: SubscriptionType | "unavailable", from: Jid, to: Jid): Stanza {
  return Stanza.from(el("presence", NS.client, { from: from.full, to: to.bare, type }));
}
