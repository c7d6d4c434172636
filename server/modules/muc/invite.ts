import type { Packet } from "../../core/router.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { changeStandings } from "./affiliate.ts";
import type { Conference } from "./conference.ts";
import { NS_INVITATION, NS_USER } from "./namespaces.ts";
import type { Room } from "./room.ts";
import { isAtLeast } from "./standing.ts";

/** What an invitation counts for among messages: it goes to somebody who has not asked for it. */
export const invitationCost = 5;
const maxInvitees = 20;

/** Invitations by way of the room (XEP-0045 7.8.2). Throws StanzaError. */
export async function invite(conference: Conference, room: Room, packet: Packet, x: Element): Promise<void> {
  const { from } = packet;
  const inviter = room.seat(from)?.occupant;
  const standing = conference.standing(room, from);
  if (inviter === undefined && !isAtLeast(standing, "member"))
    throw StanzaError.of("not-acceptable", "you are not in the room");
  const isTrusted = isAtLeast(standing, "admin") || inviter?.role === "moderator";
  const isAllowed = room.config.mayParticipantsInvite && inviter?.role !== "visitor";
  if (!isTrusted && !isAllowed) throw StanzaError.of("forbidden", "you may not invite others");
  const invitations = x.elements("invite");
  if (invitations.length > maxInvitees) throw StanzaError.of("policy-violation", `no more than ${maxInvitees} at once`);
  const invitees = invitations.map((invitation) => ({ invitation, to: address(invitation, "to") }));
  for (const { to } of invitees) {
    if (room.standing(to) === "outcast") throw StanzaError.of("forbidden", "they are banned from this room");
  }
  const now = conference.core.clock.now();
  if (!room.rate.take(from.bare, now, invitationCost * invitees.length))
    throw StanzaError.of("policy-violation", "too many invitations at once");
  if (room.config.isMembersOnly) {
    const strangers = invitees.filter(({ to }) => !isAtLeast(room.standing(to), "member"));
    const changes = strangers.map(({ to }) => ({ jid: to.toBare(), to: "member" as const }));
    if (changes.length > 0) await changeStandings(conference, room, changes, inviter);
  }
  const inviterJid = room.config.whois === "anyone" || inviter === undefined ? from : inviter.jid;
  for (const { invitation, to } of invitees) {
    const stanza = invitationStanza(conference, room, invitation, inviterJid);
    conference.send(stanza.with({ to: to.full, id: packet.stanza.id }), room.jid, to);
  }
}

function invitationStanza(conference: Conference, room: Room, invitation: Element, inviter: Jid): Stanza {
  const { password } = room.config;
  const reason = invitation.childText("reason");
  if (Buffer.byteLength(reason ?? "") > conference.options.max_text)
    throw StanzaError.of("not-acceptable", "the reason is too long");
  const thread = invitation.child("continue")?.attr("thread");
  const hasContinue = invitation.child("continue") !== undefined;
  const invite = el(
    "invite",
    NS_USER,
    { from: inviter.full },
    reason === undefined ? undefined : el("reason", NS_USER, undefined, reason),
    hasContinue ? el("continue", NS_USER, { thread }) : undefined,
  );
  const why = reason === undefined || reason === "" ? "" : ` (${reason})`;
  return Stanza.from(
    el(
      "message",
      NS.client,
      { from: room.jid.bare },
      el("x", NS_USER, undefined, invite, password === null ? undefined : el("password", NS_USER, undefined, password)),
      el("x", NS_INVITATION, { jid: room.jid.bare, reason, password: password ?? undefined }),
      el("body", NS.client, undefined, `${inviter.resource || inviter.bare} invites you to ${room.jid.bare}${why}`),
    ),
  );
}

/** An invitation is turned down (XEP-0045 7.8.2): whoever invited is told, if they belong to the room. */
export function decline(conference: Conference, room: Room, { from }: Packet, declining: Element): void {
  const named = address(declining, "to");
  const occupant = named.bare === room.jid.bare ? room.occupant(named.resource) : undefined;
  const to = occupant?.seats.at(-1)?.jid ?? named;
  const isKnown = isAtLeast(room.standing(to), "member") || room.occupantsOf(to.bare).length > 0;
  if (!isKnown) throw StanzaError.of("item-not-found", "nobody of that address is here");
  if (!room.rate.take(from.bare, conference.core.clock.now(), invitationCost))
    throw StanzaError.of("policy-violation", "too much at once");
  const reason = declining.childText("reason");
  if (Buffer.byteLength(reason ?? "") > conference.options.max_text)
    throw StanzaError.of("not-acceptable", "the reason is too long");
  const stanza = Stanza.from(
    el(
      "message",
      NS.client,
      { from: room.jid.bare, to: to.full },
      el(
        "x",
        NS_USER,
        undefined,
        el(
          "decline",
          NS_USER,
          { from: from.bare },
          reason === undefined ? undefined : el("reason", NS_USER, undefined, reason),
        ),
      ),
    ),
  );
  conference.send(stanza, room.jid, to);
}

function address(element: Element, name: string): Jid {
  const jid = Jid.tryParse(element.attr(name) ?? "");
  if (jid === undefined || jid.local === "") throw StanzaError.of("jid-malformed");
  return jid;
}
