import { randomBytes } from "node:crypto";
import type { Core } from "../../core/core.ts";
import type { Host } from "../../core/host.ts";
import { serverOrigin } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { type Element, el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { BlockList } from "./block-list.ts";
import type { BlockBook } from "./book.ts";

export const NS_BLOCKING = "urn:xmpp:blocking";
const unavailable = Stanza.from(el("presence", NS.client, { type: "unavailable" }));
const probe = Stanza.from(el("presence", NS.client, { type: "probe" }));

/** Changes of block lists, with all that follows from them. */
export class BlockChanges {
  readonly #core: Core;
  readonly #host: Host;
  readonly #book: BlockBook;
  /** They have asked for the list, so they are told of changes. */
  readonly #interested = new WeakSet<Session>();

  constructor(core: Core, host: Host, book: BlockBook) {
    this.#core = core;
    this.#host = host;
    this.#book = book;
  }

  interest(session: Session): void {
    this.#interested.add(session);
  }

  /** XEP-0191 3.3. Throws StanzaError. */
  async block(user: Jid, jids: readonly string[]): Promise<void> {
    const before = await this.#book.of(user);
    await this.#book.add(user, jids);
    this.#push(user, "block", jids);
    await this.#hide(user, BlockList.of(jids.filter((jid) => !before.jids.has(jid))), before);
  }

  /** XEP-0191 3.4; null: all. */
  async unblock(user: Jid, jids: readonly string[] | null): Promise<void> {
    const gone = await this.#book.remove(user, jids);
    this.#push(user, "unblock", jids ?? []);
    await this.#show(user, BlockList.of(gone));
  }

  #push(user: Jid, name: "block" | "unblock", jids: readonly string[]): void {
    const change = el(name, NS_BLOCKING, undefined, ...items(jids));
    for (const session of this.#core.sessions.of(user)) {
      if (!this.#interested.has(session)) continue;
      const id = randomBytes(9).toString("base64url");
      session.send(Stanza.from(el("iq", NS.client, { type: "set", id, to: session.jid.full }, change)));
    }
  }

  /** Whoever saw the account sees it go. */
  async #hide(user: Jid, added: BlockList, before: BlockList): Promise<void> {
    const contacts = await this.#host.hooks.fire("roster/contacts", { user });
    for (const session of this.#core.sessions.of(user)) {
      const seenBy = new Map(contacts?.subscribers.map((jid) => [jid.full, jid]));
      if (session.presence === null) seenBy.clear();
      for (const [key, jid] of session.directed ?? []) seenBy.set(key, jid);
      for (const [key, jid] of seenBy) {
        if (!added.has(jid) || before.has(jid)) continue;
        this.#route(unavailable, session.jid, jid);
        // Nor do they hear when it really goes.
        session.directed?.delete(key);
      }
    }
  }

  /** Whoever may see the account sees it again, and it them. */
  async #show(user: Jid, gone: BlockList): Promise<void> {
    const contacts = await this.#host.hooks.fire("roster/contacts", { user });
    const left = this.#book.inMemory(user);
    const isBack = (jid: Jid): boolean => gone.has(jid) && !left.has(jid);
    const { sessions } = this.#core;
    for (const session of sessions.of(user)) {
      if (session.presence === null) continue;
      for (const jid of contacts?.subscribers.filter(isBack) ?? []) this.#route(session.presence, session.jid, jid);
    }
    if (!sessions.of(user).some(({ isAvailable }) => isAvailable)) return;
    for (const jid of contacts?.subscriptions.filter(isBack) ?? []) this.#route(probe, user, jid);
  }

  #route(stanza: Stanza, from: Jid, to: Jid): void {
    const { hosts, router } = this.#core;
    const addressed = stanza.with({ from: from.full, to: to.full });
    void router.route({ stanza: addressed, from, to, origin: serverOrigin, host: hosts.entity(to.domain) });
  }
}

export function items(jids: Iterable<string>): Element[] {
  return Array.from(jids, (jid) => el("item", NS_BLOCKING, { jid }));
}
