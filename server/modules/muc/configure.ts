import { el, type Element } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { announce, toAll, toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import type { RoomConfig } from "./config.ts";
import { removeOccupant } from "./leave.ts";
import { NS_USER } from "./namespaces.ts";
import type { Room } from "./room.ts";
import { initialRole, isAtLeast } from "./standing.ts";
import { statusMessage, unavailableStanza } from "./stanzas.ts";

/** Makes a room what its owner wants it to be, and tells those in it (XEP-0045 10.2). Settles when it is on disk. */
export async function configure(conference: Conference, room: Room, config: RoomConfig): Promise<void> {
  const before = room.config;
  room.config = config;
  room.isLocked = false;
  const saved = conference.save(room);
  if (config.isMembersOnly && !before.isMembersOnly) {
    for (const occupant of [...room.occupants.values()]) {
      if (!isAtLeast(occupant.standing, "member")) removeOccupant(conference, room, occupant, { codes: [322] });
    }
  }
  const codes = changeCodes(before, config);
  if (codes.length > 0) toAll(conference, room, statusMessage(room.jid.bare, codes), room.jid);
  if (config.isModerated !== before.isModerated) {
    for (const occupant of room.occupants.values()) {
      // XEP-0045 5.1.2. Whoever was given voice keeps it.
      if (config.isModerated || occupant.role !== "visitor") continue;
      room.giveRole(occupant, initialRole(occupant.standing, false));
      announce(conference, room, occupant);
    }
  }
  if (room.isEmpty && !config.isPersistent) conference.emptied(room);
  await saved;
}

/** XEP-0045 10.2.1: what of the change matters to those who are there. */
function changeCodes(before: RoomConfig, now: RoomConfig): number[] {
  const codes: number[] = [];
  if (now.isArchived !== before.isArchived) codes.push(now.isArchived ? 170 : 171);
  if (now.whois !== before.whois) codes.push(now.whois === "anyone" ? 172 : 173);
  const { isArchived, whois } = now;
  if (JSON.stringify({ ...before, isArchived, whois }) !== JSON.stringify(now)) codes.push(104);
  return codes;
}

/** XEP-0045 10.9: everybody leaves, and is told where to go instead. Settles when the room is out of the store. */
export async function destroy(
  conference: Conference,
  room: Room,
  why: {
    readonly venue?: Jid | undefined;
    readonly reason?: string | undefined;
    readonly password?: string | undefined;
  },
): Promise<void> {
  const { venue, reason, password } = why;
  const destroyed: Element = el(
    "destroy",
    NS_USER,
    { jid: venue?.full },
    password === undefined ? undefined : el("password", NS_USER, undefined, password),
    reason === undefined ? undefined : el("reason", NS_USER, undefined, reason),
  );
  const removed = conference.remove(room);
  // Everybody hears of themselves only: all others leave as well.
  for (const seat of room.seats.values()) {
    const occupant = { ...seat.occupant, standing: "none" } as const;
    toSeat(conference, unavailableStanza(occupant, seat.jid.full, { destroyed }, [110]), occupant.jid, seat);
  }
  room.seats.clear();
  room.occupants.clear();
  room.moderators.clear();
  await removed;
}
