import type { Packet } from "../../core/router.ts";
import { withStanzaId } from "../../core/stanza-id.ts";
import { isLasting } from "../../features/archive/archivable.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { tellAbsent } from "./absent.ts";
import { toAll } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { withoutForgery } from "./forgery.ts";
import { NS_OCCUPANT_ID } from "./namespaces.ts";
import type { Occupant } from "./occupant.ts";
import type { Room } from "./room.ts";
import { isSubject } from "./subject.ts";

/** A message for everybody in the room (XEP-0045 7.4, 8.1). Throws StanzaError as its clauses name them. */
export function say(conference: Conference, room: Room, packet: Packet): void | Promise<void> {
  const { core } = conference;
  const now = core.clock.now();
  const speaker = room.seat(packet.from)?.occupant;
  if (speaker === undefined) throw StanzaError.of("not-acceptable", "you are not in the room");
  const isAboutSubject = isSubject(packet.stanza);
  if (isAboutSubject) checkSubject(conference, room, speaker, packet.stanza);
  else if (speaker.role === "visitor") throw StanzaError.of("forbidden", "visitors do not speak here");

  const heard = withoutForgery(packet.stanza, conference.name)
    .with({ from: speaker.jid.full, to: undefined })
    .appendWritten("occupant-id", NS_OCCUPANT_ID, speaker.mark);
  if (isAboutSubject) {
    room.subject = { stanza: heard, at: now };
    packet.origin.awaitCommit(conference.save(room));
  }
  const isKept = isAboutSubject || isLasting(heard);
  if (!isKept) {
    toAll(conference, room, heard, speaker.jid);
    return undefined;
  }
  const key = core.messageKeys.next(now);
  const stanza = withStanzaId(heard, room.jid.bare, key);
  if (!isAboutSubject) room.history.add({ key, at: now, stanza });
  toAll(conference, room, stanza, speaker.jid);
  tellAbsent(conference, room, stanza, speaker, now);
  if (room.config.isArchived) conference.archive.keep(room, key, heard, packet.from, packet.origin);
  return conference.archive.catchingUp ?? undefined;
}

/** XEP-0045 8.1: moderators, and where the room allows it participants. */
function checkSubject(conference: Conference, room: Room, { role }: Occupant, stanza: Stanza): void {
  const may = role === "moderator" || (role === "participant" && room.config.mayParticipantsChangeSubject);
  if (!may) throw StanzaError.of("forbidden", "only moderators change the subject");
  const maxBytes = conference.options.max_text;
  if (stanza.toString().length > maxBytes || Buffer.byteLength(stanza.toString()) > maxBytes)
    throw StanzaError.of("policy-violation", `no more than ${maxBytes} bytes`);
}
