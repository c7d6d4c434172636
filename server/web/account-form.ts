import { html, type Html } from "./html.ts";
import type { Words } from "./words.ts";

/** What was filled in, as far as it is shown again. Forms go to the address of their page, whatever a proxy made of it. */
export interface AccountFormState {
  readonly host: string;
  /** The name that an invite is for; null: free to choose. */
  readonly fixedName: string | null;
  readonly username: string;
  readonly problem: string | null;
  /** An admin has to approve the account: what was written to them so far. null: nobody has to. */
  readonly application: string | null;
}

export function accountForm(words: Words, state: AccountFormState): Html {
  const { host, fixedName, username, problem, application } = state;
  const name =
    fixedName === null
      ? html`<input
          id="username"
          name="username"
          value="${username}"
          maxlength="1023"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
        />`
      : html`<input id="username" name="username" value="${fixedName}" readonly autocomplete="username" />`;
  return html`${problemText(problem)}
    <form method="post">
      <label for="username">${words.userName}</label>
      ${name}
      <span class="at">@${host}</span>
      ${passwordFields(words)} ${application === null ? null : applicationField(words, application)}
      <button>${application === null ? words.submitAccount : words.submitApplication}</button>
    </form> `;
}

export function passwordForm(words: Words, username: string, problem: string | null): Html {
  // The user name is for the browser's password store.
  return html`${problemText(problem)}
    <form method="post">
      <input type="hidden" name="username" value="${username}" autocomplete="username" />
      ${passwordFields(words)}
      <button>${words.submitReset}</button>
    </form> `;
}

/** What is wrong with two passwords before anything is asked of the server; null: nothing. */
export function passwordProblem(words: Words, fields: ReadonlyMap<string, string>): string | null {
  const password = fields.get("password") ?? "";
  if (password === "") return words.passwordMissing;
  return password === fields.get("again") ? null : words.passwordsDiffer;
}

function passwordFields(words: Words): Html {
  return html`<label for="password">${words.password}</label>
    <input id="password" name="password" type="password" maxlength="1023" autocomplete="new-password" required />
    <label for="again">${words.passwordAgain}</label>
    <input id="again" name="again" type="password" maxlength="1023" autocomplete="new-password" required />`;
}

function applicationField(words: Words, text: string): Html {
  return html`<label for="application">${words.application}</label>
    <input id="application" name="application" value="${text}" maxlength="500" />
    <p>${words.applicationHint}</p>`;
}

function problemText(problem: string | null): Html | null {
  return problem === null ? null : html`<p class="problem" role="alert">${problem}</p> `;
}
