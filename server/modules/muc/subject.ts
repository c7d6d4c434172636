import { withDelay } from "../../core/delay.ts";
import type { RoomSubject } from "../../features/room-services.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { toAll } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import type { Room } from "./room.ts";

/** Only a subject, nothing said (XEP-0045 8.1). */
export function isSubject(stanza: Stanza): boolean {
  return stanza.has("subject") && !stanza.has("body") && !stanza.has("thread");
}

/** What whoever enters gets last: the subject, empty where there is none (XEP-0045 7.2.15). */
export function subjectStanza({ jid, subject }: Room): Stanza {
  if (subject !== null) return withDelay(subject.stanza, jid.bare, subject.at);
  return Stanza.from(el("message", NS.client, { from: jid.bare, type: "groupchat" }, el("subject", NS.client)));
}

/** As if somebody had said so then, whoever is there now. Settles when it is on disk. Throws StanzaError: not-acceptable. */
export async function setSubject(conference: Conference, room: Room, { text, nick, at }: RoomSubject): Promise<void> {
  const { max_text: maxBytes } = conference.options;
  if (Buffer.byteLength(text) > maxBytes) throw StanzaError.of("not-acceptable", `a text may have ${maxBytes} bytes`);
  const from = nick === null ? room.jid : Jid.of(room.jid.local, room.jid.domain, nick);
  const subject = el("subject", NS.client, undefined, text);
  const stanza = Stanza.from(el("message", NS.client, { from: from.full, type: "groupchat" }, subject));
  room.subject = { stanza, at };
  const saved = conference.save(room);
  toAll(conference, room, stanza, from);
  await saved;
}
