import { QueueFullError } from "../core/derivation-queue.ts";
import { registerAccount } from "../features/registration/register-account.ts";
import type { RegistrationAttempt } from "../features/registration/registration.ts";
import { Jid } from "../xmpp/jid.ts";
import { passwordProblem } from "./account-form.ts";
import { clientList } from "./clients.ts";
import { html } from "./html.ts";
import { languageTags } from "./language.ts";
import type { Answer } from "./layout.ts";
import { notice, type Visit } from "./visit.ts";

/** The form is shown again, with what was wrong. */
export interface RegisterFailure {
  readonly kind: "again";
  readonly username: string;
  readonly message: string;
  readonly problem: string | null;
  readonly status: number;
}

/** Makes an account as the registration policy has it, or says why not. */
export async function register(
  { core, language, words, userAgent }: Visit,
  fields: ReadonlyMap<string, string>,
  attempt: Omit<RegistrationAttempt, "local" | "password">,
): Promise<RegisterFailure | { readonly kind: "done"; readonly answer: Answer }> {
  const username = (attempt.invite?.local ?? fields.get("username") ?? "").trim().slice(0, 1023);
  const message = (fields.get("application") ?? "").trim();
  const again = (status: number, problem: string): RegisterFailure => ({
    kind: "again",
    username,
    message,
    problem,
    status,
  });
  if (username === "") return again(400, words.nameMissing);
  const wrong = passwordProblem(words, fields);
  if (wrong !== null) return again(400, wrong);
  const password = fields.get("password") ?? "";
  try {
    const registrant = { ...attempt, local: username, password, message, language: languageTags[language] };
    const verdict = await registerAccount(core, registrant, "web");
    if (verdict.code === "waiting") {
      const text = words.appliedText(Jid.of(username, attempt.host).bare);
      return { kind: "done", answer: notice(202, words.applied, text) };
    }
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
