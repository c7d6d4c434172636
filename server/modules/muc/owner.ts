import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { changeStandings } from "./affiliate.ts";
import type { Conference } from "./conference.ts";
import { configForm, submittedConfig } from "./config-form.ts";
import { configure, destroy } from "./configure.ts";
import { listChanges } from "./list-fields.ts";
import type { Room } from "./room.ts";

/** `muc#owner`, XEP-0045 10: what only owners do. Throws StanzaError. */
export function readConfig(conference: Conference, room: Room, { from }: Packet): IqAnswer {
  checkOwner(conference, room, from);
  return configForm(room);
}

export async function ownerSet(
  conference: Conference,
  room: Room,
  query: Element,
  { from }: Packet,
): Promise<IqAnswer> {
  checkOwner(conference, room, from);
  const destruction = query.child("destroy");
  if (destruction !== undefined) {
    await destroyFor(conference, room, destruction);
    return null;
  }
  const form = query.child("x", NS.forms);
  if (form === undefined) throw StanzaError.of("bad-request", "neither a form nor a destruction");
  if (form.attr("type") === "cancel") {
    // XEP-0045 10.1.3: a new room that its owner does not want after all.
    if (room.isLocked) await destroy(conference, room, {});
    return null;
  }
  const config = submittedConfig(form, room.config, conference.options);
  const changes = listChanges(form, room);
  if (changes.length > 0) await changeStandings(conference, room, changes, room.seat(from)?.occupant);
  await configure(conference, room, config);
  return null;
}

async function destroyFor(conference: Conference, room: Room, element: Element): Promise<void> {
  const address = element.attr("jid");
  const venue = address === undefined || address === "" ? undefined : Jid.tryParse(address);
  if (address !== undefined && address !== "" && venue === undefined) throw StanzaError.of("jid-malformed");
  const [reason, password] = ["reason", "password"].map((name) => element.childText(name));
  const maxBytes = conference.options.max_text;
  for (const text of [reason, password])
    if (Buffer.byteLength(text ?? "") > maxBytes) throw StanzaError.of("not-acceptable", "the text is too long");
  await destroy(conference, room, { venue, reason, password });
}

function checkOwner(conference: Conference, room: Room, user: Jid): void {
  if (conference.standing(room, user) !== "owner") throw StanzaError.of("forbidden", "only owners do that");
}
