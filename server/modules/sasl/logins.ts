import { setTimeout as wait } from "node:timers/promises";
import type { z } from "zod";
import type { ScramMechanism } from "../../core/credentials.ts";
import type { Host } from "../../core/host.ts";
import type { ModuleContext } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import type { LoginMark } from "../../core/revocations.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { checkRoom } from "./anonymous.ts";
import { type SaslContext, SaslError, type SaslExchange, type SaslMechanism, type SaslStep } from "./mechanism.ts";
import { mechanisms } from "./mechanisms.ts";
import type { SaslOptions } from "./options.ts";
import { missingFor, none } from "./upgrade.ts";

/** RFC 6120 6.4.4: so many wrong passwords on one stream. */
const maxGuesses = 5;
/** With all others: clients feel their way along the mechanisms, and some begin with bindings that TLS 1.3 has not got. */
const maxTries = 10;

/** A stream's way through SASL, of whichever profile; gone once it is authenticated or closed. */
export interface Attempt {
  tries: number;
  /** Those tries that had the name of an account, and so a password to be right or wrong. */
  guesses: number;
  mark: LoginMark;
  mechanism: SaslMechanism | null;
  exchange: SaslExchange | null;
  account: Jid | null;
}

/** What a profile says of a try when it begins one. */
export interface Beginning {
  readonly name: string;
  /** Mechanisms beside the offered ones that this try may use. */
  readonly more?: readonly SaslMechanism[];
  readonly agentId?: string | null;
  readonly from?: Jid | null;
}

const attempts = new WeakMap<NegotiatingStream, Attempt>();
const loginsOf = new WeakMap<Host, Logins>();

/** What the module of SASL itself knows of a host; undefined: it does not run there. */
export function loginsOn(host: Host): Logins | undefined {
  return loginsOf.get(host);
}

/** What both profiles of SASL (RFC 6120 6, XEP-0388) have in common on a host: what may be used, and what a try costs. */
export class Logins {
  readonly #context: ModuleContext<z.infer<typeof SaslOptions>>;
  /** Strongest first. */
  readonly #allowed: readonly SaslMechanism[];

  constructor(context: ModuleContext<z.infer<typeof SaslOptions>>) {
    this.#context = context;
    this.#allowed = mechanisms.filter((mechanism) => this.#isAllowed(mechanism));
    loginsOf.set(context.host, this);
    context.onStop(() => loginsOf.delete(context.host));
  }

  /** Strongest first. */
  offered(stream: NegotiatingStream): SaslMechanism[] {
    return this.#allowed.filter((mechanism) => this.#isOffered(mechanism, stream));
  }

