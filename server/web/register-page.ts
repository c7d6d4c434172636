import { decideRegistration } from "../features/registration/registration.ts";
import { accountForm } from "./account-form.ts";
import type { Answer } from "./layout.ts";
import { register, type RegisterFailure } from "./register.ts";
import { notice, type Visit } from "./visit.ts";

/** Registration on a web page, under the same policy as in-band. */
export async function registerPage(visit: Visit, host: string): Promise<Answer> {
  const { core, words, address, isSecure, fields } = visit;
  const attempt = { host, address, isSecure };
  if (fields !== null) {
    const outcome = await register(visit, fields, attempt);
    return outcome.kind === "done" ? outcome.answer : form(visit, host, outcome);
  }
  const verdict = await decideRegistration(core, { ...attempt, local: "" });
  if (verdict.allowed)
    return form(visit, host, { kind: "again", username: "", message: "", problem: null, status: 200 });
  const status = verdict.code === "host-disabled" ? 404 : verdict.code === "rate-limited" ? 429 : 403;
  const { retryAfterSeconds } = verdict;
  const page = notice(status, words.notNow, words.refusal(verdict));
  return retryAfterSeconds === null ? page : { ...page, retryAfter: retryAfterSeconds };
}

function form({ core, words }: Visit, host: string, failure: RegisterFailure): Answer {
  const { status, username, message, problem } = failure;
  const application = core.policy.registration(host).mode === "approval" ? message : null;
  const body = accountForm(words, { host, fixedName: null, username, problem, application });
  return { status, title: words.makeAccount(host), body };
}
