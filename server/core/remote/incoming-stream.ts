import type { Carrier, TlsFacts } from "../../net/carrier.ts";
import { type StreamOwner, XmppStream } from "../../net/stream.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { StreamHeader } from "../../xmpp/parser.ts";
import { serialize } from "../../xmpp/serializer.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { inStreamNamespace } from "../content-namespace.ts";
import type { Host } from "../host.ts";
import type { Packet } from "../router.ts";
import type { Federation } from "./federation.ts";
import { Intake } from "./intake.ts";
import type { LinkKeeper } from "./keeper.ts";
import type { DomainPair, IncomingNegotiation, Proof, ServerFeature } from "./negotiation.ts";
import { pairKey } from "./pair.ts";
import type { ServerStreams } from "./server-streams.ts";

/** Pairs of domains that share one connection (XEP-0220 2.2.2). */
const maxPairs = 100;

/** Whose stream it is. */
export interface IncomingOwner {
  /** The peer speaks for a domain, and is no stranger any more. */
  proved(stream: IncomingStream): void;
}

/** A stream that another server began: it proves which domains it speaks for, and then sends stanzas (RFC 6120 4.3). */
export class IncomingStream implements IncomingNegotiation, StreamOwner {
  readonly since: number;
  readonly #shared: ServerStreams;
  readonly #owner: IncomingOwner;
  readonly #stream: XmppStream;
  readonly #intake: Intake;
  readonly #pairs = new Map<string, DomainPair & { readonly proof: Proof }>();
  #federation: Federation | null = null;
  #local = "";
  #remote: string | null = null;
  #hasOpened = false;
  #isRestarting = false;
  isBidirectional = false;
  keeper: LinkKeeper | null = null;
  /** All that had to be negotiated is: nothing is sent back over it before (XEP-0288), for that would not be kept. */
  hasBegun = false;
  sent = 0;

  constructor(carrier: Carrier, shared: ServerStreams, owner: IncomingOwner) {
    this.#shared = shared;
    this.#owner = owner;
    this.#stream = new XmppStream(carrier, this, NS.server);
    this.#intake = new Intake(this.#stream, shared.router);
    this.since = shared.clock.now();
  }

  open(): void {
    this.#stream.open();
  }

  get host(): Host {
    return this.#negotiated.host;
  }

  get local(): string {
    return this.#local;
  }

  get remote(): string | null {
    return this.#remote;
  }

  get id(): string {
    return this.#stream.id;
  }

  get address(): string {
    return this.#stream.address;
  }

  get isSecure(): boolean {
    return this.#stream.isSecure;
  }

  get tls(): TlsFacts | null {
    return this.#stream.tls;
  }

  get isClosed(): boolean {
    return this.#stream.isClosed;
  }

  get taken(): number {
    return this.#intake.received;
  }

  /** Which domains talk over it, and how the peer has proved its own. */
  get pairs(): Iterable<DomainPair & { readonly proof: Proof }> {
    return this.#pairs.values();
  }

  get mayStartTls(): boolean {
    return !this.isSecure && this.#shared.tlsFor(this.#local) !== undefined;
  }

  get isTlsRequired(): boolean {
    return this.#remote === null || this.#negotiated.settings.isTlsRequired(Jid.of("", this.#remote));
  }

  isCertifiedFor(domain: string): boolean {
    return this.#stream.isCertifiedFor(domain);
  }

  write(xml: string): void {
    if (!this.isClosed) this.#stream.write(xml);
  }

  /** A stanza for the peer, on a stream that goes both ways. */
  send(packet: Packet): void {
    this.sent += 1;
    this.write(inStreamNamespace(packet.stanza));
    this.keeper?.written(packet);
  }

  onceSettled(settled: (taken: number) => void): void {
    this.#intake.onceSettled(settled);
  }

  continued(): void {
    this.hasBegun = true;
    this.#shared.incomingContinued(this);
  }

  startTls(): void {
    const options = this.#shared.tlsFor(this.#local);
    if (options === undefined) throw new StreamError("internal-server-error", "no certificate");
    this.#stream.startTls(options);
  }

  restart(): void {
    this.#isRestarting = true;
    this.#stream.restart();
  }

  isProved(pair: DomainPair): boolean {
    return this.#pairs.has(pairKey(pair));
  }

