import type { WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import type { MessageClass } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Template } from "../templates/template.ts";
import { callOf, encryptionOf, textOf } from "./content.ts";
import { formText, formType, type FormPreset } from "./form-payload.ts";

type Rendered = Pick<WebhookTarget, "preset" | "jid" | "confidential" | "templateType">;

/** What a payload is made of: a message that was kept for somebody. */
export interface ForwardedMessage {
  /** Event id. */
  readonly id: string;
  readonly class: MessageClass;
  /** A message, or for the class `subscription` a presence. */
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
  /** Where the number of messages that wait for the user belongs; only the store knows it, when it keeps the message. */
  readonly unreadAt?: number;
}

/** What a request is about, as `type` in the presets that have it. */
export function eventType({ class: kind }: { readonly class: string }): string {
  return kind === "call" || kind === "subscription" ? `${kind}.offline` : "message.offline";
}

/** The request body for a web server; null when its preset has nothing to say about this message. Throws TemplateError. */
export function renderPayload(
  message: ForwardedMessage,
  { preset, jid, confidential, templateType }: Rendered,
  template: Template | null = null,
): Payload | null {
  const { stanza } = message;
  const encrypted = encryptionOf(stanza);
  const written = textOf(stanza, "body");
  const isMessage = message.class !== "call" && message.class !== "subscription";
  if (isMessage && encrypted === null && (written === undefined || written === "")) return null;
  // The text beside something encrypted is a notice, not what was written.
  const isTold = encrypted === null && !confidential;
  const body = isTold ? (written ?? null) : null;
  switch (preset) {
    case "json":
      return renderJson(message, encrypted, body);
    case "cloudevents":
      return renderCloudEvent(message, encrypted, body);
    case "template":
      return template === null ? null : renderTemplate(message, encrypted, body, template, templateType);
    default:
      if (!isMessage) return null;
      // A form without its body says that there is a message, which only a receiver that asked for it understands.
      return body === null && !confidential ? null : renderForm(message, preset, jid, body);
  }
}

function renderForm(
  { stanza, from, to }: ForwardedMessage,
  preset: FormPreset,
  jid: WebhookTarget["jid"],
  body: string | null,
): Payload {
  const text = formText(preset, { from, to, body, messageId: stanza.id ?? "" }, jid);
  return { contentType: formType, text };
}

function renderJson(message: ForwardedMessage, encrypted: string | null, body: string | null): Payload {
  return counted("application/json", JSON.stringify(jsonFacts(message, encrypted, body)), "}");
}

function jsonFacts(message: ForwardedMessage, encrypted: string | null, body: string | null): object {
  const { id, at, host } = message;
  const timestamp = new Date(at).toISOString();
  return { id, type: eventType(message), timestamp, host, ...factsOf(message, encrypted, body) };
}

// CloudEvents 1.0.2, structured mode of the HTTP binding (3.2). An XMPP server is named by a URI of RFC 5122.
function renderCloudEvent(message: ForwardedMessage, encrypted: string | null, body: string | null): Payload {
  const { id, user, host, at } = message;
  const event = {
    specversion: "1.0",
    id,
    source: `xmpp:${host}`,
    type: `nightpost.${eventType(message)}`,
    subject: user.bare,
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    data: factsOf(message, encrypted, body),
  };
  return counted("application/cloudevents+json", JSON.stringify(event), "}}");
}

function renderTemplate(
  message: ForwardedMessage,
  encrypted: string | null,
  body: string | null,
  template: Template,
  contentType: string,
): Payload | null {
  const facts = { ...jsonFacts(message, encrypted, body), user: message.user.bare, class: message.class };
  const { text, ...rest } = template.render(facts);
  // What writes nothing for a message has nothing to say about it.
  return text.trim() === "" && rest.unreadAt === undefined ? null : { contentType, text, ...rest };
}

// Keys without a value are left out by JSON.stringify; `body` is always there.
function factsOf(message: ForwardedMessage, encrypted: string | null, body: string | null): object {
  const { stanza, from, to, user, class: kind } = message;
  if (kind === "subscription") return { from: from.full, to: to.full };
  return {
    from: from.full,
    to: to.full,
    message: {
      id: stanza.id,
      type: stanza.type ?? "normal",
      body,
      subject: body === null ? undefined : textOf(stanza, "subject"),
      thread: stanza.childText("thread"),
      lang: stanza.lang,
      stanzaId: stanzaIdFor(stanza, user),
    },
    mentioned: kind === "mention" ? true : undefined,
    call: kind === "call" ? callOf(stanza) : undefined,
    encrypted: encrypted ?? undefined,
  };
}

// `unread` is the last member of the innermost object that `end` closes.
function counted(contentType: string, json: string, end: string): Payload {
  const text = `${json.slice(0, -end.length)},"unread":${end}`;
  return { contentType, text, unreadAt: text.length - end.length };
}

// XEP-0359 3: the id that the recipient's own server gave, which is the one to ask the archive for.
export function stanzaIdFor(stanza: Stanza, user: Jid): string | undefined {
  const stamp = stanza.child("stanza-id", NS.stanzaId);
  return stamp?.attr("by") === user.bare ? stamp.attr("id") : undefined;
}
