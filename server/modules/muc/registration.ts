import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormValues, parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { changeStandings } from "./affiliate.ts";
import type { Conference } from "./conference.ts";
import { invitationCost } from "./invite.ts";
import { checkNickFree } from "./join.ts";
import { NS_REGISTER } from "./namespaces.ts";
import { checkNick } from "./nick.ts";
import type { Room } from "./room.ts";
import { isAtLeast } from "./standing.ts";

const nickField = "muc#register_roomnick";
/** Whom the request is about; not in XEP-0045 9.9, whose form does not say. */
const jidField = "muc#register_jid";
const allowField = "muc#register_allow";

/** What is needed to register with a room, or as whom somebody is (XEP-0045 7.10). */
export function readRegistration(room: Room, { from }: Packet): IqAnswer {
  if (room.standing(from) === "outcast") throw StanzaError.of("not-allowed", "banned from this room");
  const nick = room.affiliations.get(from.bare)?.nick ?? null;
  if (nick !== null) {
    return el(
      "query",
      NS.register,
      undefined,
      el("registered", NS.register),
      el("username", NS.register, undefined, nick),
    );
  }
  const instructions = "Choose the nickname that is to be yours in this room.";
  const form = buildForm("form", [{ var: nickField, type: "text-single", label: "Nickname", isRequired: true }], {
    formType: NS_REGISTER,
    title: `Registration with ${room.jid.bare}`,
    instructions,
  });
  return el("query", NS.register, undefined, el("instructions", NS.register, undefined, instructions), form);
}

/**
 * Reserves a nickname and makes its owner a member, at once where that gives nobody more than they have; else an admin has
 * to approve (XEP-0045 7.10, 9.9). Throws StanzaError.
 */
export async function register(
  conference: Conference,
  room: Room,
  query: Element,
  { from }: Packet,
): Promise<IqAnswer> {
  const standing = room.standing(from);
  if (standing === "outcast") throw StanzaError.of("not-allowed", "banned from this room");
  const user = from.toBare();
  if (!room.rate.take(user.bare, conference.core.clock.now(), invitationCost))
    throw StanzaError.of("resource-constraint", "too much at once");
  if (query.child("remove") !== undefined) {
    const entry = room.affiliations.get(user.bare);
    if (entry === undefined) throw StanzaError.of("registration-required");
    if (entry.affiliation === "member") await changeStandings(conference, room, [{ jid: user, to: "none" }], undefined);
    else await conference.affiliate(room, [{ ...entry, nick: null }]);
    return null;
  }
  const element = query.child("x", NS.forms);
  const form = element === undefined ? undefined : parseForm(element);
  const nick = form?.values.get(nickField)?.[0];
  if (form?.type !== "submit" || form.formType !== NS_REGISTER || nick === undefined || nick === "")
    throw StanzaError.of("bad-request", "a nickname is needed");
  checkNick(nick, conference.options.max_nick);
  checkNickFree(room, nick, user.bare);
  const isMember = isAtLeast(standing, "member");
  if (isMember || (!room.config.isMembersOnly && !room.config.isModerated)) {
    const to = isMember ? standing : "member";
    await changeStandings(conference, room, [{ jid: user, to, nick }], undefined);
    return null;
  }
  askAdmins(conference, room, user, nick);
  return null;
}

function askAdmins(conference: Conference, room: Room, user: Jid, nick: string): void {
  const fields = [
    { var: jidField, type: "jid-single", label: "User", values: [user.bare] },
    { var: nickField, type: "text-single", label: "Desired Nickname", values: [nick] },
    { var: allowField, type: "boolean", label: "Allow this person to register with the room?", values: ["0"] },
  ] as const;
  const form = buildForm("form", fields, { formType: NS_REGISTER, title: "Registration request" });
  const body = `${user.bare} asks to become a member of ${room.jid.bare} as ${nick}`;
  const stanza = Stanza.from(
    el("message", NS.client, { from: room.jid.bare }, form, el("body", NS.client, undefined, body)),
  );
  for (const { jid, affiliation } of room.affiliations.values()) {
    if (!isAtLeast(affiliation, "admin")) continue;
    const to = Jid.parse(jid);
    if (to.local !== "") conference.send(stanza.with({ to: jid }), room.jid, to);
  }
}

/** An admin approves a registration, or does not (XEP-0045 9.9). Throws StanzaError. */
export async function registrationForm(
  conference: Conference,
  room: Room,
  { from }: Packet,
  { values }: FormValues,
): Promise<void> {
  if (!isAtLeast(conference.standing(room, from), "admin")) throw StanzaError.of("forbidden", "only admins do that");
  const user = Jid.tryParse(values.get(jidField)?.[0] ?? "");
  const nick = values.get(nickField)?.[0] ?? "";
  if (user === undefined || user.local === "") throw StanzaError.of("bad-request", "registration of whom?");
  if (parseBoolean(values.get(allowField)?.[0]) !== true) return;
  if (room.standing(user) !== "none") throw StanzaError.of("conflict", "they are more than that, or banned");
  checkNick(nick, conference.options.max_nick);
  checkNickFree(room, nick, user.bare);
  await changeStandings(conference, room, [{ jid: user.toBare(), to: "member", nick }], room.seat(from)?.occupant);
}
