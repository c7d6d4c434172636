import type { IncomingNegotiation, ServerFeature } from "../../core/remote/negotiation.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

const mechanism = "EXTERNAL";
const base64Text = /^[A-Za-z0-9+/]+={0,2}$/;

/** SASL EXTERNAL between servers (RFC 6120 6, XEP-0178 3): the certificate says who it is. */
export const external: ServerFeature = {
  name: "SASL EXTERNAL",
  order: 30,
  isProof: true,
  handles: [
    [NS.sasl, "auth"],
    [NS.sasl, "abort"],
    [NS.sasl, "success"],
    [NS.sasl, "failure"],
    [NS.sasl, "challenge"],
  ],
  offer(stream) {
    if (!isPossible(stream)) return undefined;
    return el("mechanisms", NS.sasl, undefined, el("mechanism", NS.sasl, undefined, mechanism));
  },
  handle(stream, element) {
    const { local, remote } = stream;
    if (element.name !== "auth") {
      refuse(stream, "aborted");
    } else if (element.attr("mechanism") !== mechanism) {
      refuse(stream, "invalid-mechanism");
    } else if (!isPossible(stream) || remote === null) {
      refuse(stream, "not-authorized");
    } else if (identityIn(element, remote) !== remote) {
      // XEP-0178 3, 9: it may say who it is, and nothing but what the stream and its certificate say.
      refuse(stream, "invalid-authzid");
    } else {
      stream.write(`<success xmlns='${NS.sasl}'/>`);
      stream.restart();
      stream.prove({ local, remote }, "external");
    }
  },
  begin(stream, features) {
    const offered = features.child("mechanisms", NS.sasl);
    if (offered?.elements("mechanism").some(({ text }) => text.trim() === mechanism) !== true) return false;
    const identity = Buffer.from(stream.local).toString("base64");
    stream.write(`<auth xmlns='${NS.sasl}' mechanism='${mechanism}'>${identity}</auth>`);
    return true;
  },
  answered(stream, element) {
    if (element.name === "success") {
      stream.proved("external");
      stream.restart();
    } else if (element.name === "failure") {
      // XEP-0178 3, 11: there may be another way.
      stream.proceed();
    } else {
      throw new StreamError("not-authorized", "a challenge has no place here");
    }
  },
};

/** It is offered to nobody for whom it would fail (XEP-0178 3, 7). */
function isPossible(stream: IncomingNegotiation): boolean {
  const { local, remote, isSecure } = stream;
  if (!isSecure || remote === null || stream.isProved({ local, remote })) return false;
  return stream.isCertifiedFor(remote);
}

function refuse(stream: IncomingNegotiation, condition: string): void {
  stream.write(`<failure xmlns='${NS.sasl}'><${condition}/></failure>`);
}

/** The domain that it wants to be; that of the stream where it leaves it open. null: what it says is no domain. */
function identityIn(auth: Stanza, remote: string): string | null {
  const text = auth.element.text.trim();
  if (text === "" || text === "=") return remote;
  if (!base64Text.test(text)) return null;
  const jid = Jid.tryParse(Buffer.from(text, "base64").toString());
  return jid === undefined || jid.full !== jid.domain ? null : jid.domain;
}
