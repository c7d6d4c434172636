import { createHash } from "node:crypto";
import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { toAll } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { NS_VCARD, NS_VCARD_UPDATE } from "./namespaces.ts";
import type { Room } from "./room.ts";
import { statusMessage } from "./stanzas.ts";

/** The card of a room, for everybody (XEP-0486 3.4). */
export async function readCard(conference: Conference, room: Room): Promise<IqAnswer> {
  const xml = await conference.core.stores.rooms.vcard(conference.name, room.jid.local);
  return xml === null ? el("vCard", NS_VCARD) : Stanza.parse(xml).element;
}

/** An owner gives a room a card, or takes it away (XEP-0486 3.2). Throws StanzaError. */
export async function writeCard(
  conference: Conference,
  room: Room,
  card: Element,
  { from }: Packet,
): Promise<IqAnswer> {
  if (conference.standing(room, from) !== "owner") throw StanzaError.of("forbidden", "only owners do that");
  const xml = card.children.length === 0 ? null : card.toString();
  const maxBytes = conference.options.max_vcard_bytes;
  if (xml !== null && Buffer.byteLength(xml) > maxBytes)
    throw StanzaError.of("policy-violation", `no more than ${maxBytes} bytes`);
  const written = conference.core.stores.rooms.setVcard(conference.name, room.jid.local, xml);
  const hash = pictureHash(card);
  const isOther = hash !== room.avatarHash;
  room.avatarHash = hash;
  await Promise.all([written, isOther ? conference.save(room) : null]);
  if (isOther) toAll(conference, room, avatarPresence(room), room.jid);
  toAll(conference, room, statusMessage(room.jid.bare, [104]), room.jid);
  return null;
}

/** The room's picture as presence of the room itself (XEP-0153 3.1): some clients do not look for it where XEP-0486 has it. */
export function avatarPresence({ jid, avatarHash }: Room): Stanza {
  const update = el("x", NS_VCARD_UPDATE, undefined, el("photo", NS_VCARD_UPDATE, undefined, avatarHash ?? undefined));
  return Stanza.from(el("presence", NS.client, { from: jid.bare }, update));
}

/** XEP-0153 3.1: of the bytes of the picture. */
function pictureHash(card: Element): string | null {
  const data = card.child("PHOTO")?.childText("BINVAL")?.replaceAll(/\s/g, "") ?? "";
  return data === "" ? null : createHash("sha1").update(Buffer.from(data, "base64")).digest("hex");
}
