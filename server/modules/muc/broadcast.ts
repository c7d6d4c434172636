import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Conference } from "./conference.ts";
import type { StanzaFor } from "./fan-out.ts";
import type { Occupant, Seat } from "./occupant.ts";
import type { Room } from "./room.ts";
import { type Cause, type Leaving, presenceStanza, unavailableStanza } from "./stanzas.ts";

/** To every resource in the room. The content is shared; each recipient costs a start tag. */
export function toAll(conference: Conference, room: Room, stanza: Stanza, from: Jid): void {
  room.fanOut.run(conference.send, from, () => stanza, stanza.toString().length);
}

export function toSeat(conference: Conference, stanza: Stanza, from: Jid, { jid }: Seat): void {
  conference.send(stanza.with({ to: jid.full }), from, jid);
}

/** Codes that the occupant itself is told (XEP-0045 7.2.2, 7.2.3, 7.2.12). */
export function selfCodes(room: Room): number[] {
  const codes = [110];
  if (room.config.whois === "anyone") codes.push(100);
  if (room.config.isArchived) codes.push(170);
  return codes;
}

/**
 * An occupant's presence, to all who may see it, and to itself. `own`: further codes for itself; `codes`: for everybody.
 */
export function announce(
  conference: Conference,
  room: Room,
  occupant: Occupant,
  told: Cause & {
    readonly codes?: readonly number[];
    readonly own?: readonly number[];
    readonly exceptSelf?: boolean;
  } = {},
): void {
  const { codes = [], own = [110], exceptSelf = false } = told;
  // All of it now: in a large room the last ones are told when the occupant may be gone already.
  const self = exceptSelf ? undefined : presenceStanza(occupant, true, [...codes, ...own], told);
  if (!room.isVisible(occupant)) {
    if (self !== undefined) for (const seat of occupant.seats) toSeat(conference, self, occupant.jid, seat);
    return;
  }
  const open = presenceStanza(occupant, true, codes, told);
  const hidden = presenceStanza(occupant, false, codes, told);
  if (occupant.role === "moderator" || (!room.isQuiet && room.wasQuiet)) occupant.audience = "all";
  else if (!room.isQuiet && occupant.audience === "moderators") occupant.audience = "first";
  tell(conference, room, occupant, ({ occupant: viewer }) => {
    if (viewer === occupant) return self;
    return room.showsJids(viewer) ? open : hidden;
  });
}

/** Presence of an occupant for those who are told of it, and for itself. */
function tell(conference: Conference, room: Room, occupant: Occupant, stanzaFor: StanzaFor): void {
  if (occupant.audience !== "moderators") {
    const isFor = (viewer: Occupant): boolean => viewer === occupant || room.isTold(viewer, occupant);
    room.fanOut.run(conference.send, occupant.jid, (seat) => (isFor(seat.occupant) ? stanzaFor(seat) : undefined));
    return;
  }
  for (const viewer of new Set([...room.moderators, occupant])) {
    for (const seat of viewer.seats) {
      const stanza = stanzaFor(seat);
      if (stanza !== undefined) toSeat(conference, stanza, occupant.jid, seat);
    }
  }
}

/** An occupant is no longer there under this nickname: to everybody else, and to the `leaving` resources. */
export function announceLeaving(
  conference: Conference,
  room: Room,
  occupant: Occupant,
  leaving: readonly Seat[],
  how: Leaving,
): void {
  const jid = leaving[0]?.jid.full;
  const { jid: from } = occupant;
  if (room.isVisible(occupant)) {
    const open = unavailableStanza(occupant, jid, how);
    const hidden = unavailableStanza(occupant, undefined, how);
    tell(conference, room, occupant, ({ occupant: viewer }) => {
      if (viewer === occupant) return undefined;
      return room.showsJids(viewer) ? open : hidden;
    });
  }
  const self = unavailableStanza(occupant, jid, how, [110]);
  for (const seat of leaving) toSeat(conference, self, from, seat);
}
