import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { TlsClientOptions, TlsServerOptions } from "../../net/connection.ts";
import { Deadlines } from "../../net/deadlines.ts";
import { dial } from "../../net/dial.ts";
import type { Rate } from "../../net/shaper.ts";
import { StreamError } from "../../xmpp/errors.ts";
import type { Clock } from "../clock.ts";
import type { Hosts } from "../hosts.ts";
import type { Log } from "../log.ts";
import type { Packet, Router } from "../router.ts";
import { LinkFault } from "./fault.ts";
import type { Federation } from "./federation.ts";
import type { Federations } from "./federations.ts";
import type { IncomingStream } from "./incoming-stream.ts";
import type { DomainPair } from "./negotiation.ts";
import { OutgoingLink } from "./outgoing-link.ts";
import type { OutgoingNetwork, Question } from "./outgoing-network.ts";
import type { OutgoingStream } from "./outgoing-stream.ts";
import { pairKey } from "./pair.ts";
import type { ServerResolver, Way } from "./resolver.ts";
import type { ServerTls } from "./server-tls.ts";

/** How other servers are found and talked to; there is none until the server listens. */
export interface LinkNetwork {
  readonly resolver: Pick<ServerResolver, "resolve">;
  readonly tls: ServerTls;
  /** Time for the TCP connection, and again for all that is negotiated on it. */
  readonly negotiationMs: number;
}

const maxLinks = 10_000;
const maxConnecting = 200;
const sweepMs = 1_000;

