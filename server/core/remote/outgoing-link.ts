import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { Connection } from "../../net/connection.ts";
import type { StreamError } from "../../xmpp/errors.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Packet } from "../router.ts";
import { BackOff } from "./back-off.ts";
import { LinkFault } from "./fault.ts";
import type { Federation } from "./federation.ts";
import type { DomainPair, OutgoingNegotiation } from "./negotiation.ts";
import { type OutgoingOwner, OutgoingStream } from "./outgoing-stream.ts";
import type { Way } from "./resolver.ts";
import type { ServerStreams } from "./server-streams.ts";
import { StanzaQueue } from "./stanza-queue.ts";

/** What links need of the world. */
export interface OutgoingNetwork extends ServerStreams {
  resolve(domain: string): Promise<readonly Way[]>;
  dial(way: Way, signal: AbortSignal): Promise<Socket>;
  /** Takes a place among those that are being connected; false: there is none. */
  mayConnect(): boolean;
  /** It is being negotiated from now on, for a limited time. */
  negotiating(stream: OutgoingStream): void;
  /** It has come to something, or to nothing. */
  negotiated(stream: OutgoingStream): void;
  changed(link: OutgoingLink): void;
}

/** What stanzas go out by: a stream of our own, or one of the peer's that goes both ways. */
export interface StanzaCarrier {
  send(stanza: Stanza): void;
}

/** Somebody who wants to ask the peer something that needs no proof. */
export interface Question {
  ask(stream: OutgoingNegotiation): void;
  failed(fault: LinkFault): void;
}

/** `unproved`: there is a stream, and nothing was to be sent yet that we would have to prove who we are for. */
export type LinkState = "idle" | "connecting" | "negotiating" | "unproved" | "open" | "waiting";

/** How long what went wrong is remembered once nothing waits. */
const memoryMs = 600_000;

/** The way from one domain here to one elsewhere: what is to be sent, what waits, and what went wrong. */
export class OutgoingLink implements DomainPair, OutgoingOwner {
  readonly id = randomBytes(9).toString("base64url");
  readonly local: string;
  readonly remote: string;
  readonly federation: Federation;
  readonly #network: OutgoingNetwork;
  readonly #queue = new StanzaQueue();
  #questions: Question[] = [];
  #state: LinkState = "idle";
  #since: number;
  #stream: OutgoingStream | null = null;
  #carrier: StanzaCarrier | null = null;
  #attempt: AbortController | null = null;
  #ways: readonly Way[] = [];
  readonly #backOff = new BackOff();
  #fault: { readonly fault: LinkFault; readonly at: number } | null = null;
  #usedAt: number;
  sent = 0;

