import { z } from "zod";
import type { Core } from "../../core/core.ts";
import { defineModule } from "../../core/module.ts";
import type { NegotiatingStream } from "../../core/negotiation.ts";
import { LoginThrottle } from "../../core/throttle.ts";
import { invitationsOf } from "../../features/invitations.ts";
import { registrationPassesOf } from "../../features/registration/passes.ts";
import { registerAccount } from "../../features/registration/register-account.ts";
import {
  anyInvite,
  decide,
  decideRegistration,
  policyFacts,
  type RegistrationAttempt,
  throttleNetwork,
} from "../../features/registration/registration.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { resultReply } from "../../xmpp/reply.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { announce, announceApplication } from "./announce.ts";
import { readForm, registrationForm } from "./form.ts";
import { changeOwnAccount, showOwnAccount } from "./own-account.ts";
import { RecentNetworks } from "./recent-networks.ts";
import { refusal } from "./refusal.ts";

const NS_FEATURE = "http://jabber.org/features/iq-register";
/** Refused attempts a minute from one address, after which further ones are neither looked at nor written down. */
const refusalLimits = { perAddress: 20, perAccount: 20 };

export const register = defineModule({
  name: "register",
  summary: "Lets people make, change and remove their own accounts as far as the registration policy allows.",
  xeps: [{ number: 77, version: "2.5" }],
  options: z.strictObject({}),
  async start(ctx) {
    const { core, host } = ctx;
    const desk = new RegistrationDesk(core, host.name);
    await desk.recall();
    ctx.feature(NS.register);
    ctx.streamFeature({
      name: "register",
      order: 30,
      handles: [[NS.register, "query"]],
      offer: (stream) => (desk.mayOffer(stream) ? el("register", NS_FEATURE) : undefined),
      handle: (stream, iq) => desk.handle(stream, iq),
    });
    for (const address of ["host", "account"] as const) {
      ctx.iq(address, "get", [NS.register, "query"], (_, packet) => showOwnAccount(host.name, packet));
      ctx.iq(address, "set", [NS.register, "query"], (iq, packet) => changeOwnAccount(core, host.name, iq, packet));
    }
    ctx.hook("account/applied", async ({ user, address }) => {
      await announceApplication(core.router, host.name, core.policy.registration(host.name), user, address);
      return undefined;
    });
    ctx.hook("account/created", async ({ user, via, address }) => {
      if (via === "in-band" || via === "web")
        await announce(core.router, host.name, core.policy.registration(host.name), user, address);
      return undefined;
    });
  },
});

/** Registration by those who have not logged in yet (XEP-0077 3.1.1). */
class RegistrationDesk {
  readonly #core: Core;
  readonly #host: string;
  readonly #recent: RecentNetworks;
  readonly #refusals: LoginThrottle;
  /** Streams that made an account. */
  readonly #served = new WeakSet<NegotiatingStream>();

  constructor(core: Core, host: string) {
    this.#core = core;
    this.#host = host;
    this.#recent = new RecentNetworks(core.stores.registrations);
    this.#refusals = new LoginThrottle(core.clock, refusalLimits);
  }

  async recall(): Promise<void> {
    await registrationPassesOf(this.#core).recall();
    const policy = this.#core.policy.registration(this.#host);
    await this.#recent.recall((address) => throttleNetwork(policy, address), this.#core.clock.now());
  }

  /** Could somebody at the other end register now, under some name? */
  mayOffer(stream: NegotiatingStream): boolean {
    if (stream.account !== null || this.#isDone(stream)) return false;
    const attempt = this.#attempt(stream, "");
    const facts = policyFacts(this.#core, attempt);
    // Whoever has an invite shows it after the features are offered (XEP-0445 3).
    if (facts.policy.mode === "invite")
      return decide({ ...attempt, invite: anyInvite }, { ...facts, lastAt: null, isTaken: false }).allowed;
    const network = throttleNetwork(facts.policy, stream.address);
    const lastAt = network === null ? null : this.#recent.lastAt(network, facts.now);
    return decide(attempt, { ...facts, lastAt, isTaken: false }).allowed;
  }

  async handle(stream: NegotiatingStream, iq: Stanza): Promise<void> {
    if (stream.account !== null) throw StanzaError.of("unexpected-request", "Bind a resource first.");
    if (iq.to !== undefined && iq.to !== this.#host) throw StanzaError.of("not-allowed");
    if (iq.type === "get") await this.#showForm(stream, iq);
    else if (iq.type === "set") await this.#register(stream, iq);
    else throw StanzaError.of("bad-request");
  }

  async #showForm(stream: NegotiatingStream, iq: Stanza): Promise<void> {
    const verdict = await decideRegistration(this.#core, this.#attempt(stream, ""));
    if (!verdict.allowed) throw refusal(verdict);
    stream.fillsIn();
    stream.send(resultReply(iq, registrationForm(this.#core.policy.registration(this.#host))));
  }

  async #register(stream: NegotiatingStream, iq: Stanza): Promise<void> {
    const query = iq.payload!;
    if (query.child("remove") !== undefined) throw StanzaError.of("unexpected-request");
    if (this.#isDone(stream)) throw StanzaError.of("not-acceptable", "This stream has made its account.");
    const { username, password, message } = readForm(query);
    if (username === "" || password === "")
      throw StanzaError.of("not-acceptable", "Both a user name and a password are needed.");
    if (this.#refusals.check(stream.address, this.#host) !== null)
      throw StanzaError.of("resource-constraint", "Too many attempts. Try again in a minute.");
    const language = iq.lang ?? stream.language ?? undefined;
    const attempt = { ...this.#attempt(stream, username), password, message, language };
    const verdict = await registerAccount(this.#core, attempt, "in-band");
    if (!verdict.allowed) {
      this.#refusals.failed(stream.address, this.#host);
      throw refusal(verdict);
    }
    this.#served.add(stream);
    const network = throttleNetwork(this.#core.policy.registration(this.#host), stream.address);
    if (network !== null && attempt.invite === null) this.#recent.note(network, this.#core.clock.now());
    stream.send(resultReply(iq));
  }

  /** A second account of one stream is not acceptable (XEP-0077 3.1.1), unless addresses make them without a pause too. */
  #isDone(stream: NegotiatingStream): boolean {
    const { timeout } = this.#core.policy.registration(this.#host);
    return timeout !== "infinity" && timeout !== 0 && this.#served.has(stream);
  }

  #attempt(stream: NegotiatingStream, local: string): RegistrationAttempt {
    const invite = invitationsOf(this.#core).shownBy(stream);
    return { host: this.#host, address: stream.address, isSecure: stream.isSecure, local, invite };
  }
}
