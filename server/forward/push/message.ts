import type { MessageClass } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { callOf, encryptionOf, isFallback, textOf } from "../plan/content.ts";
import { stanzaIdFor, type ForwardedMessage } from "../plan/payload.ts";

const mucUserNs = "http://jabber.org/protocol/muc#user";

/** What a push is made of: one message, call proposal or subscription request for somebody who is away. */
export interface PushMessage {
  /** Event id. The store adds `_` and the device's id to it for each device. */
  readonly id: string;
  readonly class: MessageClass;
  readonly from: Jid;
  readonly to: Jid;
  /** The account that is told, bare. */
  readonly user: Jid;
  readonly host: string;
  /** When it arrived, milliseconds since the epoch. */
  readonly at: number;
  /** The room that it was said in, bare, and by whom; null: it came from a person. */
  readonly room: { readonly jid: Jid; readonly nick: string } | null;
  /** What a person would call where it came from: the room's or the sender's local part, the nickname of a private message. */
  readonly sender: string;
  /** The body, for everybody to read; null when it is encrypted, missing or a notice for clients that understand no better. */
  readonly text: string | null;
  readonly isEncrypted: boolean;
  /** The recipient's archive knows it by this (XEP-0359). */
  readonly stanzaId: string | null;
  /** What the sender's client calls it. */
  readonly messageId: string | null;
  readonly thread: string | null;
  /** XEP-0353: the session proposed, and its media (`audio`, `video`). */
  readonly call: { readonly id: string; readonly media: readonly string[] } | null;
}

export function pushMessage(message: ForwardedMessage): PushMessage {
  const { id, stanza, from, to, user, host, at } = message;
  const isEncrypted = encryptionOf(stanza) !== null;
  const body = isEncrypted || isFallback(stanza) ? undefined : textOf(stanza, "body");
  const isRoom = message.class === "groupchat" || message.class === "mention";
  return {
    id,
    class: message.class,
    from,
    to,
    user,
    host,
    at,
    room: isRoom ? { jid: from.toBare(), nick: from.resource } : null,
    sender: senderOf(stanza, from),
    text: body === undefined || body === "" ? null : body,
    isEncrypted,
    stanzaId: stanzaIdFor(stanza, user) ?? null,
    messageId: stanza.id ?? null,
    thread: stanza.childText("thread") || null,
    call: message.class === "call" ? callOf(stanza) : null,
  };
}

// XEP-0045 7.5: a private message comes from the room's JID with the nickname, and is marked as such.
function senderOf(stanza: Stanza, from: Jid): string {
  const isPrivate = stanza.type === "chat" && from.resource !== "" && stanza.has("x", mucUserNs);
  if (isPrivate) return from.resource;
  return from.local === "" ? from.domain : from.local;
}
