import { setImmediate as nextTurn } from "node:timers/promises";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { announce } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { introduce } from "./join.ts";
import { removeOccupant } from "./leave.ts";
import { NickHolders } from "./nick.ts";
import type { Occupant, Seat } from "./occupant.ts";
import type { Room } from "./room.ts";
import { initialRole, isAtLeast, type Role, type Standing } from "./standing.ts";
import { type Cause, itemElement, userElement } from "./stanzas.ts";

/** Of changes, in one turn of the event loop. */
const maxMsPerTurn = 5;

/** A change to one of a room's lists. */
export interface StandingChange {
  /** Bare JID or domain. */
  readonly jid: Jid;
  readonly to: Standing;
  /** Registered from now on; left out: as before. */
  readonly nick?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * May these changes be made together? Throws StanzaError: conflict when nobody would own the room any more or two would have
 * the same nickname, resource-constraint when the lists would grow too long.
 */
export function checkStandings({ options }: Conference, room: Room, changes: readonly StandingChange[]): void {
  checkOwnersLeft(room, changes);
  checkNicks(room, changes);
  const added = changes.filter(({ jid, to }) => to !== "none" && !room.affiliations.has(jid.bare));
  if (added.length > 0 && room.affiliations.size + added.length > options.max_affiliations)
    throw StanzaError.of("resource-constraint", "the room's lists are full");
}

/**
 * Changes the lists of a room and tells its occupants; whoever may no longer be there leaves (XEP-0045 9.1 to 9.5, 10.3 to
 * 10.8). Settles when it is on disk. Throws StanzaError as {@link checkStandings} does, before anything is changed.
 */
export async function changeStandings(
  conference: Conference,
  room: Room,
  changes: readonly StandingChange[],
  actor: Occupant | undefined,
): Promise<void> {
  checkStandings(conference, room, changes);
  const before = changes.map(({ jid }) => room.standing(jid));
  const saved = conference.affiliate(
    room,
    changes.map(({ jid, to, nick, reason }) => ({
      jid: jid.bare,
      affiliation: to === "none" ? null : to,
      nick: isAtLeast(to, "member") ? (nick ?? room.affiliations.get(jid.bare)?.nick ?? null) : null,
      reason: reason ?? null,
    })),
  );
  let begun = performance.now();
  for (const [index, { jid, to, reason }] of changes.entries()) {
    if (before[index] === to) continue;
    // Each change is news for everybody in the room: in one turn that would hold up all others for seconds.
    await room.fanOut.catchingUp;
    if (performance.now() - begun > maxMsPerTurn) {
      await nextTurn();
      begun = performance.now();
    }
    const cause = { actor: actor?.nick, reason };
    const there = occupantsUnder(room, jid);
    for (const occupant of there) applyStanding(conference, room, occupant, cause);
    if (there.length === 0) tellOfAbsent(conference, room, jid, to, reason);
  }
  await saved;
}

function checkOwnersLeft(room: Room, changes: readonly StandingChange[]): void {
  if (!changes.some(({ jid, to }) => to !== "owner" && room.affiliations.get(jid.bare)?.affiliation === "owner"))
    return;
  const owners = new Set<string>();
  for (const { jid, affiliation } of room.affiliations.values()) if (affiliation === "owner") owners.add(jid);
  for (const { jid, to } of changes) {
    if (to === "owner") owners.add(jid.bare);
    else owners.delete(jid.bare);
  }
  // XEP-0045 10.4.
  if (owners.size === 0) throw StanzaError.of("conflict", "a room needs an owner");
}

/** XEP-0045 7.10: a nickname is registered for one user. */
function checkNicks(room: Room, changes: readonly StandingChange[]): void {
  const wanted = new NickHolders();
  for (const { jid, to, nick } of changes) {
    if (nick === undefined || !isAtLeast(to, "member")) continue;
    if (room.registeredNicks.hasOther(nick, jid.bare) || wanted.hasOther(nick, jid.bare))
      throw StanzaError.of("conflict", `somebody else has the nickname ${nick}`);
    wanted.add(nick, jid.bare);
  }
}

function occupantsUnder(room: Room, jid: Jid): Occupant[] {
  if (jid.local !== "") return room.occupantsOf(jid.bare);
  return [...room.occupants.values()].filter(({ user }) => user.domain === jid.domain);
}

/** What the lists say of an occupant has changed. */
function applyStanding(conference: Conference, room: Room, occupant: Occupant, cause: Cause): void {
  const before = occupant.standing;
  const standing = conference.standing(room, occupant.user);
  if (standing === before) return;
  occupant.standing = standing;
  if (standing === "outcast") {
    removeOccupant(conference, room, occupant, { ...cause, codes: [301] });
    return;
  }
  if (room.config.isMembersOnly && !isAtLeast(standing, "member")) {
    removeOccupant(conference, room, occupant, { ...cause, codes: [321] });
    return;
  }
  // XEP-0045 5.1.2: a role that was given lasts while it is no less than what comes with the affiliation.
  const initial = initialRole(standing, room.config.isModerated);
  const sight = sightOf(room, occupant);
  const isLosingRank = isAtLeast(before, "admin") && !isAtLeast(standing, "admin");
  if (initial === "moderator" || isLosingRank || occupant.role === "visitor") room.giveRole(occupant, initial);
  announce(conference, room, occupant, cause);
  showMore(conference, room, occupant, sight);
}

/** What an occupant is told of the others. */
interface Sight {
  readonly jids: boolean;
  readonly everybody: boolean;
}

function sightOf(room: Room, viewer: Occupant): Sight {
  return { jids: room.showsJids(viewer), everybody: room.seesEverybody(viewer) };
}

/** Whoever deals with others from now on needs to know who is there and who they are. */
function showMore(conference: Conference, room: Room, viewer: Occupant, before: Sight): void {
  const now = sightOf(room, viewer);
  const isMore = (now.jids && !before.jids) || (now.everybody && !before.everybody);
  if (isMore) for (const seat of viewer.seats) introduce(conference, room, seat);
}

/** XEP-0045 9.3: occupants who may see addresses are told of somebody who is not there. */
function tellOfAbsent(conference: Conference, room: Room, jid: Jid, to: Standing, reason: string | undefined): void {
  const item = itemElement({ affiliation: to, role: "none", jid: jid.bare, reason });
  const codes = to === "outcast" ? [301] : [];
  const stanza = Stanza.from(el("message", NS.client, { from: room.jid.bare }, userElement(item, codes)));
  const stanzaFor = ({ occupant }: Seat): Stanza | undefined => (room.showsJids(occupant) ? stanza : undefined);
  room.fanOut.run(conference.send, room.jid, stanzaFor, stanza.toString().length);
}

/** Gives an occupant another role, or none: then they are kicked (XEP-0045 8.2 to 8.4, 9.6, 9.7). */
export function changeRole(
  conference: Conference,
  room: Room,
  occupant: Occupant,
  to: Role | "none",
  cause: Cause,
): void {
  if (to === "none") {
    removeOccupant(conference, room, occupant, { ...cause, codes: [307] });
    return;
  }
  if (occupant.role === to) return;
  const sight = sightOf(room, occupant);
  room.giveRole(occupant, to);
  announce(conference, room, occupant, cause);
  showMore(conference, room, occupant, sight);
}
