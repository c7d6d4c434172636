import { defineModule } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { KeptElement } from "../../xmpp/kept-element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { decodeData, encodeData } from "./base64.ts";
import { type Attempt, Logins } from "./logins.ts";
import { SaslError, type SaslStep } from "./mechanism.ts";
import { SaslOptions } from "./options.ts";
import { lookForMissing } from "./upgrade.ts";

const bindingNs = "urn:xmpp:sasl-cb:0";

/** Authentication as in RFC 6120 6. */
class SaslFeature {
  readonly name = "sasl";
  readonly order = 20;
  readonly handles = [
    [NS.sasl, "auth"],
    [NS.sasl, "response"],
    [NS.sasl, "abort"],
  ] as const;
  readonly #logins: Logins;
  readonly #offer = new KeptElement();

  constructor(logins: Logins) {
    this.#logins = logins;
  }

  prepare(stream: NegotiatingStream): Promise<void> | undefined {
    return lookForMissing(stream);
  }

  offer(stream: NegotiatingStream): Element | undefined {
    if (stream.account !== null) return undefined;
    const offered = this.#logins.offered(stream);
    if (offered.length === 0) return undefined;
    return this.#offer.of(offered, () => {
      const names = offered.map(({ name }) => el("mechanism", NS.sasl, undefined, name));
      return el("mechanisms", NS.sasl, undefined, ...names);
    });
  }

  refuse(stream: NegotiatingStream): void {
    stream.send(failure(new SaslError("encryption-required")));
  }

  async handle(stream: NegotiatingStream, stanza: Stanza): Promise<void> {
    if (stream.account !== null) throw new StreamError("policy-violation", "authenticated already");
    const attempt = this.#logins.attempt(stream);
    try {
      const step = await this.#step(stream, stanza, attempt);
      if (step.kind === "challenge") stream.send(el("challenge", NS.sasl, undefined, encodeData(step.data)));
      else this.#succeed(stream, attempt, step);
    } catch (error) {
      stream.send(failure(await this.#logins.failed(stream, attempt, error)));
      this.#logins.checkTries(attempt);
    }
  }

  #step(stream: NegotiatingStream, stanza: Stanza, attempt: Attempt): SaslStep | Promise<SaslStep> {
    const { text } = stanza.element;
    switch (stanza.name) {
      case "auth": {
        const exchange = this.#logins.begin(stream, attempt, { name: stanza.attr("mechanism") ?? "" });
        // RFC 6120 6.4.2: without an initial response the client waits for an empty challenge.
        return text === "" ? { kind: "challenge", data: Buffer.alloc(0) } : exchange.step(decodeData(text));
      }
      case "response":
        if (attempt.exchange === null) throw new SaslError("malformed-request", "there is no exchange");
        return attempt.exchange.step(decodeData(text));
      default:
        throw new SaslError("aborted");
    }
  }

  #succeed(stream: NegotiatingStream, attempt: Attempt, step: SaslStep & { kind: "success" }): void {
    const { account, data } = step;
    this.#logins.admit(stream, attempt, step);
    this.#logins.done(stream, account);
    stream.send(el("success", NS.sasl, undefined, data === undefined ? undefined : encodeData(data)));
    stream.authenticate(account, attempt.mechanism?.name ?? "", { mark: attempt.mark });
  }
}

function failure({ condition, text }: SaslError): Element {
  const explanation = text === undefined ? undefined : el("text", NS.sasl, { "xml:lang": "en" }, text);
  return el("failure", NS.sasl, undefined, el(condition, NS.sasl), explanation);
}

export const sasl = defineModule({
  name: "sasl",
  summary: "Logs clients in with SCRAM, or with PLAIN on encrypted streams.",
  xeps: [
    { number: 178, version: "1.2", status: "partial", note: "Clients, by the addresses in their certificates." },
    { number: 440, version: "1.0.0" },
    { number: 474, version: "0.5.0" },
  ],
  rfcs: ["RFC 6120 6", "RFC 5802", "RFC 7677", "RFC 4616", "RFC 4422 A", "RFC 5929", "RFC 9266"],
  options: SaslOptions,
  start(context) {
    context.streamFeature(new SaslFeature(new Logins(context)));
    const bindings = new KeptElement();
    context.streamFeature({
      name: "sasl-channel-binding",
      order: 21,
      handles: [],
      offer(stream) {
        if (stream.account !== null || stream.bindings === null) return undefined;
        const { types } = stream.bindings;
        if (types.length === 0) return undefined;
        return bindings.of(types, () => {
          const each = types.map((type) => el("channel-binding", bindingNs, { type }));
          return el("sasl-channel-binding", bindingNs, undefined, ...each);
        });
      },
      handle() {},
    });
  },
});
