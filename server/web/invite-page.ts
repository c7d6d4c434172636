import { renderSVG } from "uqr";
import { invitationsOf, type InviteRow, type InviteState } from "../features/invitations.ts";
import { decideRegistration } from "../features/registration/registration.ts";
import { accountForm } from "./account-form.ts";
import { clientList } from "./clients.ts";
import { html, Html } from "./html.ts";
import type { Answer } from "./layout.ts";
import { register, type RegisterFailure } from "./register.ts";
import { notice, tooMany, type Visit } from "./visit.ts";
import type { Words } from "./words.ts";

/** The landing page of an invite (XEP-0401 3.3), on which an account can be made as well. */
export async function invitePage(visit: Visit, token: string): Promise<Answer> {
  const { core, words, address } = visit;
  const invitations = invitationsOf(core);
  const invite = await invitations.find(token, address, "invite page");
  if (invite === "throttled") return tooMany(words);
  if (invite === "unknown" || invite.kind === "reset") return deadLink(words, null);
  const state = invitations.stateOf(invite);
  if (state !== "open") return deadLink(words, state);
  const attempt = { host: invite.host, address, isSecure: visit.isSecure, invite };
  if (visit.fields !== null && invite.registers) {
    const outcome = await register(visit, visit.fields, attempt);
    return outcome.kind === "done" ? outcome.answer : landing(visit, invite, token, outcome);
  }
  await core.stores.invites.opened(invite.id, core.clock.now());
  if (!invite.registers) return landing(visit, invite, token, null);
  const verdict = await decideRegistration(core, { ...attempt, local: "" });
  return landing(
    visit,
    invite,
    token,
    verdict.allowed ? { kind: "again", username: "", message: "", problem: null, status: 200 } : null,
  );
}

export function deadLink(words: Words, state: Exclude<InviteState, "open"> | null): Answer {
  if (state === null) return notice(404, words.noLink, words.unknownLink, words.askAgain);
  const why = { used: words.usedLink, expired: words.expiredLink, revoked: words.revokedLink }[state];
  return notice(410, words.noLink, why, words.askAgain);
}

function landing(visit: Visit, invite: InviteRow, token: string, form: RegisterFailure | null): Answer {
  const { core, words, userAgent } = visit;
  const { host, inviter, kind } = invite;
  const uri = invitationsOf(core).links(invite, token).uri ?? "";
  const account =
    form === null
      ? null
      : html`<h2>${kind === "contact" ? words.orMakeAccount(host) : words.makeAccount(host)}</h2>
          ${accountForm(words, { host, fixedName: invite.local, username: form.username, problem: form.problem, application: null })}`;
  return {
    status: form?.status ?? 200,
    title: inviter === null ? words.invitedTo(host) : words.invitedBy(inviter),
    body: html`<p>${words.whatIsIt}</p>
      <p><a class="open" href="${uri}">${words.openInApp}</a></p>
      <p>${words.noApp}</p>
      ${clientList(userAgent)}
      <p>${words.scan}</p>
      <div role="img" aria-label="${words.code}">${new Html(renderSVG(uri, { border: 2 }))}</div>
      ${account}`,
  };
}
