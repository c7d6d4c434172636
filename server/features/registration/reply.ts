import { randomBytes } from "node:crypto";
import { fillWords } from "../../../lib/contracts/fill-words.ts";
import { el } from "../../xmpp/element.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";

/** Names are as long as a thousand characters, and a text may name them often. */
const longest = 2_000;

/** What an applicant is told, with their own name and host in the places of `{name}` and `{host}`; at most 2,000 characters. */
export function replyTo(applicant: Jid, text: string): string {
  const filled = fillWords(text, { name: applicant.local, host: applicant.domain });
  return filled.slice(0, longest).toWellFormed();
}

/** A message of a host to somebody; with an empty subject there is none. */
export function messageOfHost(
  host: string,
  to: string,
  subject: string,
  body: string,
  type: "normal" | "chat" = "normal",
): Stanza {
  return Stanza.from(
    el(
      "message",
      NS.client,
      { from: host, to, type, id: randomBytes(9).toString("base64url") },
      subject === "" ? undefined : el("subject", NS.client, undefined, subject),
      el("body", NS.client, undefined, body),
    ),
  );
}
