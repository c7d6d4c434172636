import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { defineModule, type ModuleContext } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { decodeData, encodeData } from "./base64.ts";
import { type SaslContext, SaslError, type SaslExchange, type SaslMechanism, type SaslStep } from "./mechanism.ts";
import { plain } from "./plain.ts";
import { scram } from "./scram.ts";

const bindingNs = "urn:xmpp:sasl-cb:0";
/** Strongest first: clients take the first that they know. */
const mechanisms: readonly SaslMechanism[] = [
  scram("SCRAM-SHA-512", true),
  scram("SCRAM-SHA-256", true),
  scram("SCRAM-SHA-1", true),
  scram("SCRAM-SHA-512", false),
  scram("SCRAM-SHA-256", false),
  scram("SCRAM-SHA-1", false),
  plain,
];
const names = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"] as const;

const Options = z.strictObject({
  mechanisms: z
    .array(z.enum(names))
    .min(1)
    .default([...names])
    .describe("Mechanisms that clients may use; SCRAM with its channel binding variant where TLS allows."),
});

/** RFC 6120 6.4.4: so many wrong passwords on one stream. */
const maxGuesses = 5;
/** With all others: clients feel their way along the mechanisms, and some begin with bindings that TLS 1.3 has not got. */
const maxTries = 10;

/** A stream's way through SASL; gone once it is authenticated or closed. */
interface Attempt {
  tries: number;
  /** Those tries that had the name of an account, and so a password to be right or wrong. */
  guesses: number;
  mechanism: SaslMechanism | null;
  exchange: SaslExchange | null;
  account: Jid | null;
}

/** Authentication (RFC 6120 6). */
class SaslFeature {
  readonly name = "sasl";
  readonly order = 20;
  readonly handles = [
    [NS.sasl, "auth"],
    [NS.sasl, "response"],
    [NS.sasl, "abort"],
  ] as const;
  readonly #context: ModuleContext<z.infer<typeof Options>>;
  readonly #attempts = new WeakMap<NegotiatingStream, Attempt>();

  constructor(context: ModuleContext<z.infer<typeof Options>>) {
    this.#context = context;
  }

  offer(stream: NegotiatingStream): Element | undefined {
    if (stream.account !== null) return undefined;
    const offered = mechanisms.filter((mechanism) => this.#isOffered(mechanism, stream));
    if (offered.length === 0) return undefined;
    return el(
      "mechanisms",
      NS.sasl,
      undefined,
      ...offered.map(({ name }) => el("mechanism", NS.sasl, undefined, name)),
    );
  }

  refuse(stream: NegotiatingStream): void {
    stream.send(failure(new SaslError("encryption-required")));
  }

  async handle(stream: NegotiatingStream, stanza: Stanza): Promise<void> {
    if (stream.account !== null) throw new StreamError("policy-violation", "authenticated already");
    let attempt = this.#attempts.get(stream);
    if (attempt === undefined) {
      attempt = { tries: 0, guesses: 0, mechanism: null, exchange: null, account: null };
      this.#attempts.set(stream, attempt);
    }
    try {
      const step = await this.#step(stream, stanza, attempt);
      if (step.kind === "challenge") stream.send(el("challenge", NS.sasl, undefined, encodeData(step.data)));
      else this.#succeed(stream, attempt, step);
    } catch (error) {
      await this.#fail(stream, attempt, error instanceof SaslError ? error : this.#unexpected(error));
    }
  }

  #step(stream: NegotiatingStream, stanza: Stanza, attempt: Attempt): SaslStep | Promise<SaslStep> {
    const { text } = stanza.element;
    switch (stanza.name) {
      case "auth": {
        attempt.account = null;
        attempt.mechanism = this.#choose(stream, stanza.attr("mechanism") ?? "");
        attempt.exchange = attempt.mechanism.start(this.#exchangeContext(stream, attempt));
        // RFC 6120 6.4.2: without an initial response the client waits for an empty challenge.
        return text === "" ? { kind: "challenge", data: Buffer.alloc(0) } : attempt.exchange.step(decodeData(text));
      }
      case "response":
        if (attempt.exchange === null) throw new SaslError("malformed-request", "there is no exchange");
        return attempt.exchange.step(decodeData(text));
      default:
        throw new SaslError("aborted");
    }
  }

  #choose(stream: NegotiatingStream, name: string): SaslMechanism {
    const mechanism = mechanisms.find((candidate) => candidate.name === name);
    if (mechanism === undefined || !this.#isAllowed(mechanism)) throw new SaslError("invalid-mechanism");
    if (this.#isOffered(mechanism, stream)) return mechanism;
    throw new SaslError(mechanism.revealsPassword ? "encryption-required" : "invalid-mechanism");
  }

  #isAllowed({ name, isPlus }: SaslMechanism): boolean {
    const base = isPlus ? name.slice(0, -"-PLUS".length) : name;
    return this.#context.options.mechanisms.some((allowed) => allowed === base);
  }

  #isOffered(mechanism: SaslMechanism, stream: NegotiatingStream): boolean {
    if (!this.#isAllowed(mechanism)) return false;
    if (mechanism.revealsPassword && !stream.isSecure && !stream.settings.plainWithoutTls) return false;
    return !mechanism.isPlus || (stream.bindings?.types.length ?? 0) > 0;
  }

  #exchangeContext(stream: NegotiatingStream, attempt: Attempt): SaslContext {
    return {
      host: stream.host.name,
      accounts: stream.core.accounts,
      isPlusOffered: mechanisms.some((mechanism) => mechanism.isPlus && this.#isOffered(mechanism, stream)),
      channelBinding: (type) => stream.bindings?.data(type),
      identified(account) {
        attempt.account = account;
        checkThrottle(stream, account);
      },
    };
  }

  #succeed(stream: NegotiatingStream, attempt: Attempt, { account, data }: SaslStep & { kind: "success" }): void {
    checkThrottle(stream, account);
    this.#checkAccess(stream, account);
    this.#attempts.delete(stream);
    stream.throttle.succeeded(stream.address, account.bare);
    stream.core.metrics.loginsDone += 1;
    stream.send(el("success", NS.sasl, undefined, data === undefined ? undefined : encodeData(data)));
    stream.authenticate(account, attempt.mechanism?.name ?? "");
  }

