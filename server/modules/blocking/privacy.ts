import { randomBytes } from "node:crypto";
import type { IqAnswer, ModuleContext } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Session } from "../../core/session.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { BlockBook } from "./book.ts";
import type { BlockChanges } from "./changes.ts";
import { blockedBy, NS_PRIVACY, privacyList, unmappable } from "./privacy-list.ts";

/** What the block list is called as long as no client has given it a name. */
const firstName = "blocked";
/** Under which the name is kept among the account's private XML. */
const kept = { ns: "urn:nightpost:privacy", name: "list" };
const maxName = 100;

/**
 * The block list, for clients of old, as the one privacy list of the account (XEP-0016): it is there under the name that a
 * client gave it, always in force, and cannot say more than a block list can.
 */
export function servePrivacyLists(
  ctx: Pick<ModuleContext<unknown>, "core" | "host" | "feature" | "iq">,
  book: BlockBook,
  changes: BlockChanges,
  owner: (packet: Packet) => Jid,
): void {
  const { core, host } = ctx;
  const { personal } = core.stores;
  const using = new WeakSet<Session>();

  /** null: there is none. */
  const nameOf = async (user: Jid): Promise<string | null> => {
    const xml = await personal.private(host.name, user.local, kept.ns, kept.name);
    const name = xml === null ? undefined : Stanza.parse(xml).attr("name");
    if (name !== undefined) return name;
    return (await book.of(user)).jids.size > 0 ? firstName : null;
  };
  const setName = async (user: Jid, name: string | undefined): Promise<void> => {
    const xml = el(kept.name, kept.ns, { name }).toString();
    await personal.setPrivate(host.name, user.local, kept.ns, kept.name, xml, Number.MAX_SAFE_INTEGER);
  };

  // XEP-0016 2.5: resources that know nothing of lists would have nothing to say to it.
  const push = (user: Jid, name: string): void => {
    const query = el("query", NS_PRIVACY, undefined, el("list", NS_PRIVACY, { name }));
    for (const session of core.sessions.of(user)) {
      if (!using.has(session)) continue;
      const id = randomBytes(9).toString("base64url");
      session.send(Stanza.from(el("iq", NS.client, { type: "set", id, to: session.jid.full }, query)));
    }
  };

  /** Makes the list what the client wants it to be; an empty one is no more. */
  const edit = async (user: Jid, list: Element): Promise<IqAnswer> => {
    const name = list.attr("name") ?? "";
    if (name === "" || name.length > maxName)
      throw StanzaError.of("bad-request", "the list has no name, or a long one");
    const present = await nameOf(user);
    const isRemoved = list.elements("item").length === 0;
    if (isRemoved && name !== present) throw StanzaError.of("item-not-found");
    if (present !== null && name !== present) throw unmappable();
    const wanted = new Set(blockedBy(list));
    const { jids } = await book.of(user);
    const added = [...wanted].filter((jid) => !jids.has(jid));
    const gone = [...jids].filter((jid) => !wanted.has(jid));
    if (added.length > 0) await changes.block(user, added);
    if (gone.length > 0) await changes.unblock(user, gone);
    await setName(user, isRemoved ? undefined : name);
    push(user, name);
    return null;
  };

  /** The list is in force, whatever is said of it; nothing else can be. */
  const choose = async (user: Jid, choice: Element): Promise<IqAnswer> => {
    const name = choice.attr("name");
    const present = await nameOf(user);
    if (name !== undefined && name !== present) throw StanzaError.of("item-not-found");
    if (name === undefined && choice.name === "default" && present !== null) throw unmappable();
    return null;
  };

  ctx.feature(NS_PRIVACY);
  ctx.iq("account", "get", [NS_PRIVACY, "query"], async (iq, packet) => {
    const user = owner(packet);
    const { session } = packet.origin;
    if (session !== null) using.add(session);
    const [asked, another] = iq.payload?.elements() ?? [];
    const present = await nameOf(user);
    if (asked === undefined) {
      const named = (name: string): Element => el(name, NS_PRIVACY, { name: present! });
      return el("query", NS_PRIVACY, undefined, ...(present === null ? [] : [named("default"), named("list")]));
    }
    if (another !== undefined || asked.name !== "list") throw StanzaError.of("bad-request", "one list at a time");
    if (present === null || asked.attr("name") !== present) throw StanzaError.of("item-not-found");
    return el("query", NS_PRIVACY, undefined, privacyList(present, (await book.of(user)).jids));
  });
  ctx.iq("account", "set", [NS_PRIVACY, "query"], async (iq, packet) => {
    const user = owner(packet);
    const [change, another] = iq.payload?.elements() ?? [];
    if (change === undefined || another !== undefined) throw StanzaError.of("bad-request", "one change at a time");
    if (change.name === "list") return edit(user, change);
    if (change.name === "default" || change.name === "active") return choose(user, change);
    throw StanzaError.of("bad-request");
  });
}