/** The connections with other servers, in both directions. */
export class Links implements OutgoingNetwork {
  readonly router: Router;
  readonly clock: Clock;
  readonly log: Log;
  readonly federations: Federations;
  /** Keys of dialback are made from it (XEP-0185 3). */
  readonly secret = randomBytes(32).toString("hex");
  readonly #hosts: Hosts;
  readonly #outgoing = new Map<string, OutgoingLink>();
  readonly #incoming = new Map<IncomingStream, string>();
  readonly #connecting = new Set<OutgoingLink>();
  readonly #listeners = new Set<() => void>();
  #network: LinkNetwork | null = null;
  #negotiations: Deadlines<OutgoingStream> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: { router: Router; clock: Clock; log: Log; hosts: Hosts; federations: Federations }) {
    this.router = parts.router;
    this.clock = parts.clock;
    this.log = parts.log.for("s2s");
    this.federations = parts.federations;
    this.#hosts = parts.hosts;
  }

  /** From now on links can be made. */
  open(network: LinkNetwork): void {
    this.#network = network;
    this.#negotiations = new Deadlines(network.negotiationMs, endLateNegotiation, this.clock.now);
    this.#timer = setInterval(() => this.sweep(), sweepMs).unref();
  }

  /** Takes a stanza for another server; false: the rules do not allow it, or this server makes no links. */
  send(packet: Packet): boolean {
    const pair = { local: packet.from.domain, remote: packet.to.domain };
    const known = this.#outgoing.get(pairKey(pair));
    if (known !== undefined) {
      known.send(packet);
      return true;
    }
    if (this.#network === null || !this.mayTalk(pair)) return false;
    const link = this.#linkFor(pair);
    if (link === undefined) this.router.bounce(packet, new LinkFault("overload", "").toStanzaError());
    else link.send(packet);
    return true;
  }

  /** Asks the server of `pair.remote` something that it answers without a proof of who we are. */
  ask(pair: DomainPair, question: Question): void {
    const link = this.#network === null || !this.mayTalk(pair) ? undefined : this.#linkFor(pair);
    if (link === undefined) question.failed(new LinkFault("overload", "no link can be made"));
    else link.ask(question);
  }

  /** Links from here to others. */
  outgoing(): Iterable<OutgoingLink> {
    return this.#outgoing.values();
  }

  /** Streams that others began, with the id they are called by here. */
  incoming(): Iterable<readonly [IncomingStream, string]> {
    return this.#incoming.entries();
  }

  /** Hears of each link that begins, ends, or gets into another state. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to count a stream of another server. */
  accepted(stream: IncomingStream): void {
    this.#incoming.set(stream, randomBytes(9).toString("base64url"));
    this.#tell();
  }

  /** What the passing of time brings; a timer sees to it. */
  sweep(): void {
    this.#negotiations?.sweep();
    for (const [key, link] of this.#outgoing) {
      link.sweep();
      if (link.isDone) this.#outgoing.delete(key);
    }
  }

  /** Ends what the policy does not allow any more. */
  follow(): void {
    for (const [key, link] of this.#outgoing) {
      if (this.mayTalk(link) && this.federationOf(link.local) === link.federation) continue;
      link.close(new LinkFault("policy", "the rules have changed"));
      this.#outgoing.delete(key);
    }
    for (const [stream] of this.#incoming) stream.follow();
    this.#tell();
  }

  /** The server stops: what waits is refused, and every stream is told. */
  close(): void {
    clearInterval(this.#timer);
    const shutdown = new StreamError("system-shutdown");
    for (const link of this.#outgoing.values()) link.close(new LinkFault("closed", "the server stops"), shutdown);
    this.#outgoing.clear();
    this.#network = null;
  }

  federationOf(domain: string): Federation | undefined {
    return this.federations.of(domain);
  }

  isServed(domain: string): boolean {
    return this.#hosts.entity(domain) !== undefined;
  }

  mayTalk(pair: DomainPair): boolean {
    return this.federations.mayTalk(pair);
  }

  tlsFor(local: string): TlsServerOptions | undefined {
    return this.#network?.tls.accepting(local);
  }

  clientTlsFor({ local, remote }: DomainPair, isDirect: boolean): TlsClientOptions | undefined {
    return this.#network?.tls.connecting(local, remote, isDirect);
  }

  shaperFor(pair: DomainPair): Rate | null {
    return this.federations.shaperFor(pair);
  }

  incomingProved(stream: IncomingStream, pair: DomainPair): void {
    this.log.info("a server has proved its domain", { from: pair.remote, to: pair.local, address: stream.address });
    if (stream.isBidirectional && stream.hasBegun) this.#linkFor(pair)?.adopt(stream);
    // Where it came from it can be reached again.
    else this.#outgoing.get(pairKey(pair))?.revive();
    this.#tell();
  }

  incomingContinued(stream: IncomingStream): void {
    if (!stream.isBidirectional) return;
    for (const pair of stream.pairs) this.#linkFor(pair)?.continued(stream);
  }

  incomingClosed(stream: IncomingStream, reason: string, isLost: boolean): void {
    this.#incoming.delete(stream);
    for (const pair of stream.pairs) {
      this.log.info("a server disconnected", { from: pair.remote, to: pair.local, address: stream.address, reason });
      this.#outgoing.get(pairKey(pair))?.release(stream);
      if (isLost) this.broken(pair);
    }
    this.#tell();
  }

  resolve(domain: string): Promise<readonly Way[]> {
    if (this.#network === null) return Promise.reject(new LinkFault("closed", "the server stops"));
    return this.#network.resolver.resolve(domain);
  }

  dial({ addresses, port }: Way, signal: AbortSignal): Promise<Socket> {
    const limitMs = this.#network?.negotiationMs ?? 0;
    return dial(
      addresses.map((address) => ({ address, port })),
      limitMs,
      signal,
    );
  }

  mayConnect(): boolean {
    return this.#connecting.size < maxConnecting;
  }

  negotiating(stream: OutgoingStream): void {
    this.#negotiations?.add(stream);
  }

  negotiated(stream: OutgoingStream): void {
    this.#negotiations?.delete(stream);
  }

  broken(pair: DomainPair): void {
    const isNeeded = this.#network !== null && this.mayTalk(pair) && this.#fire("remote/broken", pair) === true;
    if (isNeeded) this.#linkFor(pair)?.seek();
  }

  gone(link: OutgoingLink): void {
    void this.#fire("remote/gone", link);
  }

  back(link: OutgoingLink): void {
    void this.#fire("remote/back", link);
  }

  changed(link: OutgoingLink): void {
    if (link.state === "connecting" || link.state === "negotiating") this.#connecting.add(link);
    else this.#connecting.delete(link);
    this.#tell();
  }

  #fire<N extends "remote/broken" | "remote/gone" | "remote/back">(name: N, { local, remote }: DomainPair) {
    return this.federationOf(local)?.host.hooks.fire(name, { local, remote });
  }

  #linkFor(pair: DomainPair): OutgoingLink | undefined {
    const key = pairKey(pair);
    const known = this.#outgoing.get(key);
    if (known !== undefined) return known;
    const federation = this.federationOf(pair.local);
    if (federation === undefined || !this.#hasRoom()) return undefined;
    const link = new OutgoingLink(pair, federation, this);
    this.#outgoing.set(key, link);
    return link;
  }

  /** Whoever has domains without end checked must not take the place of links that are used. */
  #hasRoom(): boolean {
    if (this.#outgoing.size < maxLinks) return true;
    for (const [key, link] of this.#outgoing) {
      if (link.isQuiet) return this.#outgoing.delete(key);
    }
    return false;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function endLateNegotiation(stream: OutgoingStream): void {
  const where = stream.step === "" ? "" : `, in ${stream.step}`;
  stream.fail(new LinkFault("timeout", `the stream was not negotiated in time${where}`));
}
