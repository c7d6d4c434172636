import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { listPage } from "../../xmpp/list-page.ts";
import { changeRole, changeStandings, checkStandings, type StandingChange } from "./affiliate.ts";
import type { Conference } from "./conference.ts";
import { NS_ADMIN } from "./namespaces.ts";
import { checkNick } from "./nick.ts";
import type { Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";
import {
  checkAffiliationChange,
  checkRoleChange,
  initialRole,
  isAtLeast,
  isRole,
  isStanding,
  type Role,
  type Standing,
} from "./standing.ts";
import { itemElement } from "./stanzas.ts";

/** Items of one request. */
const maxItems = 1000;

interface RoleChange {
  readonly occupant: Occupant;
  readonly to: Role | "none";
  readonly reason: string | undefined;
}

/** Lists of a room, XEP-0045 8.5, 9.2, 9.5, 9.8, 10.5, 10.8; long ones page by page. Throws StanzaError. */
export function readList(conference: Conference, room: Room, query: Element, { from }: Packet): IqAnswer {
  const [item] = query.elements("item");
  const affiliation = item?.attr("affiliation");
  const role = item?.attr("role");
  const standing = conference.standing(room, from);
  const viewer = room.seat(from)?.occupant;
  if (isStanding(affiliation) && affiliation !== "none") {
    checkMayRead(room, standing, viewer, affiliation);
    const entries = [...room.affiliations.values()].filter((entry) => entry.affiliation === affiliation);
    const items = listPage(
      query,
      entries,
      ({ jid }) => jid,
      ({ jid, nick, reason }) =>
        itemElement({ affiliation, jid, nick: nick ?? undefined, reason: reason ?? undefined }, NS_ADMIN),
    );
    return el("query", NS_ADMIN, undefined, ...items);
  }
  if (!isRole(role)) throw StanzaError.of("bad-request", "neither a role nor an affiliation");
  if (viewer?.role !== "moderator" && !isAtLeast(standing, "admin")) throw StanzaError.of("forbidden");
  const items = listPage(
    query,
    [...room.occupants.values()].filter((occupant) => occupant.role === role),
    ({ nick }) => nick,
    ({ standing: affiliation, nick, seats }) =>
      itemElement({ affiliation, role, nick, jid: seats.at(-1)!.jid.full }, NS_ADMIN),
  );
  return el("query", NS_ADMIN, undefined, ...items);
}

/**
 * Admins may read all lists. Others only those of members, admins and owners, when they are in the room or members of it,
 * addresses are no secret there, and the configuration names their role.
 */
function checkMayRead(room: Room, standing: Standing, viewer: Occupant | undefined, list: Standing): void {
  if (isAtLeast(standing, "admin")) return;
  const { whois, memberListFor, isMembersOnly, isModerated } = room.config;
  const isMember = isAtLeast(standing, "member");
  const role = viewer?.role ?? (isMember ? initialRole(standing, isModerated) : undefined);
  const isTrusted = role !== undefined && (isMember || !isMembersOnly) && memberListFor.includes(role);
  if (list === "outcast" || whois !== "anyone" || !isTrusted) throw StanzaError.of("forbidden");
}

/** Changes of roles and affiliations: all of them, or none. XEP-0045 8, 9, 10. Throws StanzaError. */
export async function changeLists(
  conference: Conference,
  room: Room,
  query: Element,
  { from }: Packet,
): Promise<IqAnswer> {
  const items = query.elements("item");
  if (items.length === 0 || items.length > maxItems) throw StanzaError.of("bad-request", `1 to ${maxItems} items`);
  const standing = conference.standing(room, from);
  const actor = room.seat(from)?.occupant;
  const standings: StandingChange[] = [];
  const roles: RoleChange[] = [];
  for (const item of items) {
    const reason = item.childText("reason");
    if (reason !== undefined && Buffer.byteLength(reason) > conference.options.max_text)
      throw StanzaError.of("not-acceptable", "the reason is too long");
    const affiliation = item.attr("affiliation");
    if (affiliation === undefined) {
      const change = { ...roleChange(room, item), reason };
      checkRoleChange({ standing, role: actor?.role ?? null }, change.occupant, change.to);
      roles.push(change);
    } else {
      if (!isStanding(affiliation)) throw StanzaError.of("bad-request", "there is no such affiliation");
      standings.push(standingChange(conference, room, item, affiliation, { standing, from, reason }));
    }
  }
  checkStandings(conference, room, standings);
  for (const { occupant, to, reason } of roles) {
    changeRole(conference, room, occupant, to, { actor: actor?.nick, reason });
  }
  if (standings.length > 0) await changeStandings(conference, room, standings, actor);
  return null;
}

function roleChange(room: Room, item: Element): { occupant: Occupant; to: Role | "none" } {
  const to = item.attr("role");
  if (to !== "none" && !isRole(to)) throw StanzaError.of("bad-request", "there is no such role");
  const nick = item.attr("nick");
  const occupant = nick === undefined ? undefined : room.occupant(nick);
  if (nick === undefined) throw StanzaError.of("bad-request", "whose role?");
  if (occupant === undefined) throw StanzaError.of("item-not-found", "there is nobody of that name");
  return { occupant, to };
}

function standingChange(
  conference: Conference,
  room: Room,
  item: Element,
  to: Standing,
  actor: { standing: Standing; from: Jid; reason: string | undefined },
): StandingChange {
  const jid = target(room, item);
  const { standing, from, reason } = actor;
  // XEP-0045 9.1: nobody bans themselves.
  if (to === "outcast" && jid.bare === from.bare) throw StanzaError.of("conflict", "you cannot ban yourself");
  checkAffiliationChange(standing, conference.standing(room, jid), to);
  if (to === "outcast" && jid.local === "" && jid.domain === conference.host.name && standing !== "owner")
    throw StanzaError.of("not-allowed", "only owners ban a whole server");
  return { jid, to, nick: registeredNick(conference, item, jid), reason };
}

/** The user whom an item is about, by address or by the nickname they have in the room just now. */
function target(room: Room, item: Element): Jid {
  const address = item.attr("jid");
  if (address === undefined) {
    const occupant = room.occupant(item.attr("nick") ?? "");
    if (occupant === undefined) throw StanzaError.of("item-not-found", "there is nobody of that name");
    return occupant.user;
  }
  const jid = Jid.tryParse(address);
  if (jid === undefined) throw StanzaError.of("jid-malformed");
  return jid.toBare();
}

/** XEP-0045 9.3: an admin may say which nickname a member has registered. */
function registeredNick({ options }: Conference, item: Element, jid: Jid): string | undefined {
  const nick = item.attr("nick");
  if (nick === undefined || item.attr("jid") === undefined || jid.local === "") return undefined;
  checkNick(nick, options.max_nick);
  return nick;
}
