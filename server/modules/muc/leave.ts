import { announce, announceLeaving, toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import type { Occupant, Seat } from "./occupant.ts";
import type { Room } from "./room.ts";
import { type Leaving, unavailableStanza } from "./stanzas.ts";

/** A resource leaves the room (XEP-0045 7.14); with the last one of an occupant, the occupant does. */
export function leaveSeat(conference: Conference, room: Room, seat: Seat, how: Leaving): void {
  const { occupant } = seat;
  if (occupant.seats.length === 1) {
    removeOccupant(conference, room, occupant, how);
    return;
  }
  const wasShown = occupant.seats.at(-1) === seat;
  room.seats.delete(seat.jid.full);
  occupant.seats.splice(occupant.seats.indexOf(seat), 1);
  toSeat(conference, unavailableStanza(occupant, seat.jid.full, how, [110]), occupant.jid, seat);
  if (wasShown) announce(conference, room, occupant, { exceptSelf: true });
}

/** An occupant leaves with all of its resources, of its own will or not. */
export function removeOccupant(conference: Conference, room: Room, occupant: Occupant, how: Leaving): void {
  const seats = occupant.seats.slice();
  for (const seat of seats) room.seats.delete(seat.jid.full);
  room.drop(occupant);
  room.moderators.delete(occupant);
  announceLeaving(conference, room, occupant, seats, how);
  if (room.isEmpty) conference.emptied(room);
}