  constructor({ local, remote }: DomainPair, federation: Federation, network: OutgoingNetwork) {
    this.local = local;
    this.remote = remote;
    this.federation = federation;
    this.#network = network;
    this.#since = this.#usedAt = network.clock.now();
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Since when it is in this state. */
  get since(): number {
    return this.#since;
  }

  get stream(): OutgoingStream | null {
    return this.#stream;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get queuedLength(): number {
    return this.#queue.length;
  }

  /** When it is tried again; null: nothing is to be tried. */
  get retryAt(): number | null {
    return this.#backOff.until;
  }

  get lastFault(): { readonly fault: LinkFault; readonly at: number } | null {
    return this.#fault;
  }

  get isProofWanted(): boolean {
    return this.#queue.size > 0;
  }

  /** There is no stream, and nothing waits for one: all that is lost with it is the memory of what went wrong. */
  get isQuiet(): boolean {
    const isStill = this.#state === "idle" || this.#state === "waiting";
    return isStill && this.#queue.size === 0 && this.#carrier === null;
  }

  /** It is quiet, and there is nothing to remember. */
  get isDone(): boolean {
    if (!this.isQuiet) return false;
    const now = this.#network.clock.now();
    return this.#backOff.isOver(now) && (this.#fault === null || now - this.#fault.at >= memoryMs);
  }

  send(packet: Packet): void {
    const now = this.#network.clock.now();
    this.#usedAt = now;
    if (this.#carrier !== null) {
      this.sent += 1;
      this.#carrier.send(packet.stanza);
      return;
    }
    if (this.#state === "waiting" && this.#fault?.fault.isLasting === true && !this.#backOff.isOver(now)) {
      this.#network.router.bounce(packet, this.#fault.fault.toStanzaError());
      return;
    }
    const { maxQueuedStanzas: maxStanzas, maxQueuedLength: maxLength, queueMs: waitMs } = this.federation.settings;
    if (!this.#queue.push(packet, now, { maxStanzas, maxLength, waitMs })) {
      this.#network.router.bounce(packet, StanzaError.of("resource-constraint", "too much waits for that server"));
      return;
    }
    if (this.#stream?.isHeld === true) this.#prove(this.#stream);
    else this.#wake(now);
  }

  /** Asks as soon as there is a stream that is as safe as it gets. */
  ask(question: Question): void {
    const now = this.#network.clock.now();
    this.#usedAt = now;
    if (this.#stream?.isSecured === true) {
      question.ask(this.#stream);
    } else if (this.#state === "waiting" && !this.#backOff.isOver(now)) {
      question.failed(this.#fault!.fault);
    } else {
      this.#questions.push(question);
      this.#wake(now);
    }
  }

  /** A stream of the peer's that goes both ways carries it from now on. */
  adopt(carrier: StanzaCarrier): void {
    if (this.#carrier !== null) return;
    this.#open(carrier);
  }

  /** The stream that carried it is gone. */
  release(carrier: StanzaCarrier): void {
    if (this.#carrier !== carrier) return;
    this.#carrier = null;
    this.#enter("idle");
  }

  /** Connects now, however long it was to wait. */
  retry(): void {
    if (this.#state !== "waiting" && this.#state !== "idle") return;
    this.#backOff.reset();
    void this.#connect();
  }

  /** Ends the stream, and refuses what waits. */
  close(fault: LinkFault, error?: StreamError): void {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#ways = [];
    const stream = this.#stream;
    this.#stream = null;
    this.#carrier = null;
    if (stream !== null) {
      this.#network.negotiated(stream);
      stream.close(error);
    }
    this.#remember(fault);
    this.#refuse(fault);
    this.#backOff.reset();
    this.#enter("idle");
  }

  /** What the passing of time brings: refusals, retries, the end of a link that nobody uses. */
  sweep(): void {
    const now = this.#network.clock.now();
    for (const packet of this.#queue.takeExpired(now)) {
      const fault = this.#fault?.fault ?? new LinkFault("timeout", "no link in time");
      this.#network.router.bounce(packet, fault.toStanzaError());
    }
    if (this.#state === "waiting" && this.#backOff.isOver(now)) {
      if (this.#queue.size > 0) void this.#connect();
      else this.#rest();
    } else if (this.#stream !== null && this.#isUnused(now)) {
      this.#stream.close();
    }
  }

  secured(stream: OutgoingStream): void {
    const questions = this.#questions;
    this.#questions = [];
    for (const question of questions) question.ask(stream);
    if (this.isProofWanted) return;
    this.#network.negotiated(stream);
    this.#enter("unproved");
  }

  opened(stream: OutgoingStream): void {
    this.#network.negotiated(stream);
    this.#open(stream);
  }

  ended(stream: OutgoingStream, fault: LinkFault): void {
    this.#network.negotiated(stream);
    if (this.#stream !== stream) return;
    this.#stream = null;
    if (this.#carrier === stream) {
      this.#carrier = null;
      if (fault.code !== "closed") this.#remember(fault);
      this.#enter("idle");
      return;
    }
    if (stream.isHeld) {
      this.#enter("idle");
      return;
    }
    const isNext = !stream.hasFeatures && this.#ways.length > 0;
    if (isNext && this.#attempt !== null) void this.#try(this.#attempt.signal);
    else this.#failed(fault);
  }

  /** Nothing waits for another attempt; the failures before count, should there be one. */
  #rest(): void {
    this.#backOff.tried();
    this.#enter("idle");
  }

  #isUnused(now: number): boolean {
    const isSettled = this.#state === "open" || this.#state === "unproved";
    return isSettled && now - this.#usedAt >= this.federation.settings.idleMs;
  }

  #prove(stream: OutgoingStream): void {
    this.#enter("negotiating");
    this.#network.negotiating(stream);
    stream.prove();
  }

  #wake(now: number): void {
    if (this.#state === "idle") void this.#connect();
    else if (this.#state === "waiting" && this.#backOff.isOver(now)) void this.#connect();
  }

  async #connect(): Promise<void> {
    if (!this.#network.mayConnect()) {
      this.#failed(new LinkFault("overload", "too many links are being connected"));
      return;
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#backOff.tried();
    this.#enter("connecting");
    try {
      this.#ways = await this.#network.resolve(this.remote);
    } catch (error) {
      if (!attempt.signal.aborted) this.#failed(faultFrom(error));
      return;
    }
    if (!attempt.signal.aborted) await this.#try(attempt.signal);
  }

  /** Takes the next way to the server. */
  async #try(signal: AbortSignal): Promise<void> {
    let fault = new LinkFault("unreachable", `${this.remote} cannot be reached`);
    for (;;) {
      const [way, ...rest] = this.#ways;
      if (way === undefined) break;
      this.#ways = rest;
      try {
        const socket = await this.#network.dial(way, signal);
        if (signal.aborted) socket.destroy();
        else this.#begin(socket, way.isDirectTls);
        return;
      } catch (error) {
        if (signal.aborted) return;
        fault = new LinkFault("unreachable", `${way.host} port ${way.port}: ${(error as Error).message}`);
      }
    }
    this.#failed(fault);
  }

  #begin(socket: Socket, isDirectTls: boolean): void {
    const tls = isDirectTls ? this.#network.clientTlsFor(this, true) : undefined;
    if (isDirectTls && tls === undefined) {
      socket.destroy();
      this.#failed(new LinkFault("no-tls", "there is no certificate for the domain"));
      return;
    }
    const stream = new OutgoingStream(new Connection(socket, tls), this, this.federation, this.#network, this);
    this.#stream = stream;
    this.#enter("negotiating");
    this.#network.negotiating(stream);
    stream.open();
  }

  #open(carrier: StanzaCarrier): void {
    this.#carrier = carrier;
    this.#backOff.reset();
    this.#fault = null;
    this.#enter("open");
    for (const packet of this.#queue.takeAll()) {
      this.sent += 1;
      carrier.send(packet.stanza);
    }
  }

  #failed(fault: LinkFault): void {
    const now = this.#network.clock.now();
    this.#attempt = null;
    this.#remember(fault);
    for (const question of this.#questions.splice(0)) question.failed(fault);
    // An adopted stream goes on carrying it.
    if (this.#carrier !== null) return;
    this.#backOff.failed(now);
    this.#enter("waiting");
    if (fault.isLasting) this.#refuse(fault);
    this.#network.log.info("no link to a server", {
      from: this.local,
      to: this.remote,
      code: fault.code,
      reason: fault.message,
    });
  }

  #refuse(fault: LinkFault): void {
    for (const question of this.#questions.splice(0)) question.failed(fault);
    for (const packet of this.#queue.takeAll()) this.#network.router.bounce(packet, fault.toStanzaError());
  }

  #remember(fault: LinkFault): void {
    this.#fault = { fault, at: this.#network.clock.now() };
  }

  #enter(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#network.clock.now();
    this.#network.changed(this);
  }
}

function faultFrom(error: unknown): LinkFault {
  return error instanceof LinkFault ? error : new LinkFault("dns-failed", String(error));
}