  prove(pair: DomainPair, by: Proof): void {
    if (this.#pairs.size >= maxPairs) throw new StreamError("policy-violation", "too many domains on one connection");
    const isFirst = this.#pairs.size === 0;
    this.#pairs.set(pairKey(pair), { ...pair, proof: by });
    if (isFirst) {
      this.#stream.trust(this.#shared.shaperFor(pair));
      this.#owner.proved(this);
    }
    // Until its new header is answered, a stream that goes both ways takes no stanzas.
    if (!this.#isRestarting) this.#shared.incomingProved(this, pair);
  }

  /** Applies the shaper that the policy in force gives the peer, or ends what it does not allow any more. */
  follow(): void {
    for (const pair of this.#pairs.values()) {
      if (!this.#shared.mayTalk(pair)) {
        this.close(new StreamError("policy-violation", "the rules have changed"));
        return;
      }
    }
    const [first] = this.#pairs.values();
    if (first !== undefined) this.#stream.shape(this.#shared.shaperFor(first));
  }

  close(error?: StreamError): void {
    if (!this.isClosed) this.keeper?.closing(false);
    this.#stream.close(error);
  }

  destroy(reason: string): void {
    this.#stream.destroy(reason);
  }

  /** The domains are the first header's for good (CVE-2018-10847). */
  opening(header: StreamHeader): string {
    const local = domainOf(header.to);
    if (local === null) throw new StreamError("host-unknown");
    const federation = this.#shared.federationOf(local);
    if (federation === undefined) throw new StreamError("host-unknown", "no connections from servers are taken");
    if (!federation.host.enabled) throw new StreamError("host-gone", "the host is switched off");
    const remote = header.from === undefined ? null : domainOf(header.from);
    if (header.from !== undefined && remote === null) throw new StreamError("invalid-from");
    if (remote !== null && this.#shared.isServed(remote)) throw new StreamError("invalid-from");
    if (this.#hasOpened && (local !== this.#local || remote !== this.#remote))
      throw new StreamError("invalid-from", "other domains than before");
    if (remote !== null && !this.#shared.mayTalk({ local, remote }))
      throw new StreamError("policy-violation", "the rules do not allow it");
    this.#hasOpened = true;
    this.#local = local;
    this.#remote = remote;
    this.#federation = federation;
    return local;
  }

  opened(): void {
    let features = "";
    for (const feature of this.#negotiated.features) {
      if (!this.#isOpenFor(feature)) continue;
      const offer = feature.offer(this);
      if (offer !== undefined) features += serialize(offer, NS.client);
    }
    this.write(features === "" ? "<stream:features/>" : `<stream:features>${features}</stream:features>`);
    if (!this.#isRestarting) return;
    this.#isRestarting = false;
    for (const pair of this.#pairs.values()) this.#shared.incomingProved(this, pair);
  }

  received(element: Stanza): void {
    if (element.kind !== "nonza") {
      if (this.#pairs.size === 0) throw new StreamError("not-authorized");
      if (!this.hasBegun) this.continued();
      this.#intake.take(element, (pair) => this.isProved(pair));
      return;
    }
    if (element.ns === NS.stream && element.name === "error") {
      // RFC 6120 4.9.1.1: there is nothing to go back to.
      this.keeper?.ended(false);
      this.destroy(`the peer's stream error: ${conditionOf(element)}`);
      return;
    }
    const feature = this.#negotiated.featureFor(element.ns, element.name);
    if (feature === undefined) throw new StreamError("unsupported-stanza-type");
    if (!this.#isOpenFor(feature)) throw new StreamError("policy-violation", "TLS is required");
    const pending = feature.handle(this, element);
    pending?.catch((error: unknown) => this.#stream.fail(error));
  }

  settle(end: () => void): void {
    this.#intake.settle(end);
  }

  finished(): void {
    this.keeper?.closing(true);
  }

  closed(reason: string, isLost: boolean): void {
    this.keeper?.ended(isLost);
    this.#shared.incomingClosed(this, reason, isLost);
  }

  faulted(error: unknown): void {
    this.#shared.log.error("a stream of another server failed", {
      address: this.address,
      domain: this.#remote,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  get #negotiated(): Federation {
    if (this.#federation === null) throw new StreamError("host-unknown");
    return this.#federation;
  }

  #isOpenFor(feature: ServerFeature): boolean {
    return this.isSecure || feature.isAllowedBeforeTls === true || !this.isTlsRequired;
  }
}

/** The prepared domain in a header; null: it is no domain. */
export function domainOf(text: string | undefined): string | null {
  const jid = Jid.tryParse(text ?? "");
  return jid === undefined || jid.full !== jid.domain ? null : jid.domain;
}

/** What a stream error of the peer says (RFC 6120 4.9.2). */
export function conditionOf(error: Stanza): string {
  const names = error.children.filter(({ ns, name }) => ns === NS.streams && name !== "text").map(({ name }) => name);
  return names[0] ?? "undefined-condition";
}
