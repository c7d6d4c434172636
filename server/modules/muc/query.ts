import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { finElement, metadataElement, resultStanza } from "../../features/archive/answer.ts";
import { readQuery } from "../../features/archive/query.ts";
import type { ArchivedMessage } from "../../storage/ports.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { Conference } from "./conference.ts";
import type { Room } from "./room.ts";
import { isAtLeast } from "./standing.ts";
import { itemElement, userElement } from "./stanzas.ts";

const maxPage = 250;

/** Reads the archive of a room (XEP-0313 4, 6.1.2), for those who could enter it. Throws StanzaError. */
export async function queryRoom(
  conference: Conference,
  room: Room,
  element: Element,
  { from, origin }: Packet,
  searching: Set<string>,
): Promise<IqAnswer> {
  checkMayRead(conference, room, from);
  const showsJids = seesAddresses(conference, room, from);
  const { domain: host, local, bare } = room.jid;
  const { query, isFlipped, queryId } = readQuery(element, { host, local }, maxPage);
  if (query.with !== undefined && !showsJids) throw StanzaError.of("forbidden", "addresses are secret here");
  const isSearch = query.text !== undefined;
  if (isSearch && searching.has(from.bare)) throw StanzaError.of("resource-constraint", "one search at a time");
  if (isSearch) searching.add(from.bare);
  conference.archive.flush();
  const page = await conference.core.stores.archive.query(query).finally(() => searching.delete(from.bare));
  if (page === null) throw StanzaError.of("item-not-found", "an id in the query is not in the archive");
  for (const item of isFlipped ? page.items.toReversed() : page.items) {
    const shown = showsJids ? withAddress(room, item) : item;
    const result = resultStanza(shown, { from: bare, to: from.full }, queryId);
    // Past messages that are held back: the answer that ends the results is not held back either.
    if (origin.session === null) origin.answer(result);
    else origin.session.sendNow(result);
  }
  return finElement(page);
}

export async function archiveBounds(conference: Conference, room: Room, { from }: Packet): Promise<IqAnswer> {
  checkMayRead(conference, room, from);
  conference.archive.flush();
  return metadataElement(await conference.core.stores.archive.bounds(room.jid.domain, room.jid.local));
}

/** XEP-0313 6.1.2: only who could enter the room now. */
export function checkMayRead(conference: Conference, room: Room, user: Jid): void {
  const standing = conference.standing(room, user);
  if (standing === "outcast") throw StanzaError.of("forbidden", "banned from this room");
  if (isAtLeast(standing, "member") || room.seats.has(user.full)) return;
  if (room.isLocked || room.config.isMembersOnly || room.config.password !== null)
    throw StanzaError.of("forbidden", "only those who may enter");
}

function seesAddresses(conference: Conference, room: Room, user: Jid): boolean {
  const viewer = room.seat(user)?.occupant;
  if (viewer?.role === "moderator" || isAtLeast(conference.standing(room, user), "admin")) return true;
  return room.config.whois === "anyone";
}

/** XEP-0313 6.1.2: with the sender's address. */
function withAddress(room: Room, item: ArchivedMessage): ArchivedMessage {
  // What the room itself said has nobody else's address.
  if (!item.peer.includes("@") || item.peer.startsWith(`${room.jid.bare}/`)) return item;
  const bare = item.peer.split("/", 1)[0]!;
  const affiliation = room.affiliations.get(bare)?.affiliation ?? "none";
  const x = userElement(itemElement({ affiliation, jid: item.peer }));
  return { ...item, xml: Stanza.parse(item.xml).append(x).toString() };
}
