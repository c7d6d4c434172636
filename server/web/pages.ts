import type { IncomingMessage, ServerResponse } from "node:http";
import type { Core } from "../core/core.ts";
import type { Log } from "../core/log.ts";
import { LoginThrottle } from "../core/throttle.ts";
import { invitePath, registerPath, resetPath } from "../features/invitations.ts";
import { Jid } from "../xmpp/jid.ts";
import { isFromOtherSite, readFormBody } from "./form-body.ts";
import { invitePage } from "./invite-page.ts";
import { languageOf } from "./language.ts";
import { type Answer, sendPage } from "./layout.ts";
import { registerPage } from "./register-page.ts";
import { resetPage } from "./reset-page.ts";
import { notice, tooMany, type Visit, type VisitorOf } from "./visit.ts";
import { wordsIn } from "./words.ts";

/** Where the pages are; the token of an invite, or the name of a host, follows. */
export const pagePrefixes: readonly string[] = [invitePath, registerPath, resetPath];

export interface AccountPagesOptions {
  readonly core: Core;
  readonly visitorOf: VisitorOf;
  /** After somebody has set a new password. */
  readonly endConsoleSessions: (user: Jid) => Promise<void>;
}

/** Refused forms a minute from one address, after which further ones are not looked at. */
const refusalLimits = { perAddress: 20, perAccount: 20 };

/** The pages for people without an account or a password: plain HTML, no script (security.md, pages). */
export class AccountPages {
  readonly #options: AccountPagesOptions;
  readonly #log: Log;
  readonly #refusals: LoginThrottle;

  constructor(options: AccountPagesOptions) {
    this.#options = options;
    this.#log = options.core.log.for("web");
    this.#refusals = new LoginThrottle(options.core.clock, refusalLimits);
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const language = languageOf(request.headers["accept-language"]);
    const words = wordsIn(language);
    let answer: Answer;
    try {
      answer = await this.#answer(request, path);
    } catch (error) {
      // The path is a secret: it is not told.
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#log.error("a page failed", { error: reason });
      answer = notice(500, words.notNow, words.failed);
    }
    // What was not read of a form that is too long is not worth reading.
    if (!request.complete && request.method === "POST") response.setHeader("connection", "close");
    sendPage(response, language, answer);
  }

  async #answer(request: IncomingMessage, path: string): Promise<Answer> {
    const { core, visitorOf, endConsoleSessions } = this.#options;
    const { headers, method } = request;
    const language = languageOf(headers["accept-language"]);
    const words = wordsIn(language);
    const { address, isSecure } = visitorOf(request);
    const [, place = "", name = "", more] = path.split("/");
    if (more !== undefined || name === "") return notice(404, words.noLink, words.unknownLink);
    if (method !== "GET" && method !== "HEAD" && method !== "POST") return notice(405, words.notNow, words.badForm);
    const visit = { core, language, words, address, isSecure, userAgent: headers["user-agent"], endConsoleSessions };
    if (method !== "POST") return this.#page({ ...visit, fields: null }, `/${place}`, name);
    if (isFromOtherSite(request)) return notice(403, words.notNow, words.otherSite);
    if (this.#refusals.check(address, place) !== null) return tooMany(words);
    const fields = await readFormBody(request);
    if (fields === null) return notice(400, words.notNow, words.badForm);
    const answer = await this.#page({ ...visit, fields }, `/${place}`, name);
    if (answer.status >= 400) this.#refusals.failed(address, place);
    return answer;
  }

  #page(visit: Visit, place: string, name: string): Promise<Answer> | Answer {
    if (place === invitePath) return invitePage(visit, name);
    if (place === resetPath) return resetPage(visit, name);
    const host = Jid.tryParse(decodeURIComponent(name));
    const { words } = visit;
    if (host === undefined || host.full !== host.domain) return notice(404, words.noLink, words.unknownLink);
    return registerPage(visit, host.domain);
  }
}
