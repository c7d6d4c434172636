import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { BlockList } from "./block-list.ts";
import { BlockBook } from "./book.ts";
import { BlockChanges, items, NS_BLOCKING } from "./changes.ts";
import { servePrivacyLists } from "./privacy.ts";

const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
const NS_BLOCKED = "urn:xmpp:blocking:errors";
/** Before whoever delivers, answers or asks for an answer. */
const first = 10;

export const blocking = defineModule({
  name: "blocking",
  summary: "Keeps away those that an account does not want to hear from.",
  xeps: [
    { number: 191, version: "1.3", note: "Reports inside of items are for the module `reports` (XEP-0377)." },
    { number: 16, version: "1.7", status: "partial", note: "The block list as the one list, for clients of old." },
  ],
  options: z.strictObject({
    max_jids: z.int().min(1).max(100_000).default(1000).describe("Entries of one account's list."),
    privacy_lists: z
      .boolean()
      .default(true)
      .describe("Clients of old may change the block list as a privacy list (XEP-0016)."),
  }),
  async start(ctx) {
    const { core, host, options } = ctx;
    const book = new BlockBook(core, host.name, options.max_jids);
    const changes = new BlockChanges(core, host, book);

    ctx.feature(NS_BLOCKING);
    ctx.hook("session/bound", ({ session }) => {
      const list = book.of(session.bare);
      return list instanceof Promise ? list.then(() => undefined) : undefined;
    });
    ctx.hook("account/removed", ({ user }) => {
      book.forget(user);
    });
    ctx.hook("account/imported", ({ user }) => {
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
      if (!list.has(from) && !isInvitedBy(stanza, list)) return undefined;
      if (stanza.kind !== "presence" && stanza.type !== "groupchat")
        core.router.bounce(packet, StanzaError.of("service-unavailable"));
      return "drop";
    };

    // What goes out, XEP-0191 3.6.
    ctx.hook(
      "stanza/sent",
      (packet) => {
        if (packet.stanza.to === undefined) return undefined;
        const list = book.of(packet.from);
        if (list instanceof Promise) return list.then((read) => refuseTo(packet, read));
        return list === BlockList.empty ? undefined : refuseTo(packet, list);
      },
      first,
    );
    const refuseTo = (packet: Packet, list: BlockList): "drop" | undefined => {
      const { stanza, from, to } = packet;
      if (to.bare === from.bare || !list.has(to)) return undefined;
      if (stanza.kind === "presence" && stanza.type === "unavailable") return undefined;
      const app = el("blocked", NS_BLOCKED);
      core.router.bounce(packet, StanzaError.of("not-acceptable", undefined, { type: "cancel", app }));
      return "drop";
    };
    ctx.hook("stanza/blocked", ({ user, other }) => {
      const list = book.of(user);
      if (list instanceof Promise) return list.then((read) => (read.has(other) ? true : undefined));
      return list.has(other) ? true : undefined;
    });
    ctx.hook(
      "presence/visible",
      ({ user, from }) => (book.inMemory(user).has(from) || book.inMemory(from).has(user) ? false : undefined),
      first,
    );

    ctx.iq("account", "get", [NS_BLOCKING, "blocklist"], async (_iq, packet) => {
      const { session } = packet.origin;
      const user = owner(packet);
      if (session !== null) changes.interest(session);
      const { jids } = await book.of(user);
      return el("blocklist", NS_BLOCKING, undefined, ...items(jids));
    });
    ctx.iq("account", "set", [NS_BLOCKING, "block"], async (iq, packet) => {
      const user = owner(packet);
      const jids = jidsIn(iq);
      if (jids.length === 0) throw StanzaError.of("bad-request", "nobody is named");
      await changes.block(user, jids);
      await host.hooks.fire("account/blocked", { user, items: iq.payload!.elements("item", NS_BLOCKING) });
      return null;
    });
    ctx.iq("account", "set", [NS_BLOCKING, "unblock"], async (iq, packet) => {
      const user = owner(packet);
      const jids = jidsIn(iq);
      await changes.unblock(user, jids.length === 0 ? null : jids);
      return null;
    });
    if (options.privacy_lists) servePrivacyLists(ctx, book, changes, owner);

    // Whoever is here already is not shown to whom they block, either.
    const here = [...core.sessions.all()].filter((session) => session.host === host);
    await Promise.all(here.map(async ({ bare }) => book.of(bare)));
  },
});

/** Somebody who is blocked does not get through by way of a room (XEP-0045 7.8.2). */
function isInvitedBy(stanza: Stanza, list: BlockList): boolean {
  if (stanza.kind !== "message" || !stanza.has("x", NS_MUC_USER)) return false;
  const inviter = Jid.tryParse(stanza.child("x", NS_MUC_USER)?.child("invite")?.attr("from") ?? "");
  return inviter !== undefined && list.has(inviter);
}

function owner({ from, to }: Packet): Jid {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
  return to.toBare();
}

/** The JIDs of a `<block/>` or `<unblock/>`, prepared and each once. */
function jidsIn(iq: Stanza): string[] {
  const jids = (iq.payload?.elements("item", NS_BLOCKING) ?? []).map((item) => Jid.tryParse(item.attr("jid") ?? ""));
  if (jids.includes(undefined)) throw StanzaError.of("jid-malformed");
  return [...new Set(jids.map((jid) => jid!.full))];
}
