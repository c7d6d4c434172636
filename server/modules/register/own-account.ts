import type { Core } from "../../core/core.ts";
import type { IqAnswer } from "../../core/module.ts";
import type { Packet } from "../../core/router.ts";
import { decidePassword } from "../../features/registration/registration.ts";
import { type Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { readForm, registeredForm } from "./form.ts";
import { refusal } from "./refusal.ts";

/** The account that a bound client may manage: its own, asked for at its host or at its bare JID. */
function ownAccount(host: string, { from, to }: Packet): Jid {
  const user = from.toBare();
  if (user.domain !== host || user.local === "") throw StanzaError.of("not-allowed");
  if (to.local !== "" && to.bare !== user.bare) throw StanzaError.of("forbidden");
  return user;
}

export function showOwnAccount(host: string, packet: Packet): Element {
  return registeredForm(ownAccount(host, packet).local);
}

/** Cancels the account (XEP-0077 3.2) or changes its password (3.3). */
export async function changeOwnAccount(core: Core, host: string, iq: Stanza, packet: Packet): Promise<IqAnswer> {
  const user = ownAccount(host, packet);
  const query = iq.payload!;
  if (query.child("remove") !== undefined) return cancel(core, host, user, iq, packet);
  const policy = core.policy.registration(host);
  const { username, password } = readForm(query);
  if (!policy.mayChangePassword) throw StanzaError.of("not-allowed", "Passwords are not changed here.");
  const session = packet.origin.session;
  if (policy.requireTls && session?.link.isSecure === false)
    throw StanzaError.of("not-authorized", "A password is changed on an encrypted stream only.", { type: "modify" });
  if (Jid.tryParse(`${username}@${host}`)?.bare !== user.bare)
    throw StanzaError.of("bad-request", "The user name is that of another account, or missing.");
  if (password === "") throw StanzaError.of("bad-request", "The password is missing.");
  const verdict = decidePassword(password, user.local, policy);
  if (verdict !== null) throw refusal(verdict);
  if (!(await core.accounts.changePassword(user, password, session))) throw StanzaError.of("registration-required");
  return null;
}

async function cancel(core: Core, host: string, user: Jid, iq: Stanza, packet: Packet): Promise<IqAnswer> {
  if (iq.payload!.elements().length > 1 || iq.payload!.child("x", NS.forms) !== undefined)
    throw StanzaError.of("bad-request");
  if (!core.policy.registration(host).mayCancel) throw StanzaError.of("not-allowed", "Accounts are not removed here.");
  // The policy would make an admin of whoever took the name next.
  if (core.policy.isAdminSomewhere(user)) throw StanzaError.of("not-allowed", "An admin is removed in the console.");
  // The streams end when the account is gone: the answer has to leave before.
  if (!(await core.accounts.remove(user, () => packet.origin.answer(resultReply(iq)))))
    throw StanzaError.of("registration-required");
  return "answered";
}
