import { randomBytes } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { type Packet, serverOrigin } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { BlockBook } from "./book.ts";
import { BlockList } from "./block-list.ts";

const NS_BLOCKING = "urn:xmpp:blocking";
const NS_BLOCKED = "urn:xmpp:blocking:errors";
/** Before whoever delivers, answers or asks for an answer. */
const first = 10;

export const blocking = defineModule({
  name: "blocking",
  summary: "Keeps away those that an account does not want to hear from.",
  xeps: [{ number: 191, version: "1.3", note: "Reports inside of items (XEP-0377) are accepted and go nowhere." }],
  options: z.strictObject({
    max_jids: z.int().min(1).max(100_000).default(1000).describe("Entries of one account's list."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const book = new BlockBook(core, host.name, options.max_jids);
    /** They have asked for the list, so they are told of changes. */
    const interested = new WeakSet<Session>();

    ctx.feature(NS_BLOCKING);
    ctx.hook("session/bound", ({ session }) => {
      const list = book.of(session.bare);
      return list instanceof Promise ? list.then(() => undefined) : undefined;
    });
    ctx.hook("account/removed", ({ user }) => {
      book.forget(user);
    });

    // What comes in. The account's own server and resources cannot be blocked.
    ctx.hook(
      "stanza/incoming",
      (packet) => {
        const { from, to } = packet;
        if (from.bare === to.bare || (from.local === "" && from.domain === host.name)) return undefined;
        const list = book.of(to);
        if (list instanceof Promise) return list.then((read) => refuseFrom(packet, read));
        return list === BlockList.empty ? undefined : refuseFrom(packet, list);
      },
      first,
    );
    // XEP-0191 3.5: the sender looks like somebody who writes to nobody. A room would put out who answers with an error.
    const refuseFrom = (packet: Packet, list: BlockList): "drop" | undefined => {
      const { stanza, from } = packet;
      if (!list.has(from)) return undefined;
      if (stanza.kind !== "presence" && stanza.type !== "groupchat")
        core.router.bounce(packet, StanzaError.of("service-unavailable"));
      return "drop";
    };

    // What goes out, XEP-0191 3.6.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        const { stanza, from, to } = packet;
        if (stanza.to === undefined) return undefined;
        const list = book.inMemory(from);
        if (list === BlockList.empty || to.bare === from.bare || !list.has(to)) return undefined;
        if (stanza.kind === "presence" && stanza.type === "unavailable") return undefined;
        const app = el("blocked", NS_BLOCKED);
        core.router.bounce(packet, StanzaError.of("not-acceptable", undefined, { type: "cancel", app }));
        return "drop";
      },
      first,
    );
    ctx.hook("stanza/blocked", ({ user, other }) => (book.inMemory(user).has(other) ? true : undefined));
    ctx.hook(
      "presence/visible",
      ({ user, from }) => (book.inMemory(user).has(from) || book.inMemory(from).has(user) ? false : undefined),
      first,
    );

    ctx.iq("account", "get", [NS_BLOCKING, "blocklist"], async (_iq, packet) => {
      const { session } = packet.origin;
      const user = owner(packet);
      if (session !== null) interested.add(session);
      const { jids } = await book.of(user);
      return el("blocklist", NS_BLOCKING, undefined, ...items(jids));
    });
    ctx.iq("account", "set", [NS_BLOCKING, "block"], async (iq, packet) => {
      const user = owner(packet);
      const jids = jidsIn(iq);
      if (jids.length === 0) throw StanzaError.of("bad-request", "nobody is named");
      const before = await book.of(user);
      await book.add(user, jids);
      push(user, "block", jids);
      const added = BlockList.of(jids.filter((jid) => !before.jids.has(jid)));
      await hide(user, added, before);
      return null;
    });
    ctx.iq("account", "set", [NS_BLOCKING, "unblock"], async (iq, packet) => {
      const user = owner(packet);
      const jids = jidsIn(iq);
      const gone = await book.remove(user, jids.length === 0 ? null : jids);
      push(user, "unblock", jids);
      await show(user, BlockList.of(gone));
      return null;
    });

    const push = (user: Jid, name: "block" | "unblock", jids: readonly string[]): void => {
      const change = el(name, NS_BLOCKING, undefined, ...items(jids));
      for (const session of core.sessions.of(user)) {
        if (!interested.has(session)) continue;
        const id = randomBytes(9).toString("base64url");
        session.send(Stanza.from(el("iq", NS.client, { type: "set", id, to: session.jid.full }, change)));
      }
    };

    const contactsOf = async (user: Jid) => host.hooks.fire("roster/contacts", { user });
    const route = (stanza: Stanza, from: Jid, to: Jid): void => {
      const addressed = stanza.with({ from: from.full, to: to.full });
      void core.router.route({ stanza: addressed, from, to, origin: serverOrigin, host: core.hosts.entity(to.domain) });
    };

    /** Whoever saw the account sees it go (XEP-0191 3.3). */
    const hide = async (user: Jid, added: BlockList, before: BlockList): Promise<void> => {
      const contacts = await contactsOf(user);
      for (const session of core.sessions.of(user)) {
        const seenBy = new Map(contacts?.subscribers.map((jid) => [jid.full, jid]));
        if (session.presence === null) seenBy.clear();
        for (const [key, jid] of session.directed ?? []) seenBy.set(key, jid);
        for (const jid of seenBy.values()) if (added.has(jid) && !before.has(jid)) route(unavailable, session.jid, jid);
      }
    };
    /** Whoever may see the account sees it again, and it them (XEP-0191 3.4). */
    const show = async (user: Jid, gone: BlockList): Promise<void> => {
      const contacts = await contactsOf(user);
      const left = book.inMemory(user);
      const isBack = (jid: Jid): boolean => gone.has(jid) && !left.has(jid);
      for (const session of core.sessions.of(user)) {
        if (session.presence === null) continue;
        for (const jid of contacts?.subscribers.filter(isBack) ?? []) route(session.presence, session.jid, jid);
      }
      if (!core.sessions.of(user).some(({ isAvailable }) => isAvailable)) return;
      for (const jid of contacts?.subscriptions.filter(isBack) ?? []) route(probe, user, jid);
    };
  },
});

const unavailable = Stanza.from(el("presence", NS.client, { type: "unavailable" }));
const probe = Stanza.from(el("presence", NS.client, { type: "probe" }));

function owner({ from, to }: Packet): Jid {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
  return to.toBare();
}

function items(jids: Iterable<string>): Element[] {
  return Array.from(jids, (jid) => el("item", NS_BLOCKING, { jid }));
}

/** The JIDs of a `<block/>` or `<unblock/>`, prepared and each once. */
function jidsIn(iq: Stanza): string[] {
  const jids = (iq.payload?.elements("item", NS_BLOCKING) ?? []).map((item) => Jid.tryParse(item.attr("jid") ?? ""));
  if (jids.includes(undefined)) throw StanzaError.of("jid-malformed");
  return [...new Set(jids.map((jid) => jid!.full))];
}
