import type { Carrier, TlsFacts } from "../../net/carrier.ts";
import { type StreamOwner, XmppStream } from "../../net/stream.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { StreamHeader } from "../../xmpp/parser.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { inStreamNamespace } from "../content-namespace.ts";
import type { Host } from "../host.ts";
import type { Packet } from "../router.ts";
import { LinkFault } from "./fault.ts";
import type { Federation } from "./federation.ts";
import { conditionOf, domainOf } from "./incoming-stream.ts";
import { Intake } from "./intake.ts";
import type { LinkKeeper } from "./keeper.ts";
import type { DomainPair, OutgoingNegotiation, Proof, ServerFeature } from "./negotiation.ts";
import type { ServerStreams } from "./server-streams.ts";

/** Whose stream it is. */
export interface OutgoingOwner {
  /** There is something to send, so that we have to prove who we are. */
  readonly isProofWanted: boolean;
  /** What the stream before it had not confirmed, as long as that may be resumed. */
  readonly lost: LinkKeeper | null;
  /** It is the new stream's by now, or never will be. */
  continued(stream: OutgoingStream): void;
  /** It is as safe as it gets: questions that need no proof may be asked. */
  secured(stream: OutgoingStream): void;
  /** It takes stanzas. */
  opened(stream: OutgoingStream): void;
  /** It is over, and why. Called once. */
  ended(stream: OutgoingStream, fault: LinkFault): void;
}

/** A stream that this server began, for one pair of domains: it proves who we are, and then takes stanzas. */
export class OutgoingStream implements OutgoingNegotiation, StreamOwner {
  readonly local: string;
  readonly remote: string;
  readonly #shared: ServerStreams;
  readonly #owner: OutgoingOwner;
  readonly #federation: Federation;
  readonly #stream: XmppStream;
  readonly #intake: Intake;
  /** What the peer has offered, and which of our features comes next. */
  #features: Stanza | null = null;
  #next = 0;
  /** The feature that waits for an answer. */
  #busy: ServerFeature | null = null;
  /** Nothing is left but to prove who we are, once somebody wants it. */
  isHeld = false;
  #isSecured = false;
  #isOpen = false;
  #fault: LinkFault | null = null;
  #hasEnded = false;
  id = "";
  isBidirectional = false;
  keeper: LinkKeeper | null = null;
  proof: Proof | null = null;
  sent = 0;

  constructor(
    carrier: Carrier,
    { local, remote }: DomainPair,
    federation: Federation,
    shared: ServerStreams,
    owner: OutgoingOwner,
  ) {
    this.local = local;
    this.remote = remote;
    this.#federation = federation;
    this.#shared = shared;
    this.#owner = owner;
    this.#stream = new XmppStream(carrier, this, NS.server);
    this.#intake = new Intake(this.#stream, shared.router);
  }

  open(): void {
    this.#stream.initiate(this.local, this.remote);
  }

