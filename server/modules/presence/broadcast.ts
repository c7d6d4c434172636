import type { Core } from "../../core/core.ts";
import type { Contacts } from "../../core/hooks.ts";
import { serverOrigin } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** Contacts of an account without a roster. */
export const noContacts: Contacts = { item: () => undefined, subscribers: [], subscriptions: [] };

/** The presence of the local sessions of one host: who is told what (RFC 6121 4.2 to 4.6). */
export class Broadcast {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Initial and subsequent presence, RFC 6121 4.2 and 4.4. */
  available(session: Session, stanza: Stanza, priority: number, contacts: Contacts): void {
    if (session.isClosed) return;
    const isInitial = session.presence === null;
    const wasReachable = !isInitial && session.priority >= 0;
    session.presence = stanza;
    session.priority = priority;
    if (priority >= 0 && !wasReachable) session.reachableSince = this.#core.clock.now();
    this.#toSubscribers(session, stanza, contacts);
    this.#toOwnResources(session, stanza);
    if (isInitial) {
      this.#introduce(session, contacts);
      void session.host.hooks.fire("presence/initial", { session, stanza });
    }
    if (priority >= 0 && !wasReachable) void session.host.hooks.fire("session/reachable", { session });
  }

  /** The session goes unavailable, by presence or, without a stanza, because it ended (RFC 6121 4.5, 4.6.3). */
  unavailable(session: Session, sent: Stanza | null, contacts: Contacts): undefined {
    const wasAvailable = session.presence !== null;
    const { directed } = session;
    session.presence = null;
    session.priority = 0;
    session.directed = null;
    if (!wasAvailable && directed === null) return;
    const stanza = sent ?? Stanza.from(el("presence", NS.client, { from: session.jid.full, type: "unavailable" }));
    if (wasAvailable) {
      this.#toSubscribers(session, stanza, contacts);
      this.#toOwnResources(session, stanza);
      session.send(stanza.with({ to: session.bare.bare }));
    }
    if (directed !== null) {
      for (const to of directed.values()) {
        const subscription = wasAvailable ? contacts.item(to.bare)?.subscription : undefined;
        if (subscription !== "from" && subscription !== "both") this.#route(stanza, session, to);
      }
    }
    if (wasAvailable) void session.host.hooks.fire("presence/gone", { session, stanza: sent });
  }

  // The stanza's content is shared; each recipient costs a start tag.
  #toSubscribers(session: Session, stanza: Stanza, contacts: Contacts): void {
    for (const to of contacts.subscribers) if (!this.#isBlocked(session, to)) this.#route(stanza, session, to);
  }

  #isBlocked({ bare: user, host }: Session, other: Jid): boolean {
    return host.hooks.fire("stanza/blocked", { user, other }) === true;
  }

  // An account is implicitly subscribed to itself, RFC 6121 4.2.2.
  #toOwnResources(session: Session, stanza: Stanza): void {
    const own = stanza.with({ to: session.bare.bare });
    for (const other of this.#core.sessions.of(session.bare)) if (other.isAvailable) other.send(own);
  }

  /** Tells a new resource who is there: the account's other resources and the contacts (RFC 6121 4.3). */
  #introduce(session: Session, contacts: Contacts): void {
    for (const other of this.#core.sessions.of(session.bare)) {
      if (other !== session && other.presence !== null) session.send(other.presence.with({ to: session.jid.full }));
    }
    for (const contact of contacts.subscriptions) {
      if (this.#isBlocked(session, contact)) continue;
      const host = this.#core.hosts.get(contact.domain);
      if (host === undefined || contact.local === "") {
        this.#route(probe(session), session, contact);
        continue;
      }
      // A probe of somebody who is served here is answered on the spot; those who are away need no answer.
      if (!this.#core.sessions.of(contact).some(isAvailable)) continue;
      const visible = host.hooks.fire("presence/visible", { user: contact, from: session.bare });
      if (visible instanceof Promise) void visible.then((may) => may === true && this.#show(contact, session));
      else if (visible === true) this.#show(contact, session);
    }
  }

  #show(contact: Jid, session: Session): void {
    for (const other of this.#core.sessions.of(contact)) {
      if (other.presence !== null) session.send(other.presence.with({ to: session.jid.full }));
    }
  }

  #route(stanza: Stanza, session: Session, to: Jid): void {
    void this.#core.router.route({
      stanza: stanza.with({ to: to.full }),
      from: session.jid,
      to,
      origin: serverOrigin,
      host: this.#core.hosts.entity(to.domain),
    });
  }
}

function isAvailable(session: Session): boolean {
  return session.presence !== null;
}

function probe(session: Session): Stanza {
  return Stanza.from(el("presence", NS.client, { from: session.bare.bare, type: "probe" }));
}