  #checkAccess(stream: NegotiatingStream, account: Jid): void {
    const subject = { jid: account, ip: stream.address, host: stream.host.name };
    const { policy } = stream.core;
    if (policy.allows("c2s", subject)) return;
    const { rule, text } = policy.explain("c2s", subject);
    this.#context.log.info("login refused by the policy", {
      jid: account.bare,
      address: stream.address,
      rule,
      line: text,
    });
    throw new SaslError("not-authorized", "the server does not let this account in from here");
  }

  // The store or the password queue could not answer: the client may try again.
  #unexpected(error: unknown): SaslError {
    this.#context.log.error("a login could not be checked", { error: String(error) });
    return new SaslError("temporary-auth-failure");
  }

  async #fail(stream: NegotiatingStream, attempt: Attempt, reason: SaslError): Promise<void> {
    const account = attempt.account?.bare ?? "";
    const error = reason.condition === "not-authorized" ? (refusalOf(stream, account) ?? reason) : reason;
    attempt.exchange = null;
    attempt.tries += 1;
    if (attempt.account !== null) attempt.guesses += 1;
    stream.core.metrics.loginsFailed += 1;
    const { condition } = error;
    this.#context.log.info("login failed", { account, address: stream.address, condition });
    if (condition === "not-authorized" && attempt.account !== null) {
      const delayMs = stream.throttle.failed(stream.address, account);
      // While the answer is held back nothing more is read from this stream.
      if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    }
    stream.send(failure(error));
    if (attempt.guesses >= maxGuesses || attempt.tries >= maxTries)
      throw new StreamError("policy-violation", "too many failed logins");
  }
}

/**
 * Tries that run side by side are all let in before the first one has failed; asked again when the outcome is known, right
 * and wrong passwords beyond the limit are refused alike. null: nothing against it.
 */
function refusalOf({ throttle, address }: NegotiatingStream, account: string): SaslError | null {
  const refusal = throttle.check(address, account);
  if (refusal === null) return null;
  const seconds = Math.ceil(refusal.retryAfterMs / 1000);
  return new SaslError("temporary-auth-failure", `too many failed logins; try again in ${seconds} s`);
}

/** Throws SaslError. */
function checkThrottle(stream: NegotiatingStream, account: Jid): void {
  const refusal = refusalOf(stream, account.bare);
  if (refusal !== null) throw refusal;
}

function failure({ condition, text }: SaslError): Element {
  const explanation = text === undefined ? undefined : el("text", NS.sasl, { "xml:lang": "en" }, text);
  return el("failure", NS.sasl, undefined, el(condition, NS.sasl), explanation);
}

export const sasl = defineModule({
  name: "sasl",
  summary: "Logs clients in with SCRAM, or with PLAIN on encrypted streams.",
  xeps: [{ number: 440, version: "1.0.0" }],
  rfcs: ["RFC 6120 6", "RFC 5802", "RFC 7677", "RFC 4616", "RFC 5929", "RFC 9266"],
  options: Options,
  start(context) {
    context.streamFeature(new SaslFeature(context));
    context.streamFeature({
      name: "sasl-channel-binding",
      order: 21,
      handles: [],
      offer(stream) {
        if (stream.account !== null || stream.bindings === null) return undefined;
        const types = stream.bindings.types.map((type) => el("channel-binding", bindingNs, { type }));
        return types.length === 0 ? undefined : el("sasl-channel-binding", bindingNs, undefined, ...types);
      },
      handle() {},
    });
  },
});