  /** Of these SCRAM mechanisms, those that clients may use. */
  allowed(mechanisms: readonly ScramMechanism[]): ScramMechanism[] {
    return mechanisms.filter((name) => this.#isAllowed({ name, isPlus: false }));
  }

  attempt(stream: NegotiatingStream): Attempt {
    let attempt = attempts.get(stream);
    if (attempt === undefined) {
      attempt = { tries: 0, guesses: 0, mark: 0, mechanism: null, exchange: null, account: null };
      attempts.set(stream, attempt);
    }
    return attempt;
  }

  /** Throws SaslError. */
  begin(stream: NegotiatingStream, attempt: Attempt, beginning: Beginning): SaslExchange {
    const { name, more = [] } = beginning;
    attempt.account = null;
    attempt.mark = stream.core.accounts.revocations.mark();
    attempt.mechanism = more.find((mechanism) => mechanism.name === name) ?? this.#choose(stream, name);
    attempt.exchange = attempt.mechanism.start(this.#exchangeContext(stream, attempt, beginning));
    return attempt.exchange;
  }

  /** The exchange has come out well: may this account in? Throws SaslError. */
  admit(stream: NegotiatingStream, attempt: Attempt, { account, isGuest }: SaslStep & { kind: "success" }): void {
    checkThrottle(stream, account);
    if (isGuest === true) checkRoom(stream.host);
    if (stream.core.accounts.revocations.isRevokedSince(account, attempt.mark)) throw new SaslError("not-authorized");
    this.#checkAccess(stream, account);
  }

  /** The client is let in. */
  done(stream: NegotiatingStream, account: Jid): void {
    stream.core.metrics.loginsDone.add(mechanismOf(attempts.get(stream)));
    attempts.delete(stream);
    stream.throttle.succeeded(stream.address, account.bare);
  }

  /** Counts the failure and holds it back where it is one of many; resolves with what the client is told. */
  async failed(stream: NegotiatingStream, attempt: Attempt, thrown: unknown): Promise<SaslError> {
    const reason = thrown instanceof SaslError ? thrown : this.#unexpected(thrown);
    const account = attempt.account?.bare ?? "";
    const error = reason.condition === "not-authorized" ? (refusalOf(stream, account) ?? reason) : reason;
    attempt.exchange = null;
    attempt.tries += 1;
    if (attempt.account !== null) attempt.guesses += 1;
    stream.core.metrics.loginsFailed.add(mechanismOf(attempt));
    const { condition } = error;
    this.#context.log.info("login failed", { account, address: stream.address, condition });
    if (condition === "not-authorized" && attempt.account !== null) {
      const delayMs = stream.throttle.failed(stream.address, account);
      // While the answer is held back nothing more is read from this stream.
      if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
    }
    return error;
  }

  /** Throws StreamError when the stream has had its tries. */
  checkTries({ guesses, tries }: Attempt): void {
    if (guesses >= maxGuesses || tries >= maxTries) throw new StreamError("policy-violation", "too many failed logins");
  }

  #choose(stream: NegotiatingStream, name: string): SaslMechanism {
    const mechanism = this.#allowed.find((candidate) => candidate.name === name);
    if (mechanism === undefined) throw new SaslError("invalid-mechanism");
    if (this.#isOffered(mechanism, stream)) return mechanism;
    throw new SaslError(mechanism.revealsPassword ? "encryption-required" : "invalid-mechanism");
  }

  // A mechanism that has a module of its own is switched by that.
  #isAllowed(mechanism: Pick<SaslMechanism, "name" | "isPlus">): boolean {
    if (mechanism.name === "ANONYMOUS") return true;
    const base = baseOf(mechanism);
    return this.#context.options.mechanisms.some((allowed) => allowed === base);
  }

  #isOffered(mechanism: SaslMechanism, stream: NegotiatingStream): boolean {
    if (mechanism.isPossible?.(stream) === false) return false;
    const missing = missingFor(stream);
    if (missing !== none && missing.some((name) => name === baseOf(mechanism))) return false;
    if (mechanism.revealsPassword && !stream.isSecure && !stream.settings.plainWithoutTls) return false;
    return !mechanism.isPlus || (stream.bindings?.types.length ?? 0) > 0;
  }

  #exchangeContext(
    stream: NegotiatingStream,
    attempt: Attempt,
    { agentId = null, from = null }: Beginning,
  ): SaslContext {
    const { accounts, clients, clock } = stream.core;
    const offered = this.offered(stream);
    const types = stream.bindings?.types ?? [];
    return {
      host: stream.host.name,
      accounts,
      clients,
      now: clock.now,
      agentId,
      from,
      certified: stream.certified,
      clientId: (account, id) => clients.idOf(account, id),
      // Both profiles offer the same mechanisms.
      offered: this.#context.options.downgrade_protection
        ? { mechanisms: offered.map(({ name }) => name), bindings: types.length === 0 ? null : types }
        : null,
      isPlusOffered: offered.some(({ isPlus }) => isPlus),
      channelBinding: (type) => stream.bindings?.data(type),
      identified(account) {
        attempt.account = account;
        checkThrottle(stream, account);
      },
    };
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

/** Without the channel binding. */
function baseOf({ name, isPlus }: Pick<SaslMechanism, "name" | "isPlus">): string {
  return isPlus ? name.slice(0, -"-PLUS".length) : name;
}

/** For the figures: a name that the server knows, never what a client made up. */
function mechanismOf(attempt: Attempt | undefined): string {
  return attempt?.mechanism?.name ?? "unknown";
}
