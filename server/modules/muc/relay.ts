import { createHmac } from "node:crypto";
import type { Packet } from "../../core/router.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import type { Conference } from "./conference.ts";
import { NS_VCARD } from "./namespaces.ts";
import type { Occupant, Seat } from "./occupant.ts";
import type { Room } from "./room.ts";

const tagLength = 12;

/**
 * Iqs between occupants (XEP-0045 6.6, 7.5): the recipient sees the occupant who asks, and the id says, to us only, which of
 * their resources the answer is for.
 */
export function relayIq(conference: Conference, room: Room | null, packet: Packet): void {
  const { stanza, from, to } = packet;
  if (stanza.type === "result" || stanza.type === "error") {
    if (room !== null) relayAnswer(conference, room, packet);
    return;
  }
  const seat = room?.seat(from);
  const payload = stanza.children[0];
  if (room === null || seat === undefined) {
    // XEP-0045 6.6; for all others XEP-0410 3.2: nothing else than this says that a client is not there.
    const isDisco = payload?.ns === NS.discoInfo || payload?.ns === NS.discoItems;
    throw StanzaError.of(isDisco ? "bad-request" : "not-acceptable", "you are not in the room");
  }
  const target = room.occupant(to.resource);
  if (target?.nick !== to.resource) throw StanzaError.of("item-not-found", "there is nobody of that name");
  if (target === seat.occupant && payload?.ns === NS.ping) {
    // XEP-0410 3.3: whoever is in the room need not be asked.
    packet.origin.answer(resultReply(stanza));
    return;
  }
  const isCard = payload?.ns === NS_VCARD && stanza.type === "get";
  // XEP-0045 16.2: the card of the account, which no client need answer for.
  const recipient = isCard ? target.user : target.seats.at(-1)!.jid;
  const asker = seat.occupant.jid;
  conference.send(
    stanza.with({ from: asker.full, to: recipient.full, id: tag(room, from) + (stanza.id ?? "") }),
    asker,
    recipient,
  );
}

function relayAnswer(conference: Conference, room: Room, { stanza, from, to }: Packet): void {
  const answering = answeringOccupant(room, from);
  const asker = room.occupant(to.resource);
  const seat = asker?.seats.find((one) => stanza.id?.startsWith(tag(room, one.jid)));
  if (answering === undefined || seat === undefined) return;
  const id = stanza.id!.slice(tagLength);
  conference.send(stanza.with({ from: answering.jid.full, to: seat.jid.full, id }), answering.jid, seat.jid);
}

function answeringOccupant(room: Room, from: Jid): Occupant | undefined {
  const seat: Seat | undefined = room.seat(from);
  return seat?.occupant ?? (from.resource === "" ? room.occupantsOf(from.bare)[0] : undefined);
}

function tag(room: Room, jid: Jid): string {
  return createHmac("sha256", room.secret).update(`iq ${jid.full}`).digest("base64url").slice(0, tagLength);
}
