import type { Core } from "../core/core.ts";
import type { Router } from "../core/router.ts";
import { StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { badInput, refused } from "./errors.ts";

const answerMs = 5_000;

/** The address that a stanza is to come from: a host, a service of one, or an account. Throws `bad-input`, `not-found`. */
export async function senderOf({ hosts, accounts }: Core, text: string): Promise<Jid> {
  const from = Jid.tryParse(text);
  if (from === undefined) throw badInput("from", "no-address");
  const entity = hosts.entity(from.domain);
  if (entity === undefined) throw refused("not-found", "host-missing", { host: from.domain });
  if (!entity.isService && from.local !== "" && !(await accounts.exists(from)))
    throw refused("not-found", "account-missing", { jid: from.bare });
  return from;
}

/** A stanza that somebody wrote, as `from` sends it. Throws `bad-input`. */
export function writtenStanza(text: string, from: Jid): Stanza {
  const stanza = parsed(text.trim());
  if (stanza.kind === "nonza") throw badInput("xml", "no-stanza");
  if (Jid.tryParse(stanza.to ?? "") === undefined) throw badInput("xml", "stanza-needs-to");
  if (isQuestion(stanza) && stanza.children.length !== 1) throw badInput("xml", "one-question");
  return stanza.with({ from: from.full });
}

function parsed(text: string): Stanza {
  try {
    return Stanza.parse(text);
  } catch (error) {
    if (error instanceof StreamError) throw badInput("xml", "unreadable", { reason: error.message });
    throw error;
  }
}

/** Routes a stanza of {@link writtenStanza}. Resolves with what answers it; what answers an account may go to its clients. */
export async function sendWritten(router: Router, from: Jid, stanza: Stanza): Promise<Stanza | null> {
  if (isQuestion(stanza) && from.local === "") return router.ask(stanza, answerMs);
  const { promise, resolve } = Promise.withResolvers<Stanza | null>();
  await router.fromPeer({ answer: resolve, awaitCommit() {}, session: null }, from, stanza);
  const timer = setTimeout(resolve, isQuestion(stanza) ? answerMs : 0, null);
  return promise.finally(() => clearTimeout(timer));
}

const isQuestion = ({ kind, type }: Stanza): boolean => kind === "iq" && (type === "get" || type === "set");
