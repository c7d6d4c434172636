import { isSameText } from "../../core/credentials.ts";
import { withDelay } from "../../core/delay.ts";
import type { Packet } from "../../core/router.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { avatarPresence } from "./avatar.ts";
import { announce, selfCodes, toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { withoutForgery } from "./forgery.ts";
import { wanted } from "./history.ts";
import { NS_MUC } from "./namespaces.ts";
import { checkNick } from "./nick.ts";
import { newOccupant, type Occupant, type Seat } from "./occupant.ts";
import type { Room } from "./room.ts";
import { initialRole, isAtLeast, type Standing } from "./standing.ts";
import { presenceStanza, rememberedPresence } from "./stanzas.ts";
import { subjectStanza } from "./subject.ts";

/** What others may see of a presence that somebody sent. */
export function shownOf(stanza: Stanza, service: string): Stanza {
  return withoutForgery(stanza, service).with({ to: undefined, from: undefined });
}

/** Somebody wants to enter (XEP-0045 7.2). Throws StanzaError as its clauses name them. */
export function join(conference: Conference, room: Room, packet: Packet, isNew: boolean): void {
  const { stanza, from } = packet;
  const request = stanza.child("x", NS_MUC);
  const standing = conference.standing(room, from);
  checkAdmission(room, packet, standing, request);
  const nick = nickFor(conference, room, packet, packet.to.resource);
  const before = room.occupant(nick);
  if (before === undefined && room.occupants.size >= room.config.maxOccupants && !isAtLeast(standing, "admin"))
    throw StanzaError.of("service-unavailable", "the room is full", { type: "wait" });
  const occupant = before ?? enter(room, packet, nick, standing);
  const presence = shownOf(stanza, conference.name);
  const seat: Seat = { jid: from, since: room.fanOut.count, occupant, presence };

  const isFirst = room.isEmpty;
  occupant.seats.push(seat);
  room.seats.set(from.full, seat);
  conference.entered(room, isFirst);
  if (before === undefined) announce(conference, room, occupant, { exceptSelf: true });
  welcome(conference, room, seat, packet, isNew ? [201] : []);
}

/** Everything that a client is told that enters: who is there, itself, what was said, the subject. */
export function welcome(
  conference: Conference,
  room: Room,
  seat: Seat,
  { stanza, to }: Packet,
  more: readonly number[] = [],
): void {
  const { occupant } = seat;
  const codes = [...selfCodes(room), ...more, ...(occupant.nick === to.resource ? [] : [210])];
  introduce(conference, room, seat);
  toSeat(conference, presenceStanza(occupant, true, codes).with({ id: stanza.id }), occupant.jid, seat);
  catchUp(conference, room, seat, stanza.child("x", NS_MUC)?.child("history"));
}

function checkAdmission(room: Room, packet: Packet, standing: Standing, request: Element | undefined): void {
  if (standing === "outcast") throw StanzaError.of("forbidden", "banned from this room");
  if (room.isLocked && standing !== "owner") throw StanzaError.of("item-not-found", "the room is not ready yet");
  if (room.config.isMembersOnly && !isAtLeast(standing, "member"))
    throw StanzaError.of("registration-required", "for members only");
  const { password } = room.config;
  if (password !== null && !isSameText(request?.childText("password") ?? "", password))
    throw StanzaError.of("not-authorized", "a password is needed");
  if (room.seats.has(packet.from.full)) throw StanzaError.of("conflict");
}

/** The nickname that they get: the one asked for, unless they have registered another one (XEP-0045 7.10). */
function nickFor(conference: Conference, room: Room, { from }: Packet, asked: string): string {
  checkNick(asked, conference.options.max_nick);
  const registered = room.affiliations.get(from.bare)?.nick ?? null;
  const nick = conference.options.enforce_registered_nicks && registered !== null ? registered : asked;
  checkNickFree(room, nick, from.bare);
  return nick;
}

/** Throws StanzaError: conflict, when somebody else has it or one like it, there or registered (XEP-0045 7.2.8). */
export function checkNickFree(room: Room, nick: string, bare: string): void {
  if (room.nicks.hasOther(nick, bare) || room.registeredNicks.hasOther(nick, bare))
    throw StanzaError.of("conflict", "somebody else has this nickname");
}

function enter(room: Room, { from }: Packet, nick: string, standing: Standing): Occupant {
  const occupant = newOccupant({
    jid: room.occupantJid(nick),
    user: from.toBare(),
    secret: room.secret,
    standing,
    role: initialRole(standing, room.config.isModerated),
  });
  if (room.isEmpty) room.wasQuiet = false;
  room.add(occupant);
  room.giveRole(occupant, occupant.role);
  room.wasQuiet ||= room.isQuiet;
  return occupant;
}

/** Tells a resource who is there (XEP-0045 7.2.2). */
export function introduce(conference: Conference, room: Room, seat: Seat): void {
  const showsJids = room.showsJids(seat.occupant);
  const others = room.seesEverybody(seat.occupant) ? room.occupants.values() : room.moderators;
  for (const other of others) {
    if (other === seat.occupant || !room.isVisible(other)) continue;
    toSeat(conference, rememberedPresence(other, showsJids), other.jid, seat);
  }
}

/** History, then the subject, which tells that it is complete (XEP-0045 7.2.14, 7.2.15), and the picture. */
function catchUp(conference: Conference, room: Room, seat: Seat, wish: Element | undefined): void {
  const now = conference.core.clock.now();
  for (const { stanza, at } of wanted(room.history, wish, room.config.historyLength, now)) {
    toSeat(conference, withDelay(stanza, room.jid.bare, at), room.jid, seat);
  }
  toSeat(conference, subjectStanza(room), room.jid, seat);
  if (room.avatarHash !== null) toSeat(conference, avatarPresence(room), room.jid, seat);
}
