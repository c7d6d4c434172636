import { languageTagOf } from "../../lib/contracts/language-tag.ts";
import type { Carrier } from "../net/carrier.ts";
import type { ChannelBindings } from "../net/channel-binding.ts";
import type { TlsServerOptions } from "../net/connection.ts";
import { type StreamOwner, XmppStream } from "../net/stream.ts";
import type { Element } from "../xmpp/element.ts";
import { StanzaError, StreamError } from "../xmpp/errors.ts";
import { Jid } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import type { StreamHeader } from "../xmpp/parser.ts";
import { errorReply } from "../xmpp/reply.ts";
import { serialize } from "../xmpp/serializer.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import { bindSession, type ConflictRule } from "./binding.ts";
import type { Core } from "./core.ts";
import type { Host } from "./host.ts";
import type { Log } from "./log.ts";
import type { StreamFeature } from "./module.ts";
import type { ClientAgent, LoginDetails, NegotiatingStream, NegotiationSettings } from "./negotiation.ts";
import type { LoginMark } from "./revocations.ts";
import { endSession, loseConnection } from "./session-end.ts";
import type { Session, Transport } from "./session.ts";
import type { LoginThrottle } from "./throttle.ts";

/** What all client streams share. */
export interface ClientStreams {
  readonly core: Core;
  readonly settings: NegotiationSettings;
  readonly throttle: LoginThrottle;
  readonly log: Log;
  /** TLS for a stream that asks for it; undefined when there is no certificate for the host. */
  tlsFor(host: string): TlsServerOptions | undefined;
  fillsIn(stream: ClientStream): void;
  bound(stream: ClientStream): void;
  closed(stream: ClientStream): void;
}

/** A client's stream from its first header to its end: negotiates features and then feeds the session (RFC 6120 4.3). */
export class ClientStream implements NegotiatingStream, StreamOwner {
  readonly #shared: ClientStreams;
  readonly #stream: XmppStream;
  #host: Host | null = null;
  #bindings: ChannelBindings | null = null;
  account: Jid | null = null;
  mechanism = "";
  session: Session | null = null;
  from: Jid | null = null;
  agent: ClientAgent | null = null;
  #mark: LoginMark = 0;
  language: string | null = null;
  /** The feature that is in the middle of something: nothing else may come (XEP-0388 2.4). */
  #busy: StreamFeature | null = null;

  constructor(carrier: Carrier, shared: ClientStreams) {
    this.#shared = shared;
    this.#stream = new XmppStream(carrier, this);
  }

  open(): void {
    this.#stream.open();
  }

  get core(): Core {
    return this.#shared.core;
  }

  get settings(): NegotiationSettings {
    return this.#shared.settings;
  }

  get throttle(): LoginThrottle {
    return this.#shared.throttle;
  }

