import type { ForwardTarget } from "../../lib/contracts/forward-policy.ts";
import type { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import { encryptionOf, textOf } from "./content.ts";

/** What a payload is made of: a message that was kept for somebody. */
export interface ForwardedMessage {
  /** Event id. */
  readonly id: string;
  readonly stanza: Stanza;
  readonly from: Jid;
  readonly to: Jid;
  /** The account that it waits for, bare. */
  readonly user: Jid;
  readonly host: string;
  /** When it arrived, milliseconds since the epoch. */
  readonly at: number;
}

/** Bytes as they go over the wire, made once: what an event carries never changes, whatever happens to the rules. */
export interface Payload {
  readonly contentType: string;
  readonly text: string;
}

/** The request body for a target; null when its preset has nothing to say about this message. */
export function renderPayload(
  message: ForwardedMessage,
  { preset, jid }: Pick<ForwardTarget, "preset" | "jid">,
): Payload | null {
  return preset === "classic" ? renderClassic(message, jid) : renderJson(message);
}

// The request of the mod_offline_post of 2014, fields in its order, but encoded. No charset: form bodies are UTF-8, and
// strict parsers of the time compare the whole media type. An encrypted message has no body to put into it.
function renderClassic(message: ForwardedMessage, form: ForwardTarget["jid"]): Payload | null {
  const { stanza, from, to } = message;
  const body = textOf(stanza, "body");
  if (body === undefined || body === "" || encryptionOf(stanza) !== null) return null;
  const fields = new URLSearchParams([
    ["from", from[form]],
    ["to", to[form]],
    ["body", body],
  ]);
  return { contentType: "application/x-www-form-urlencoded", text: fields.toString() };
}

function renderJson(message: ForwardedMessage): Payload | null {
  const { id, stanza, from, to, user, host, at } = message;
  const encrypted = encryptionOf(stanza);
  const body = encrypted === null ? textOf(stanza, "body") : undefined;
  if (encrypted === null && (body === undefined || body === "")) return null;
  // Keys without a value are left out by JSON.stringify; `body` is always there.
  const text = JSON.stringify({
    id,
    type: "message.offline",
    timestamp: new Date(at).toISOString(),
    host,
    from: from.full,
    to: to.full,
    message: {
      id: stanza.id,
      type: stanza.type ?? "normal",
      body: body ?? null,
      subject: encrypted === null ? textOf(stanza, "subject") : undefined,
      thread: stanza.childText("thread"),
      lang: stanza.lang,
      stanzaId: stanzaIdFor(stanza, user),
    },
    encrypted: encrypted ?? undefined,
  });
  return { contentType: "application/json", text };
}

// XEP-0359 3: the id that the recipient's own server gave, which is the one to ask the archive for.
function stanzaIdFor(stanza: Stanza, user: Jid): string | undefined {
  const stamp = stanza.child("stanza-id", NS.stanzaId);
  return stamp?.attr("by") === user.bare ? stamp.attr("id") : undefined;
}
