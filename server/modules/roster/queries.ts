import type { Core } from "../../core/core.ts";
import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { itemIn, type AccountRoster } from "./account-roster.ts";
import { itemElement, removedElement, type RosterBook, rosterPush } from "./book.ts";

const maxNameBytes = 1023;
const maxGroupsBytes = 8 * 1024;

/** A roster is read and changed by its owner only (RFC 6121 2.1.5, 2.3.3), or by the server in its name. */
function checkOwner({ from, to }: Packet): void {
  if (from.bare !== to.bare) throw StanzaError.of("forbidden");
}

/** Roster get, RFC 6121 2.1.3; with versioning, 2.6. */
export async function getRoster(iq: Stanza, packet: Packet, book: RosterBook, core: Core): Promise<IqAnswer> {
  checkOwner(packet);
  const { session } = packet.origin;
  if (session !== null) session.isInterested = true;
  const roster = await book.of(packet.to);
  if (roster.pending !== null) await roster.pending.catch(() => undefined);
  if (session === null) return wholeRoster(roster);
  const known = iq.child("query", NS.roster)?.attr("ver") ?? "";
  if (known === roster.versionText()) return null;
  const [, since, shared = ""] = /^(\d{1,15})(?:-([\w-]{1,64}))?$/.exec(known) ?? [];
  const changes =
    since !== undefined && shared === (roster.shared?.version ?? "")
      ? await core.stores.rosters.changes(session.host.name, session.bare.local, Number(since))
      : null;
  if (changes === null || changes.length > roster.size) return wholeRoster(roster);
  session.answer(resultReply(iq));
  for (const { jid, version } of changes) {
    const item = roster.item(jid);
    const element = item === undefined ? removedElement(jid) : itemElement(item);
    // Each with the version that made it: if the stream dies before the last, the client asks for those after the last it got.
    session.send(rosterPush(session.jid, element, roster.versionText(version)));
  }
  return "answered";
}

/** With its version also for clients that did not ask for changes only (RFC 6121 2.1.1). */
function wholeRoster(roster: AccountRoster): Element {
  return el("query", NS.roster, { ver: roster.versionText() }, ...Array.from(roster.items(), itemElement));
}

/** What a roster set asks for. */
interface RosterChange {
  readonly jid: Jid;
  readonly name: string;
  readonly groups: readonly string[];
  readonly isRemoval: boolean;
}

/** Roster set, RFC 6121 2.3 to 2.5. `cancel` ends the subscriptions with a contact that is removed. */
export async function setRoster(
  iq: Stanza,
  packet: Packet,
  book: RosterBook,
  cancel: (roster: AccountRoster, contact: Jid) => Promise<void>,
): Promise<IqAnswer> {
  checkOwner(packet);
  const user = packet.to.toBare();
  const change = readChange(iq, user);
  const jid = change.jid.bare;
  const roster = await book.of(user);
  const before = roster.own(jid);
  const shared = roster.shared?.items.get(jid);
  if (change.isRemoval) {
    if (before === undefined && shared !== undefined)
      throw StanzaError.of("not-allowed", "this contact comes from a group");
    if (before === undefined) throw StanzaError.of("item-not-found");
    await cancel(roster, change.jid);
    return null;
  }
  // What a group has named stays the group's.
  const groups = change.groups.filter((group) => !(shared?.groups.includes(group) ?? false));
  await book.put(roster, { ...itemIn(roster.state(jid), jid, before), name: change.name, groups });
  book.push(roster, jid);
  return null;
}

// The errors are those of RFC 6121 2.3.3 and 2.5.3. A `subscription` other than `remove` is ignored (2.1.2.5).
function readChange(iq: Stanza, user: Jid): RosterChange {
  const items = iq.child("query", NS.roster)?.elements("item") ?? [];
  const [item] = items;
  if (item === undefined || items.length > 1) throw StanzaError.of("bad-request", "exactly one item");
  const address = item.attr("jid");
  if (address === undefined) throw StanzaError.of("bad-request", "the item has no jid");
  const jid = Jid.tryParse(address)?.toBare();
  if (jid === undefined) throw StanzaError.of("jid-malformed");
  if (jid.equals(user)) throw StanzaError.of("not-allowed", "nobody is a contact of their own");
  const isRemoval = item.attr("subscription") === "remove";
  if (isRemoval) return { jid, name: "", groups: [], isRemoval };
  const name = item.attr("name") ?? "";
  const groups = item.elements("group").map((group) => group.text);
  if (new Set(groups).size !== groups.length) throw StanzaError.of("bad-request", "a group is named twice");
  if (Buffer.byteLength(name) > maxNameBytes) throw StanzaError.of("not-acceptable", "the name is too long");
  for (const group of groups) {
    if (group === "") throw StanzaError.of("not-acceptable", "a group has no name");
    if (Buffer.byteLength(group) > maxNameBytes) throw StanzaError.of("not-acceptable", "a group's name is too long");
  }
  if (Buffer.byteLength(groups.join("")) > maxGroupsBytes) throw StanzaError.of("not-acceptable", "too many groups");
  return { jid, name, groups, isRemoval };
}
