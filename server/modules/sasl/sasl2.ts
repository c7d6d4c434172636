import { z } from "zod";
import type { ScramMechanism } from "../../core/credentials.ts";
import type { InlineLogin } from "../../core/inline.ts";
import { provesPassword } from "../../core/login-clients.ts";
import { defineModule, type ModuleContext } from "../../core/module.ts";
import type { ClientAgent, NegotiatingStream } from "../../core/negotiation.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Jid } from "../../xmpp/jid.ts";
import { KeptElement } from "../../xmpp/kept-element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { decodeData, encodeData } from "./base64.ts";
import { fastOn, type TokenRequest } from "./fast.ts";
import { type Attempt, type Logins, loginsOn } from "./logins.ts";
import { SaslError, type SaslStep } from "./mechanism.ts";
import { NS_SASL2, NS_UPGRADE } from "./namespaces.ts";
import { missingFor, Upgrade, upgradeOffers, wantedUpgrades } from "./upgrade.ts";
import { readUserAgent, type UserAgent } from "./user-agent.ts";

/** What a client asked for, until its login has come out one way or the other. */
interface Request {
  readonly element: Element;
  readonly userAgent: UserAgent;
  readonly tokens: TokenRequest | null;
  /** What its client has still to do. */
  upgrade: Upgrade | null;
}

/** The extensible profile of SASL (XEP-0388): what the client wants next is in its first request. */
class Sasl2Feature {
  readonly name = "sasl2";
  readonly order = 19;
  readonly handles = [
    [NS_SASL2, "authenticate"],
    [NS_SASL2, "response"],
    [NS_SASL2, "abort"],
    [NS_SASL2, "next"],
    [NS_SASL2, "task-data"],
  ] as const;
  readonly #context: ModuleContext<unknown>;
  readonly #requests = new WeakMap<NegotiatingStream, Request>();
  readonly #offer = new KeptElement();

  constructor(context: ModuleContext<unknown>) {
    this.#context = context;
  }

  offer(stream: NegotiatingStream): Element | undefined {
    // XEP-0388 4: on encrypted streams only.
    const logins = loginsOn(this.#context.host);
    if (logins === undefined || stream.account !== null || !stream.isSecure) return undefined;
    const offered = logins.offered(stream);
    if (offered.length === 0) return undefined;
    const { host } = this.#context;
    const inline = [fastOn(host)?.offer(stream), ...host.inlineFeatures.map((feature) => feature.offer(stream))].filter(
      (element) => element !== undefined,
    );
    const missing = missingFor(stream);
    return this.#offer.of([...offered, ...inline, missing], () =>
      el(
        "authentication",
        NS_SASL2,
        undefined,
        ...offered.map(({ name }) => el("mechanism", NS_SASL2, undefined, name)),
        inline.length === 0 ? undefined : el("inline", NS_SASL2, undefined, ...inline),
        ...upgradeOffers(logins.allowed(missing)),
      ),
    );
  }

  async handle(stream: NegotiatingStream, stanza: Stanza): Promise<void> {
    if (stream.account !== null) throw new StreamError("policy-violation", "authenticated already");
    const logins = loginsOn(this.#context.host);
    if (logins === undefined || !stream.isSecure) throw new StreamError("policy-violation", "SASL2 is not offered");
    const attempt = logins.attempt(stream);
    const upgrade = this.#requests.get(stream)?.upgrade ?? null;
    try {
      if (upgrade === null) await this.#advance(logins, stream, stanza, attempt);
      else await this.#upgrade(logins, stream, stanza, attempt, upgrade);
    } catch (error) {
      // Once it is authenticated there is no way back to a failure.
      if (error instanceof StreamError || stream.account !== null) throw error;
      this.#requests.delete(stream);
      stream.send(failure(await logins.failed(stream, attempt, error)));
      stream.claim(null);
      // XEP-0388 4.8: there is no other try after a task.
      if (upgrade !== null) stream.close();
      else logins.checkTries(attempt);
    }
  }

  async #advance(logins: Logins, stream: NegotiatingStream, stanza: Stanza, attempt: Attempt): Promise<void> {
    const step = await this.#step(logins, stream, stanza, attempt);
    // XEP-0388 2.4: nothing but the answer may come now.
    if (step.kind === "challenge") {
      stream.claim(this);
      stream.send(el("challenge", NS_SASL2, undefined, encodeData(step.data)));
      return;
    }
    const wanted = await this.#wantedUpgrades(logins, stream, attempt, step.account);
    if (wanted.length === 0) {
      await this.#succeed(logins, stream, attempt, step);
      return;
    }
    logins.admit(stream, attempt, step);
    const upgrade = new Upgrade(stream, step.account, attempt.mark, wanted);
    this.#requests.get(stream)!.upgrade = upgrade;
    stream.claim(this);
    stream.send(upgrade.ask(step.data));
  }

