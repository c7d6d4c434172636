import type { Jid } from "../../xmpp/jid.ts";
import { toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { leaveSeat } from "./leave.ts";
import { unavailableStanza } from "./stanzas.ts";

/** The service goes: those in its rooms are told that they are there no longer (XEP-0045 11.2). */
export function closeRooms(conference: Conference): void {
  for (const room of conference.loaded()) {
    for (const seat of room.seats.values()) {
      const stanza = unavailableStanza(seat.occupant, seat.jid.full, { codes: [332] }, [110]);
      toSeat(conference, stanza, seat.occupant.jid, seat);
    }
    room.seats.clear();
    room.occupants.clear();
    room.moderators.clear();
    room.isGone = true;
  }
}

/** Nobody did it, hence no 307 (XEP-0045 11.1, its last note). */
const unreachable = { codes: [333], reason: "The server cannot be reached." } as const;

/** Is anybody of that domain in a room? */
export function isPresent(conference: Conference, domain: string): boolean {
  for (const room of conference.loaded())
    for (const { jid } of room.seats.values()) if (jid.domain === domain) return true;
  return false;
}

/** The server of the domain is gone, and its users from the rooms with it. */
export function loseUsers(conference: Conference, domain: string): undefined {
  for (const room of [...conference.loaded()])
    for (const seat of [...room.seats.values()])
      if (seat.jid.domain === domain && room.seats.has(seat.jid.full)) leaveSeat(conference, room, seat, unreachable);
}

/**
 * The store takes a removed account out of the lists of all rooms; here it leaves those in memory, so that whoever takes the
 * name next is nothing to them. Somebody banned stays so.
 */
export function forgetUser(conference: Conference, user: Jid): void {
  for (const room of conference.loaded()) {
    const entry = room.affiliations.get(user.bare);
    if (entry !== undefined && entry.affiliation !== "outcast") room.setAffiliation(user.bare, null);
  }
}
