import type { IncomingMessage } from "node:http";
import type { Core } from "../core/core.ts";
import type { Jid } from "../xmpp/jid.ts";
import { html } from "./html.ts";
import type { Language } from "./language.ts";
import type { Answer } from "./layout.ts";
import type { Words } from "./words.ts";

/** One request for a page. */
export interface Visit {
  readonly core: Core;
  readonly language: Language;
  readonly words: Words;
  readonly address: string;
  readonly isSecure: boolean;
  readonly userAgent: string | undefined;
  /** What was filled in; null: the page is only looked at. */
  readonly fields: ReadonlyMap<string, string> | null;
  readonly endConsoleSessions: (user: Jid) => Promise<void>;
}

export interface Visitor {
  readonly address: string;
  readonly isSecure: boolean;
}
export type VisitorOf = (request: IncomingMessage) => Visitor;

/** A page that says why there is no other. */
export function notice(status: number, title: string, ...lines: readonly string[]): Answer {
  return { status, title, body: html`${lines.map((line) => html`<p>${line}</p> `)}` };
}

export function tooMany(words: Words): Answer {
  return { ...notice(429, words.notNow, words.tooMany), retryAfter: 60 };
}
