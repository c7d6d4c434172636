import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormValues, parseBoolean } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { changeRole } from "./affiliate.ts";
import { toSeat } from "./broadcast.ts";
import type { Conference } from "./conference.ts";
import { invitationCost } from "./invite.ts";
import { NS_REQUEST } from "./namespaces.ts";
import type { Room } from "./room.ts";
import { checkRoleChange } from "./standing.ts";

/** A visitor asks for voice (XEP-0045 7.13), or a moderator grants it (XEP-0045 8.6). Throws StanzaError. */
export function voiceForm(conference: Conference, room: Room, { from }: Packet, { values }: FormValues): void {
  const occupant = room.seat(from)?.occupant;
  if (occupant === undefined) throw StanzaError.of("not-acceptable", "you are not in the room");
  const value = (name: string): string | undefined => values.get(name)?.[0];
  const allow = value("muc#request_allow");
  if (allow === undefined) {
    if (value("muc#role") !== "participant" || occupant.role !== "visitor")
      throw StanzaError.of("bad-request", "only visitors ask for voice");
    if (!room.rate.take(from.bare, conference.core.clock.now(), invitationCost))
      throw StanzaError.of("policy-violation", "too much at once");
    const form = approvalForm(room, from.full, occupant.nick);
    for (const seat of room.seats.values()) {
      if (seat.occupant.role === "moderator") toSeat(conference, form, room.jid, seat);
    }
    return;
  }
  const target = room.occupant(value("muc#roomnick") ?? "");
  const actor = { standing: occupant.standing, role: occupant.role };
  if (occupant.role !== "moderator") throw StanzaError.of("forbidden", "only moderators grant voice");
  if (parseBoolean(allow) !== true || target === undefined || target.role !== "visitor") return;
  checkRoleChange(actor, target, "participant");
  changeRole(conference, room, target, "participant", { actor: occupant.nick });
}

function approvalForm(room: Room, jid: string, nick: string): Stanza {
  const fields = [
    { var: "muc#role", type: "list-single", label: "Requested role", values: ["participant"] },
    { var: "muc#jid", type: "jid-single", label: "User ID", values: [jid] },
    { var: "muc#roomnick", type: "text-single", label: "Room Nickname", values: [nick] },
    { var: "muc#request_allow", type: "boolean", label: "Grant voice to this person?", values: ["0"] },
  ] as const;
  const form = buildForm("form", fields, { formType: NS_REQUEST, title: "Voice request" });
  return Stanza.from(el("message", NS.client, { from: room.jid.bare }, form));
}
