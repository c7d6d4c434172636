import { QueueFullError } from "../core/derivation-queue.ts";
import { registerAccount } from "../core/register-account.ts";
import type { RegistrationAttempt } from "../core/registration.ts";
import { Jid } from "../xmpp/jid.ts";
import { passwordProblem } from "./account-form.ts";
import { clientList } from "./clients.ts";
import { html } from "./html.ts";
import type { Answer } from "./layout.ts";
import type { Visit } from "./visit.ts";

/** The form is shown again, with what was wrong. */
export interface RegisterFailure {
  readonly kind: "again";
  readonly username: string;
  readonly problem: string | null;
  readonly status: number;
}

/** Makes an account as the registration policy has it, or says why not. */
export async function register(
  { core, words, userAgent }: Visit,
  fields: ReadonlyMap<string, string>,
  attempt: Omit<RegistrationAttempt, "local" | "password">,
): Promise<RegisterFailure | { readonly kind: "done"; readonly answer: Answer }> {
  const username = (attempt.invite?.local ?? fields.get("username") ?? "").trim().slice(0, 1023);
  const again = (status: number, problem: string): RegisterFailure => ({ kind: "again", username, problem, status });
  if (username === "") return again(400, words.nameMissing);
  const wrong = passwordProblem(words, fields);
  if (wrong !== null) return again(400, wrong);
  const password = fields.get("password") ?? "";
  try {
    const verdict = await registerAccount(core, { ...attempt, local: username, password }, "web");
    if (!verdict.allowed) return again(verdict.code === "rate-limited" ? 429 : 403, words.refusal(verdict));
  } catch (error) {
    if (error instanceof QueueFullError) return again(503, words.failed);
    throw error;
  }
  const jid = Jid.of(username, attempt.host).bare;
  const body = html`<p>${words.doneText}</p>
    ${clientList(userAgent)}`;
  return { kind: "done", answer: { status: 200, title: words.done(jid), body } };
}
