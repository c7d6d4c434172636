import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { announce, announceLeaving, toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { checkNickFree, introduce, join, shownOf, welcome } from "./join.ts";
import { leaveSeat } from "./leave.ts";
import { NS_MUC } from "./namespaces.ts";
import { checkNick } from "./nick.ts";
import type { Occupant, Seat } from "./occupant.ts";
import { refusal } from "./refusal.ts";
import type { Room } from "./room.ts";
import { rememberedPresence, unavailableStanza } from "./stanzas.ts";

type Handled = "handled" | Promise<"handled">;

/** Presence for `room@service/nick`: entering, leaving, and what is between. Occupants need not say under which nickname. */
export function presenceHandler(conference: Conference): (packet: Packet) => Handled {
  const { core } = conference;

  const handle = (packet: Packet, room: Room | null): "handled" => {
    try {
      dealWith(packet, room);
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      refuse(packet, error);
    }
    return "handled";
  };

  const dealWith = (packet: Packet, room: Room | null): void => {
    const { stanza, from } = packet;
    const seat = room?.seat(from);
    switch (stanza.type) {
      case undefined:
        if (room !== null && !room.rate.take(from.bare, core.clock.now()))
          throw StanzaError.of("resource-constraint", "too much at once");
        if (room !== null && seat !== undefined) update(conference, room, seat, packet);
        else enter(conference, room, packet);
        return;
      case "unavailable":
        if (room !== null && seat !== undefined)
          leaveSeat(conference, room, seat, { presence: shownOf(stanza, conference.name) });
        return;
      case "error":
        if (room !== null && seat !== undefined) leaveSeat(conference, room, seat, lost);
        return;
      case "probe":
        if (seat === undefined || room === null) throw StanzaError.of("not-acceptable", "you are not in the room");
        answerProbe(conference, room, seat, packet.to.resource);
        return;
      default:
        // Rooms have no subscriptions.
        return;
    }
  };

  // A large room takes no more than it can pass on.
  const take = (packet: Packet): Handled =>
    conference.withRoom(packet.to.local, (room) => {
      const busy = room?.fanOut.catchingUp ?? null;
      return busy === null ? handle(packet, room) : busy.then(() => take(packet));
    });
  return take;
}

/** Whoever wants to enter knows the answer by what it asked with, as in the examples of XEP-0045 7.2. */
function refuse(packet: Packet, error: StanzaError): void {
  const { stanza, to, origin } = packet;
  // A server that asks whether a room is still there is no occupant.
  if (stanza.type === "probe" && to.resource === "") return;
  const answer = refusal(packet, error);
  origin.answer(stanza.has("x", NS_MUC) ? answer.append(el("x", NS_MUC)) : answer);
}

/** To an occupant who asks: who is there under a nickname, or without one, who is there at all (XEP-0045 17.3). */
function answerProbe(conference: Conference, room: Room, seat: Seat, nick: string): void {
  if (nick === "") {
    introduce(conference, room, seat);
    return;
  }
  const asked = room.occupant(nick);
  const isShown = asked === seat.occupant || seat.occupant.role === "moderator";
  if (asked?.nick !== nick || !(isShown || room.isVisible(asked)))
    throw StanzaError.of("item-not-found", "there is nobody of that name");
  const stanza = rememberedPresence(asked, isShown || room.showsJids(seat.occupant));
  toSeat(conference, stanza, asked.jid, seat);
}

/** XEP-0045 7.2.3, 10.1: the room is made by whoever enters first. */
function enter(conference: Conference, room: Room | null, packet: Packet): void {
  const { from, to } = packet;
  // XEP-0045 7.2.1.
  if (to.resource === "") throw StanzaError.of("jid-malformed", "a nickname is needed");
  if (!packet.stanza.has("x", NS_MUC)) {
    sayNotThere(conference, packet);
    return;
  }
  if (room !== null) {
    join(conference, room, packet, false);
    return;
  }
  if (!conference.mayCreate(from)) throw StanzaError.of("not-allowed", "no rooms are made here by you");
  if (Buffer.byteLength(to.local) > conference.options.max_room_name)
    throw StanzaError.of("not-acceptable", "the name of the room is too long");
  checkNick(to.resource, conference.options.max_nick);
  if (conference.isCreatingTooFast(from)) throw StanzaError.of("resource-constraint", "too many rooms at once");
  const created = conference.create(to.toBare(), from);
  conference.madeBy(created, from);
  created.isLocked = true;
  try {
    join(conference, created, packet, true);
  } finally {
    if (created.isEmpty) conference.emptied(created);
  }
}

/** XEP-0045 7.2.17: a client that takes itself for an occupant is told that it is none. */
function sayNotThere(conference: Conference, { from, to }: Packet): void {
  const nobody = { jid: to, mark: "", standing: "none", role: "visitor" } as const;
  const how = { codes: [307, 333], reason: "You are not in the room." };
  const stanza = unavailableStanza(nobody, undefined, how, [110]);
  conference.send(stanza.with({ to: from.full }), to, from);
}

/** A ghost: what was sent to it came back. Without 307, which says that somebody did it (XEP-0045 11.1, its last note). */
export const lost = { codes: [333], reason: "The connection was lost." } as const;

/** Another availability, or another nickname (XEP-0045 7.6, 7.7). */
function update(conference: Conference, room: Room, seat: Seat, packet: Packet): void {
  const { stanza, to } = packet;
  const { occupant } = seat;
  const presence = shownOf(stanza, conference.name);
  const nick = to.resource === "" ? occupant.nick : to.resource;
  if (nick === occupant.nick) {
    // A client that asks to enter again has forgotten that it is there, and wants to know everything (XEP-0045 7.2.2).
    const isLost = stanza.has("x", NS_MUC);
    show(conference, room, seat, presence, isLost);
    if (isLost) welcome(conference, room, seat, packet);
    return;
  }
  checkNick(nick, conference.options.max_nick);
  checkNickFree(room, nick, occupant.user.bare);
  const registered = room.affiliations.get(occupant.user.bare)?.nick ?? null;
  if (conference.options.enforce_registered_nicks && registered !== null && registered !== nick)
    throw StanzaError.of("not-acceptable", "you have registered another nickname");
  rename(conference, room, occupant, nick);
  show(conference, room, seat, presence);
}

function show(conference: Conference, room: Room, seat: Seat, presence: Stanza, exceptSelf = false): void {
  const { occupant } = seat;
  seat.presence = presence;
  occupant.seats.splice(occupant.seats.indexOf(seat), 1);
  occupant.seats.push(seat);
  announce(conference, room, occupant, { exceptSelf });
}

/** All resources of an occupant move to another nickname; to one that the same user has there already, they join it. */
function rename(conference: Conference, room: Room, occupant: Occupant, nick: string): void {
  const target = room.occupant(nick);
  announceLeaving(conference, room, occupant, occupant.seats, { codes: [303], nick });
  room.drop(occupant);
  if (target !== undefined && target !== occupant) {
    room.moderators.delete(occupant);
    for (const seat of occupant.seats.splice(0)) {
      seat.occupant = target;
      target.seats.push(seat);
    }
    return;
  }
  occupant.nick = nick;
  occupant.jid = room.occupantJid(nick);
  room.add(occupant);
}
