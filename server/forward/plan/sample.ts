import { el, type Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ForwardedMessage } from "./payload.ts";

// RFC 6761 6.5: these names belong to nobody.
const from = Jid.of("romeo", "example.net", "orchard");
const to = Jid.of("juliet", "example.org", "balcony");
/** What breaks a template that does not escape. */
const words = 'It is the east & "Juliet" is the sun <☀>;\nwherefore = 100%\\';
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function sample(id: string, ...children: readonly Element[]): ForwardedMessage {
  const attributes = { type: "chat", id: `m-${id}`, from: from.full, to: to.full, "xml:lang": "en" };
  const stanza = Stanza.from(el("message", NS.client, attributes, ...children));
  return { id: `evt_${id}`, class: "chat", stanza, from, to, user: to.toBare(), host: to.domain, at };
}

/** A made-up message with everything in it that a template has to be careful about. */
export const sampleMessage: ForwardedMessage = sample(
  "0198c0ffee0070008000000000000001",
  el("body", NS.client, {}, words),
  el("subject", NS.client, {}, "The balcony"),
  el("thread", NS.client, {}, "act-2"),
  el("stanza-id", NS.stanzaId, { by: to.bare, id: "1795350336-1" }),
);

/** The same, end-to-end encrypted: there is no body to tell. */
export const encryptedSample: ForwardedMessage = sample(
  "0198c0ffee0070008000000000000002",
  el("body", NS.client, {}, "This message is encrypted."),
  el("encryption", "urn:xmpp:eme:0", { namespace: "urn:xmpp:omemo:2" }),
);
