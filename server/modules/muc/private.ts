import type { Packet } from "../../core/router.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { withoutForgery } from "./forgery.ts";
import { leaveSeat } from "./leave.ts";
import { NS_OCCUPANT_ID } from "./namespaces.ts";
import type { Occupant } from "./occupant.ts";
import { lost } from "./presence.ts";
import type { Room } from "./room.ts";
import { userElement } from "./stanzas.ts";

/** Errors that say that the resource is not there any more (XEP-0045 11.1). */
const fatal: ReadonlySet<string> = new Set([
  "gone",
  "item-not-found",
  "jid-malformed",
  "recipient-unavailable",
  "redirect",
  "remote-server-not-found",
  "remote-server-timeout",
  "service-unavailable",
]);

/** A message from one occupant to another (XEP-0045 7.5). Throws StanzaError. */
export function sayPrivately(conference: Conference, room: Room, packet: Packet): void {
  const { stanza, from, to } = packet;
  const sender = room.seat(from)?.occupant;
  if (sender === undefined) throw StanzaError.of("not-acceptable", "you are not in the room");
  if (stanza.type === "groupchat") throw StanzaError.of("bad-request", "private messages are not of this type");
  const recipient = room.occupant(to.resource);
  if (recipient?.nick !== to.resource) throw StanzaError.of("item-not-found", "there is nobody of that name");
  if (!mayWhisper(room, sender, recipient)) throw StanzaError.of("forbidden", "no private messages here");
  const passed = withoutForgery(stanza, conference.name)
    .with({ from: sender.jid.full, to: undefined })
    .append(userElement(undefined))
    .appendWritten("occupant-id", NS_OCCUPANT_ID, sender.mark);
  for (const seat of recipient.seats.slice()) toSeat(conference, passed, sender.jid, seat);
}

/** Moderators can always be written to, so that voice can be asked for. */
function mayWhisper({ config }: Room, sender: Occupant, recipient: Occupant): boolean {
  switch (config.privateMessages) {
    case "anyone":
      return true;
    case "participants":
      return sender.role !== "visitor" || recipient.role === "moderator";
    case "moderators":
      return sender.role === "moderator";
    default:
      return false;
  }
}

/** Something that was sent to a resource came back: a ghost leaves. */
export function messageCameBack(conference: Conference, room: Room, { stanza, from }: Packet): void {
  const seat = room.seat(from);
  const conditions = stanza.child("error")?.elements() ?? [];
  if (seat !== undefined && conditions.some(({ name }) => fatal.has(name))) leaveSeat(conference, room, seat, lost);
}
