import type { WebhookPreset, WebhookTarget } from "../../../lib/contracts/forward-target.ts";
import type { Jid } from "../../xmpp/jid.ts";

/** No charset: form bodies are UTF-8, and strict parsers of the time compare the whole media type. */
export const formType = "application/x-www-form-urlencoded";

export type FormPreset = Exclude<WebhookPreset, "json" | "cloudevents" | "template">;

/** What a form says of a message. */
export interface FormFacts {
  readonly from: Jid;
  readonly to: Jid;
  /** null: not told. */
  readonly body: string | null;
  /** The id that the sender's client gave, which need not be unique; empty when it gave none. */
  readonly messageId: string;
}

type Field = readonly [name: string, value: string | null];

/**
 * The fields of each preset, in the order in which its module sent them; a field that is null is left out. The modules know
 * local parts only, so that two hosts with the same user cannot be told apart: that is what their receivers expect.
 */
const fieldsOf: Readonly<Record<FormPreset, (facts: FormFacts, jid: WebhookTarget["jid"]) => readonly Field[]>> = {
  // The mod_offline_post of 2014, with addresses that it meant to send (its `from` was empty for most clients).
  classic: ({ from, to, body }, jid) => [
    ["from", from[jid]],
    ["to", to[jid]],
    ["body", body],
  ],
  // adamvduke/mod_interact
  mod_interact: ({ from, to, body }) => [
    ["to", to.local],
    ["from", from.local],
    ["body", body],
  ],
  // raelmax/mod_http_offline
  mod_http_offline: ({ from, to, body, messageId }) => [
    ["from", from.local],
    ["to", to.local],
    ["body", body],
    ["message_id", messageId],
  ],
  // PH-F/mod_offline_http_post; its token is the header Authorization.
  mod_offline_http_post: ({ from, to, body, messageId }) => [
    ["to", to.local],
    ["from", from.local],
    ["vhost", to.domain],
    ["body", body],
    ["messageId", messageId],
  ],
  // MongooseIM, mod_event_pusher_http_defaults: `server` is the sender's.
  mongooseim: ({ from, to, body }) => [
    ["author", from.local],
    ["server", from.domain],
    ["receiver", to.local],
    ["message", body],
  ],
};

/** Every field is encoded, which none of the modules did: a body can neither break the form nor add a field to it. */
export function formText(preset: FormPreset, facts: FormFacts, jid: WebhookTarget["jid"]): string {
  const fields = new URLSearchParams();
  for (const [name, value] of fieldsOf[preset](facts, jid)) if (value !== null) fields.append(name, value);
  return fields.toString();
}

/** The last field of a form. It is added at the very attempt: the token is a secret, and what the outbox holds is not. */
export function accessTokenField(token: string): string {
  return new URLSearchParams({ access_token: token }).toString();
}