  /** Only who has just proved the password may add keys for it; who has sent it has added them already. */
  async #wantedUpgrades(
    logins: Logins,
    stream: NegotiatingStream,
    { mechanism }: Attempt,
    account: Jid,
  ): Promise<ScramMechanism[]> {
    if (mechanism?.name.startsWith("SCRAM-") !== true) return [];
    const { element } = this.#requests.get(stream)!;
    if (element.child("upgrade", NS_UPGRADE) === undefined) return [];
    return wantedUpgrades(element, logins.allowed(await stream.core.accounts.missingKeys.of(account)));
  }

  async #upgrade(
    logins: Logins,
    stream: NegotiatingStream,
    stanza: Stanza,
    attempt: Attempt,
    upgrade: Upgrade,
  ): Promise<void> {
    if (stanza.name === "authenticate") throw new StreamError("policy-violation", "an authentication is under way");
    const next = await upgrade.take(stanza);
    if (next !== null) stream.send(next);
    else await this.#succeed(logins, stream, attempt, { kind: "success", account: upgrade.account });
  }

  #step(logins: Logins, stream: NegotiatingStream, stanza: Stanza, attempt: Attempt): SaslStep | Promise<SaslStep> {
    const { element } = stanza;
    switch (stanza.name) {
      case "authenticate": {
        if (this.#requests.has(stream)) throw new StreamError("policy-violation", "an authentication is under way");
        const request = this.#read(element);
        this.#requests.set(stream, request);
        const exchange = logins.begin(stream, attempt, {
          name: element.attr("mechanism") ?? "",
          agentId: request.userAgent.agentId,
          from: stream.from,
          more: request.tokens?.isUsed === true ? (fastOn(this.#context.host)?.mechanisms(stream) ?? []) : [],
        });
        const initial = element.childText("initial-response");
        return initial === undefined
          ? { kind: "challenge", data: Buffer.alloc(0) }
          : exchange.step(decodeData(initial));
      }
      case "response":
        if (attempt.exchange === null) throw new SaslError("malformed-request", "there is no exchange");
        return attempt.exchange.step(decodeData(element.text));
      default:
        throw new SaslError("aborted");
    }
  }

  #read(element: Element): Request {
    return {
      element,
      userAgent: readUserAgent(element),
      tokens: fastOn(this.#context.host)?.read(element) ?? null,
      upgrade: null,
    };
  }

  async #succeed(
    logins: Logins,
    stream: NegotiatingStream,
    attempt: Attempt,
    step: SaslStep & { kind: "success" },
  ): Promise<void> {
    const { account, data } = step;
    const request = this.#requests.get(stream)!;
    const mechanism = attempt.mechanism?.name ?? "";
    logins.admit(stream, attempt, step);
    const { agent, token } = await this.#note(stream, request, mechanism, step);
    // Once more: it was away at the store.
    logins.admit(stream, attempt, step);
    this.#requests.delete(stream);
    stream.claim(null);
    logins.done(stream, account);
    stream.authenticate(account, mechanism, { mark: attempt.mark, agent, isInPlace: true });
    const login = new Login(stream, request.element, data);
    if (token !== undefined) login.add(token);
    for (const feature of this.#context.host.inlineFeatures) {
      const [ns, name] = feature.handles;
      const wanted = request.element.child(name, ns);
      if (wanted !== undefined && !login.isFinished) await feature.perform(login, wanted);
    }
    login.finish();
  }

  /** Writes down who logged in, and what becomes of its tokens. Throws SaslError. */
  async #note(
    stream: NegotiatingStream,
    { userAgent, tokens }: Request,
    mechanism: string,
    { account, client, isGuest, token: used }: SaslStep & { kind: "success" },
  ): Promise<{ readonly agent: ClientAgent | null; readonly token?: Element | undefined }> {
    const { agentId, software, device } = userAgent;
    if (agentId === null || isGuest === true) return { agent: null };
    const { clients } = stream.core;
    const id = client?.id ?? clients.idOf(account, agentId);
    const agent = { id, software, device };
    const tokensHere = fastOn(this.#context.host);
    const issued = tokens === null ? null : (tokensHere?.tokenFor(stream, tokens, used ?? null) ?? null);
    const login = {
      ...agent,
      mechanism,
      address: stream.address,
      isPassword: provesPassword(mechanism),
      used: used === undefined ? null : { nonce: used.nonce, count: tokens?.count ?? null },
      isInvalidated: tokens?.isInvalidated ?? false,
      issued,
    };
    const outcome = await clients.login(account, login, client ?? (await clients.find(account, id)));
    if (outcome !== "noted") throw new SaslError("not-authorized");
    return { agent, token: issued === null ? undefined : tokensHere?.element(account, id, issued) };
  }
}

/** XEP-0388 2.6.1: the success, with what came of the inline requests. */
class Login implements InlineLogin {
  readonly stream: NegotiatingStream;
  readonly request: Element;
  isFinished = false;
  readonly #data: Buffer | undefined;
  readonly #added: Element[] = [];

  constructor(stream: NegotiatingStream, request: Element, data: Buffer | undefined) {
    this.stream = stream;
    this.request = request;
    this.#data = data;
  }

  add(element: Element): void {
    this.#added.push(element);
  }

  finish(isResumed = false): void {
    if (this.isFinished) return;
    this.isFinished = true;
    const { account, session } = this.stream;
    this.stream.send(
      el(
        "success",
        NS_SASL2,
        undefined,
        this.#data && el("additional-data", NS_SASL2, undefined, encodeData(this.#data)),
        el("authorization-identifier", NS_SASL2, undefined, session?.jid.full ?? account?.full),
        ...this.#added,
      ),
    );
    // XEP-0198 6.2: after a resumption the stream is complete.
    if (!isResumed) this.stream.offerFeatures();
  }
}

function failure({ condition, text }: SaslError): Element {
  const explanation = text === undefined ? undefined : el("text", NS_SASL2, undefined, text);
  return el("failure", NS_SASL2, undefined, el(condition, NS.sasl), explanation);
}

export const sasl2 = defineModule({
  name: "sasl2",
  summary: "Logs clients in with fewer round trips: what they want next comes with the login.",
  xeps: [
    { number: 388, version: "1.0.4", note: "On encrypted streams. The only tasks are upgrades (XEP-0480)." },
    {
      number: 480,
      version: "0.2.0",
      note: "SCRAM, for accounts whose keys another server has derived; all others have keys for every mechanism.",
    },
  ],
  requires: ["sasl"],
  options: z.strictObject({}),
  start(context) {
    context.streamFeature(new Sasl2Feature(context));
  },
});