  get host(): Host {
    if (this.#host === null) throw new StreamError("host-unknown");
    return this.#host;
  }

  /** null before the first header. */
  get hostName(): string | null {
    return this.#host === null ? null : this.#host.name;
  }

  get address(): string {
    return this.#stream.address;
  }

  get port(): number {
    return this.#stream.port;
  }

  get transport(): Transport {
    return this.#stream.transport;
  }

  get isSecure(): boolean {
    return this.#stream.isSecure;
  }

  get mayStartTls(): boolean {
    return this.transport === "tcp" && this.#shared.tlsFor(this.host.name) !== undefined;
  }

  get certified(): readonly Jid[] {
    return this.#stream.certified.flatMap((text) => {
      const jid = Jid.tryParse(text);
      const isAccount = jid !== undefined && jid.local !== "" && jid.resource === "" && jid.domain === this.host.name;
      return isAccount ? [jid] : [];
    });
  }

  get bindings(): ChannelBindings | null {
    return (this.#bindings ??= this.#stream.bindings);
  }

  send(element: Element | Stanza): void {
    this.#stream.write(element.toString());
  }

  flushApart(ms: number): void {
    this.#stream.flushApart(ms);
  }

  fillsIn(): void {
    this.#shared.fillsIn(this);
  }

  startTls(): void {
    const options = this.#shared.tlsFor(this.host.name);
    if (options === undefined) throw new StreamError("internal-server-error", "no certificate");
    this.#stream.startTls(options);
  }

  authenticate(account: Jid, mechanism: string, login: LoginDetails): void {
    this.account = account;
    this.mechanism = mechanism;
    this.agent = login.agent ?? null;
    this.#mark = login.mark;
    this.#bindings = null;
    this.#stream.trust(this.#shaper());
    if (login.isInPlace !== true) this.#stream.restart();
  }

  claim(feature: StreamFeature | null): void {
    this.#busy = feature;
  }

  bind(resource: string, conflict: ConflictRule, answer: (session: Session) => void): void | Promise<void> {
    const { account, agent, core, host, mechanism } = this;
    if (account === null || this.session !== null) throw StanzaError.of("not-allowed");
    this.#checkMark(account);
    const session = bindSession(core, { host, account, mechanism, agent, link: this.#stream }, resource, conflict);
    this.session = session;
    this.#shared.bound(this);
    answer(session);
    this.#shared.log.info("session bound", { jid: session.jid.full, address: this.address, mechanism });
    const pending = host.hooks.fire("session/bound", { session });
    return pending instanceof Promise ? pending.then(() => undefined) : undefined;
  }

  resume(session: Session): void {
    if (this.account === null || this.session !== null) throw StanzaError.of("unexpected-request");
    const isItsOwn = session.host === this.host && session.bare.bare === this.account.bare;
    if (!isItsOwn || session.isClosed || session.detachedAt === null || this.#stream.isClosed)
      throw StanzaError.of("item-not-found");
    this.#checkMark(this.account);
    this.session = session;
    session.attach(this.#stream, this.core.clock.now());
    this.#shared.bound(this);
    this.#shared.log.info("session resumed", { jid: session.jid.full, address: this.address });
  }

  close(error?: StreamError): void {
    this.#stream.close(error);
  }

  destroy(reason: string): void {
    this.#stream.destroy(reason);
  }

  /** Applies the shaper that the policy in force gives the account. */
  reshape(): void {
    if (this.account !== null) this.#stream.shape(this.#shaper());
  }

  /** The host is the first header's for good: a later one must name the same (CVE-2018-10847). */
  opening(header: StreamHeader): string {
    if (header.to === undefined) throw new StreamError("improper-addressing", "the stream names no host");
    const to = Jid.tryParse(header.to);
    if (to === undefined || to.full !== to.domain) throw new StreamError("host-unknown");
    const host = this.core.hosts.get(to.domain);
    if (host === undefined) throw new StreamError("host-unknown");
    if (this.#host !== null && this.#host !== host) throw new StreamError("host-unknown", "another host than before");
    if (!host.enabled) throw new StreamError("host-gone", "the host is switched off");
    // Who logs in on a connection that was there already opens its stream anew, and is let through.
    if (host.isDraining && this.#host === null)
      throw new StreamError("host-gone", "the host is about to be switched off");
    this.#host = host;
    this.from = peerOf(header, host);
    this.language = languageTagOf(header.lang);
    return host.name;
  }

  /** Sends what can be negotiated now, in the order of XEP-0170. */
  opened(): void {
    this.core.metrics.streamsOpened += 1;
    let pending: Promise<void>[] | undefined;
    for (const feature of this.host.streamFeatures) {
      const work = this.#isOpenFor(feature) ? feature.prepare?.(this) : undefined;
      if (work !== undefined) (pending ??= []).push(work);
    }
    if (pending === undefined) this.offerFeatures();
    else this.#pausedFor(Promise.all(pending).then(() => this.offerFeatures()));
  }

  offerFeatures(): void {
    let features = "";
    for (const feature of this.host.streamFeatures) {
      if (!this.#isOpenFor(feature)) continue;
      const offer = feature.offer(this);
      if (offer !== undefined) features += textOf(offer);
    }
    this.#stream.write(features === "" ? "<stream:features/>" : `<stream:features>${features}</stream:features>`);
  }

  received(stanza: Stanza): void {
    const { session } = this;
    if (session !== null && stanza.kind !== "nonza") {
      if (stanza.from !== undefined) checkFrom(stanza.from, session);
      session.receive(this.#inItsLanguage(stanza), this.core.clock.now());
      return;
    }
    const feature = this.#featureFor(stanza);
    if (this.#busy !== null && feature !== this.#busy)
      throw new StreamError("policy-violation", "an authentication is under way");
    if (feature === undefined) throw new StreamError(session === null ? "not-authorized" : "unsupported-stanza-type");
    if (!this.#isOpenFor(feature)) this.#refuse(feature, stanza);
    else this.#negotiate(feature, stanza);
  }

  settle(end: () => void): void {
    if (this.session === null) end();
    else this.session.whenIdle(end);
  }

  finished(): void {
    this.session?.closedByClient();
  }

  closed(reason: string, isLost: boolean): void {
    this.#shared.closed(this);
    const { session } = this;
    // Another stream may have taken the session over.
    if (session === null || session.link !== this.#stream) return;
    if (isLost) loseConnection(this.core, session, reason);
    else endSession(this.core, session, reason);
  }

  faulted(error: unknown): void {
    this.core.log.error("a client stream failed", {
      address: this.address,
      jid: this.session?.jid.full ?? this.account?.bare ?? "",
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  /** The one gate: where TLS is required, nothing but what brings it about happens without it. */
  #isOpenFor(feature: StreamFeature): boolean {
    return this.isSecure || this.settings.starttls === "optional" || feature.isAllowedBeforeTls === true;
  }

  #featureFor(stanza: Stanza): StreamFeature | undefined {
    if (stanza.kind === "nonza") return this.host.featureFor(stanza.ns, stanza.name);
    const child = stanza.kind === "iq" ? stanza.children[0] : undefined;
    return child === undefined ? undefined : this.host.featureFor(child.ns, child.name);
  }

  #refuse(feature: StreamFeature, stanza: Stanza): void {
    if (feature.refuse !== undefined) feature.refuse(this, stanza);
    else if (stanza.kind === "iq") this.send(errorReply(stanza, StanzaError.of("policy-violation", "TLS is required")));
    else throw new StreamError("policy-violation", "TLS is required");
  }

  /** One step at a time: nothing further is read while a feature is busy. */
  #negotiate(feature: StreamFeature, stanza: Stanza): void {
    let pending: void | Promise<void>;
    try {
      pending = feature.handle(this, stanza);
    } catch (error) {
      this.#failed(stanza, error);
      return;
    }
    if (pending !== undefined) this.#pausedFor(pending.catch((error: unknown) => this.#failed(stanza, error)));
  }

  #pausedFor(work: Promise<void>): void {
    this.#stream.pauseReading();
    work.finally(() => this.#stream.resumeReading()).catch((error: unknown) => this.#stream.fail(error));
  }

  #failed(stanza: Stanza, error: unknown): void {
    if (!(error instanceof StanzaError)) this.#stream.fail(error);
    else if (stanza.kind === "iq") this.send(errorReply(stanza, error));
    // The payload of an iq, without the iq.
    else this.#stream.fail(new StreamError("unsupported-stanza-type"));
  }

  // RFC 6120 8.1.5: whoever gets it would take it for one in the language of their own stream.
  #inItsLanguage(stanza: Stanza): Stanza {
    if (this.language === null || this.language === ownLanguage || stanza.lang !== undefined) return stanza;
    return stanza.with({ "xml:lang": this.language });
  }

  #checkMark(account: Jid): void {
    if (this.core.accounts.revocations.isRevokedSince(account, this.#mark))
      throw new StreamError("not-authorized", "The account was suspended, removed or given another password.");
  }

  #shaper(): { rate: number; burst: number } | null {
    return this.core.policy.shaper("c2s_shaper", { jid: this.account, ip: this.address, host: this.host.name });
  }
}

const texts = new WeakMap<Element, string>();

/** Most features say the same to everybody, in one element that they keep. */
function textOf(offer: Element): string {
  let text = texts.get(offer);
  if (text === undefined) texts.set(offer, (text = serialize(offer, NS.client)));
  return text;
}

/** Of our own headers. */
const ownLanguage = "en";

/** The account that a client says it is about to log in to; a hint at most (RFC 6120 4.7.1). */
function peerOf({ from }: StreamHeader, host: Host): Jid | null {
  const jid = from === undefined ? undefined : Jid.tryParse(from);
  if (jid === undefined) return null;
  if (jid.domain !== host.name) throw new StreamError("invalid-from");
  return jid.local === "" ? null : jid.toBare();
}

// RFC 6120 8.1.2.1: the client may say who it is, and nothing else.
function checkFrom(from: string, session: Session): void {
  if (from === session.jid.full || from === session.bare.full) return;
  const jid = Jid.tryParse(from);
  if (jid === undefined || (!jid.equals(session.jid) && !jid.equals(session.bare)))
    throw new StreamError("invalid-from");
}
