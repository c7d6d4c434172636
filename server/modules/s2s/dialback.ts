import { z } from "zod";
import type { Core } from "../../core/core.ts";
import { defineModule } from "../../core/module.ts";
import { LinkFault } from "../../core/remote/fault.ts";
import type {
  DomainPair,
  IncomingNegotiation,
  OutgoingNegotiation,
  ServerFeature,
} from "../../core/remote/negotiation.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError, StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { dialbackElement, pairIn } from "./dialback-element.ts";
import { dialbackKey, isDialbackKey } from "./dialback-key.ts";
import { Verifications } from "./verifications.ts";

const NS_FEATURE = "urn:xmpp:features:dialback";

export const dialback = defineModule({
  name: "s2s-dialback",
  summary: "Proves to another server by a question to its own who it speaks for, where certificates do not.",
  xeps: [
    {
      number: 220,
      version: "1.1.1",
      note: "with dialback errors; a certificate that names the domain spares the question",
    },
    { number: 185, version: "1.0" },
    { number: 344, version: "0.3", note: "a valid certificate is believed without a question" },
  ],
  options: z.strictObject({
    access: z
      .string()
      .min(1)
      .max(200)
      .default("all")
      .describe("Access rule for servers whose domain is believed without a valid certificate."),
    max_pending: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe("Domains that one connection may want to be checked at a time."),
  }),
  requires: ["s2s"],
  start(ctx) {
    const { core, host, options } = ctx;
    const verifications = new Verifications(core.links, options.max_pending);
    const isTrusted = (remote: string): boolean =>
      core.policy.allows(options.access, { jid: Jid.of("", remote), ip: null, host: host.name });
    ctx.onStop(core.links.federations.add(host, feature(core, verifications, isTrusted)));
  },
});

function feature(core: Core, verifications: Verifications, isTrusted: (remote: string) => boolean): ServerFeature {
  const { links } = core;

  /** The peer wants to be taken for `pair.remote` (XEP-0220 2.3.1). */
  const authorize = async (stream: IncomingNegotiation, pair: DomainPair, key: string): Promise<void> => {
    const refusal = refusalOf(stream, pair);
    if (refusal !== null) {
      stream.write(dialbackElement("result", pair, refusal));
      return;
    }
    let outcome: "valid" | "invalid" | LinkFault;
    // XEP-0344: nobody else could tell more.
    if (stream.isCertifiedFor(pair.remote)) outcome = "valid";
    else if (isTrusted(pair.remote)) outcome = await verifications.verify(stream, pair, key);
    else outcome = "invalid";
    if (stream.isClosed) return;
    // XEP-0220 2.5: whatever went wrong in between, the other side is told that the domain's server was not found.
    const answer = outcome instanceof LinkFault ? StanzaError.of("remote-server-not-found", outcome.message) : outcome;
    stream.write(dialbackElement("result", pair, answer));
    if (outcome === "valid" && !stream.isProved(pair)) stream.prove(pair, "dialback");
  };

  const refusalOf = (stream: IncomingNegotiation, pair: DomainPair): StanzaError | null => {
    if (links.federationOf(pair.local) === undefined) return StanzaError.of("item-not-found");
    if (links.isServed(pair.remote)) return StanzaError.of("forbidden", "That domain is served here.");
    if (!links.mayTalk(pair)) return StanzaError.of("policy-violation");
    return stream.isSecure || !stream.isTlsRequired ? null : StanzaError.of("policy-violation", "TLS is required.");
  };

  /** Another server wants to know whether a key is one of ours (XEP-0220 2.3.2). */
  const verify = (stream: IncomingNegotiation, pair: DomainPair, element: Stanza): void => {
    const streamId = element.id ?? "";
    const subject = { receiving: pair.remote, originating: pair.local, streamId };
    const isOurs = links.isServed(pair.local);
    const key = element.element.text.trim();
    const verdict = isDialbackKey(links.secret, subject, key) ? "valid" : "invalid";
    stream.write(dialbackElement("verify", pair, isOurs ? verdict : StanzaError.of("item-not-found"), streamId));
  };

  const concluded = (stream: OutgoingNegotiation, element: Stanza): void => {
    if (element.type === "valid") {
      stream.proved("dialback");
      stream.proceed();
      return;
    }
    const error = element.child("error", NS.client)?.elements(undefined, NS.stanzas)[0]?.name;
    const reason = element.type === "error" ? (error ?? "an error") : (element.type ?? "nothing");
    stream.fail(new LinkFault("not-proved", `dialback came to ${reason}`));
  };

  return {
    name: "dialback",
    order: 40,
    isProof: true,
    handles: [
      [NS.dialback, "result"],
      [NS.dialback, "verify"],
    ],
    // XEP-0220 2.5.2: what is wrong with one domain is told without ending the stream.
    offer: () => el("dialback", NS_FEATURE, undefined, el("errors", NS_FEATURE)),
    handle(stream, element) {
      const pair = pairIn(element);
      if (pair === null) throw new StreamError("improper-addressing");
      if (element.type !== undefined) throw new StreamError("policy-violation", "nothing was asked on this stream");
      if (element.name === "result") return authorize(stream, pair, element.element.text.trim());
      verify(stream, pair, element);
      return undefined;
    },
    begin(stream) {
      // Servers that know of it need not say so (XEP-0220 2.4.1).
      const { local, remote, id } = stream;
      const key = dialbackKey(links.secret, { receiving: remote, originating: local, streamId: id });
      stream.write(dialbackElement("result", stream, key));
      return true;
    },
    answered(stream, element) {
      const pair = pairIn(element);
      const isForIt = pair !== null && pair.local === stream.local && pair.remote === stream.remote;
      if (!isForIt || element.type === undefined) throw new StreamError("invalid-from");
      if (element.name === "result") concluded(stream, element);
      else verifications.answered(pair, element.id ?? "", element.type);
    },
  };
}
