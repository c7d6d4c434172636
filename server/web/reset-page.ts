import { QueueFullError } from "../core/derivation-queue.ts";
import { invitationsOf } from "../features/invitations.ts";
import { decidePassword } from "../features/registration/registration.ts";
import { Jid } from "../xmpp/jid.ts";
import { passwordForm, passwordProblem } from "./account-form.ts";
import { deadLink } from "./invite-page.ts";
import type { Answer } from "./layout.ts";
import { notice, tooMany, type Visit } from "./visit.ts";

/** Sets a new password by a link that is good for once. */
export async function resetPage(visit: Visit, token: string): Promise<Answer> {
  const { core, words, address, fields } = visit;
  const { stores, accounts, policy, clock } = core;
  const invitations = invitationsOf(core);
  const link = await invitations.find(token, address, "reset page");
  if (link === "throttled") return tooMany(words);
  if (link === "unknown" || link.kind !== "reset" || link.local === null) return deadLink(words, null);
  const state = invitations.stateOf(link);
  if (state !== "open") return deadLink(words, state);
  const user = Jid.of(link.local, link.host);
  const title = words.reset(user.bare);
  const again = (status: number, problem: string | null): Answer => ({
    status,
    title,
    body: passwordForm(words, user.bare, problem),
  });
  if (fields === null) {
    await stores.invites.opened(link.id, clock.now());
    return again(200, null);
  }
  const registration = policy.registration(user.domain);
  if (registration.requireTls && !visit.isSecure)
    return again(403, words.refusal({ allowed: false, code: "needs-tls", line: "", retryAfterSeconds: null }));
  const wrong = passwordProblem(words, fields);
  if (wrong !== null) return again(400, wrong);
  const password = fields.get("password") ?? "";
  const weak = decidePassword(password, user.local, registration);
  if (weak !== null) return again(403, words.refusal(weak));
  // Used up first: of two requests with the same link one sets the password.
  if (!(await stores.invites.use(link.id, user.bare, clock.now()))) return deadLink(words, "used");
  try {
    if (!(await accounts.changePassword(user, password))) return deadLink(words, "revoked");
  } catch (error) {
    if (error instanceof QueueFullError) return notice(503, words.notNow, words.failed, words.askAgain);
    throw error;
  }
  await visit.endConsoleSessions(user);
  return notice(200, words.resetDone, words.resetDoneText(user.bare));
}