  get host(): Host {
    return this.#federation.host;
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

  /** Whether the peer has answered at all. */
  get hasFeatures(): boolean {
    return this.#features !== null;
  }

  get isSecured(): boolean {
    return this.#isSecured;
  }

  /** Stanzas of the peer, on a stream that goes both ways. */
  get taken(): number {
    return this.#intake.received;
  }

  isCertifiedFor(domain: string): boolean {
    return this.#stream.isCertifiedFor(domain);
  }

  write(xml: string): void {
    if (!this.#stream.isClosed) this.#stream.write(xml);
  }

  send(packet: Packet): void {
    this.sent += 1;
    this.write(inStreamNamespace(packet.stanza));
    this.keeper?.written(packet);
  }

  get isClosed(): boolean {
    return this.#stream.isClosed;
  }

  onceSettled(settled: (taken: number) => void): void {
    this.#intake.onceSettled(settled);
  }

  get lost(): LinkKeeper | null {
    return this.#owner.lost;
  }

  continued(): void {
    this.#owner.continued(this);
  }

  startTls(): void {
    const options = this.#shared.clientTlsFor(this, false);
    if (options === undefined) throw new StreamError("internal-server-error", "no certificate");
    this.#stream.startTls(options);
  }

  restart(): void {
    this.#stream.restart();
  }

  proved(by: Proof): void {
    this.proof = by;
    this.#stream.trust(this.#shared.shaperFor(this));
  }

  /** Somebody has something to send. */
  prove(): void {
    this.isHeld = false;
    this.proceed();
  }

  proceed(): void {
    const { features } = this.#federation;
    const offered = this.#features;
    this.#busy = null;
    if (offered === null || this.#hasEnded) return;
    while (this.#next < features.length) {
      const feature = features[this.#next]!;
      if (feature.isProof === true && !this.#mayProve()) return;
      this.#next += 1;
      if (this.#isSkipped(feature)) continue;
      this.#busy = feature;
      if (feature.begin(this, offered)) return;
      this.#busy = null;
    }
    if (this.proof === null) this.fail(new LinkFault("not-proved", "the peer takes none of our proofs"));
    else this.#opened();
  }

  fail(fault: LinkFault): void {
    this.#fault ??= fault;
    this.close(fault.code === "no-tls" ? new StreamError("policy-violation", "TLS is required") : undefined);
  }

  close(error?: StreamError): void {
    if (!this.isClosed) this.keeper?.closing(false);
    this.#stream.close(error);
  }

  destroy(reason: string): void {
    this.#stream.destroy(reason);
  }

  opening(header: StreamHeader): string {
    // Old servers leave `from` out; what counts is the certificate, or what the question of dialback comes to.
    if (header.from !== undefined && domainOf(header.from) !== this.remote) throw new StreamError("invalid-from");
    this.id = header.id ?? "";
    return this.local;
  }

  opened(): void {
    // The features are still to come.
  }

  received(element: Stanza): void {
    if (element.kind !== "nonza") {
      this.#take(element);
      return;
    }
    if (element.ns === NS.stream && element.name === "features") {
      this.#features = element;
      this.#next = 0;
      this.proceed();
      return;
    }
    if (element.ns === NS.stream && element.name === "error") {
      this.fail(new LinkFault("refused", `the peer's stream error: ${conditionOf(element)}`));
      return;
    }
    const feature = this.#federation.featureFor(element.ns, element.name);
    if (feature === undefined) throw new StreamError("unsupported-stanza-type");
    feature.answered(this, element);
  }

  settle(end: () => void): void {
    this.#intake.settle(end);
  }

  finished(): void {
    this.keeper?.closing(true);
  }

  closed(reason: string, isLost: boolean): void {
    this.#hasEnded = true;
    this.keeper?.ended(isLost);
    this.#owner.ended(this, this.#fault ?? new LinkFault(isLost ? "lost" : "closed", reason));
  }

  faulted(error: unknown): void {
    this.#shared.log.error("a stream to another server failed", {
      address: this.address,
      domain: this.remote,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  /** Which step is under way, for people. */
  get step(): string {
    return this.#busy?.name ?? (this.#features === null ? "features" : "");
  }

  // XEP-0288 2.2: only from whom we know to be the peer, which dialback does not tell us.
  #take(stanza: Stanza): void {
    if (!this.isBidirectional || this.proof === null) throw new StreamError("not-authorized");
    this.#intake.take(stanza, ({ local, remote }) => local === this.local && remote === this.remote);
  }

  #isSkipped(feature: ServerFeature): boolean {
    if (feature.isProof === true && this.proof !== null) return true;
    return !this.isSecure && feature.isAllowedBeforeTls !== true && this.#isTlsRequired;
  }

  get #isTlsRequired(): boolean {
    return this.#federation.settings.isTlsRequired(Jid.of("", this.remote));
  }

  #mayProve(): boolean {
    if (!this.isSecure && this.#isTlsRequired) {
      this.fail(new LinkFault("no-tls", "the peer offers no TLS"));
      return false;
    }
    if (!this.#isSecured) {
      this.#isSecured = true;
      this.#owner.secured(this);
    }
    this.isHeld = this.proof === null && !this.#owner.isProofWanted;
    return !this.isHeld;
  }

  #opened(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#owner.opened(this);
  }
}
