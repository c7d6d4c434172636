import { randomBytes } from "node:crypto";
import type { StreamError } from "../../xmpp/errors.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Packet } from "../router.ts";
import { Approach } from "./approach.ts";
import { BackOff } from "./back-off.ts";
import { LinkFault } from "./fault.ts";
import type { Federation } from "./federation.ts";
import type { LinkKeeper } from "./keeper.ts";
import { Leftovers } from "./leftovers.ts";
import type { DomainPair } from "./negotiation.ts";
import { Outage } from "./outage.ts";
import type { OutgoingNetwork, Question, StanzaCarrier } from "./outgoing-network.ts";
import { type OutgoingOwner, OutgoingStream } from "./outgoing-stream.ts";
import { StanzaQueue } from "./stanza-queue.ts";

/** `unproved`: there is a stream, and nothing was to be sent yet that we would have to prove who we are for. */
export type LinkState = "idle" | "connecting" | "negotiating" | "unproved" | "open" | "waiting";

/** How long what went wrong is remembered once nothing waits. */
const memoryMs = 600_000;
/** A stream that broke sooner is not followed by the next one at once. */
const steadyMs = 10_000;

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
  #approach: Approach | null = null;
  readonly #leftovers: Leftovers;
  /** A stream of the peer's that may carry it once it is clear what becomes of the one before. */
  #offered: StanzaCarrier | null = null;
  readonly #backOff = new BackOff();
  readonly #outage = new Outage();
  #fault: { readonly fault: LinkFault; readonly at: number } | null = null;
  #usedAt: number;
  sent = 0;

  constructor({ local, remote }: DomainPair, federation: Federation, network: OutgoingNetwork) {
    this.local = local;
    this.remote = remote;
    this.federation = federation;
    this.#network = network;
    this.#leftovers = new Leftovers(this, this.#queue, network.router, federation.settings.queueMs);
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
    return this.#queue.size > 0 || this.#leftovers.until !== null;
  }

  get lost(): LinkKeeper | null {
    return this.#leftovers.ours;
  }

  /** There is no stream, and nothing waits for one: all that is lost with it is the memory of what went wrong. */
  get isQuiet(): boolean {
    const isStill = this.#state === "idle" || this.#state === "waiting";
    return isStill && !this.isProofWanted && this.#carrier === null;
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
      this.#carrier.send(packet);
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
    if (this.#leftovers.until === null) this.#open(carrier);
    else this.#offered = carrier;
  }

  /** The stream that carried it is gone. */
  release(carrier: StanzaCarrier): void {
    if (this.#offered === carrier) this.#offered = null;
    if (this.#carrier === carrier) this.#left(carrier, new LinkFault("lost", "the peer's stream is over"));
  }

  /** The stream has taken over what the one before it had not confirmed, or never will. */
  continued(carrier: StanzaCarrier): void {
    // A stream of the peer's says nothing of one that we began.
    if (carrier !== this.#stream && this.#leftovers.ours !== null) {
      this.#offered = carrier;
      return;
    }
    this.#leftovers.goOn(carrier.keeper, this.#lastFault, this.#network.clock.now());
    if (this.#carrier === null && carrier !== this.#stream && carrier.isBidirectional) this.#open(carrier);
  }

  /** The server has been heard of: if it was gone, it is tried at once. */
  revive(): void {
    if (!this.#outage.isTold) return;
    this.#backOff.reset();
    this.seek();
  }

  /** Looks whether the server is there; the network is told. */
  seek(): void {
    if (this.#carrier !== null || this.#state === "unproved") return;
    this.#outage.isSought = true;
    this.#wake(this.#network.clock.now());
  }

  /** Connects now, however long it was to wait. */
  retry(): void {
    if (this.#state !== "waiting" && this.#state !== "idle") return;
    this.#backOff.reset();
    void this.#connect();
  }

  /** Ends the stream, and refuses what waits. */
  close(fault: LinkFault, error?: StreamError): void {
    this.#approach?.abort();
    this.#approach = null;
    this.#offered = null;
    const stream = this.#stream;
    const keeper = this.#carrier?.keeper ?? null;
    this.#stream = null;
    this.#carrier = null;
    if (stream !== null) {
      this.#network.negotiated(stream);
      stream.close(error);
    }
    this.#remember(fault);
    if (keeper !== null) this.#leftovers.recover(keeper, fault, this.#network.clock.now());
    this.#refuse(fault);
    this.#backOff.reset();
    this.#enter("idle");
  }

  /** What the passing of time brings: refusals, retries, the end of a link that nobody uses. */
  sweep(): void {
    const now = this.#network.clock.now();
    for (const packet of this.#queue.takeExpired(now)) {
      this.#network.router.bounce(packet, this.#lastFault.toStanzaError());
    }
    const { until } = this.#leftovers;
    if (until !== null && now >= until && this.#stream === null) this.#giveUp(now);
    if (this.#outage.isDue(now, this.federation.settings.queueMs)) this.#network.gone(this);
    if (this.#state === "waiting" && this.#backOff.isOver(now)) {
      if (this.isProofWanted || this.#outage.isSought) void this.#connect();
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
    if (this.#outage.over()) this.#network.back(this);
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
      if (fault.code !== "closed") this.#remember(fault);
      this.#left(stream, fault);
      return;
    }
    if (stream.isHeld) {
      this.#enter("idle");
      return;
    }
    const approach = this.#approach;
    if (!stream.hasFeatures && approach?.hasMore === true) void this.#advance(approach);
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
    const approach = new Approach(this, this.#network);
    this.#approach = approach;
    this.#backOff.tried();
    this.#enter("connecting");
    await this.#advance(approach);
  }

  async #advance(approach: Approach): Promise<void> {
    try {
      const stream = await approach.next();
      if (stream !== null) this.#begin(stream);
    } catch (error) {
      if (!(error instanceof LinkFault)) throw error;
      this.#failed(error);
    }
  }

  #begin(stream: OutgoingStream): void {
    this.#stream = stream;
    this.#enter("negotiating");
    this.#network.negotiating(stream);
    stream.open();
  }

  #open(carrier: StanzaCarrier): void {
    this.#leftovers.goOn(carrier.keeper, this.#lastFault, this.#network.clock.now());
    this.#offered = null;
    this.#carrier = carrier;
    this.#backOff.reset();
    this.#fault = null;
    this.#enter("open");
    for (const packet of this.#queue.takeAll()) {
      this.sent += 1;
      carrier.send(packet);
    }
    if (this.#outage.over()) this.#network.back(this);
  }

  /** What carried it is over; what that leaves unconfirmed is a reason for the next stream. */
  #left(carrier: StanzaCarrier, fault: LinkFault): void {
    const now = this.#network.clock.now();
    const isSteady = now - this.#since >= steadyMs;
    const { keeper, isBidirectional } = carrier;
    const isOurs = carrier instanceof OutgoingStream;
    this.#carrier = null;
    this.#enter("idle");
    if (keeper !== null) this.#leftovers.take(keeper, isOurs, isBidirectional, fault, now);
    if (this.isProofWanted) {
      // Whoever began the stream resumes it.
      if (!isOurs && this.#leftovers.until !== null) this.#backOff.hold(this.#leftovers.until);
      else if (!isSteady) this.#backOff.failed(now);
      if (this.#backOff.isOver(now)) void this.#connect();
      else this.#enter("waiting");
    }
    if (isOurs && fault.code === "lost") this.#network.broken(this);
  }

  #giveUp(now: number): void {
    this.#leftovers.goOn(null, this.#lastFault, now);
    if (this.#offered !== null) this.#open(this.#offered);
  }

  #failed(fault: LinkFault): void {
    const now = this.#network.clock.now();
    this.#approach = null;
    this.#remember(fault);
    for (const question of this.#questions.splice(0)) question.failed(fault);
    // An adopted stream goes on carrying it.
    if (this.#carrier !== null) return;
    this.#backOff.failed(now);
    this.#enter("waiting");
    this.#outage.failed(now);
    if (fault.isLasting) this.#refuse(fault);
    if (this.#outage.isDue(now, this.federation.settings.queueMs, fault.isLasting)) this.#network.gone(this);
    this.#network.log.info("no link to a server", {
      from: this.local,
      to: this.remote,
      code: fault.code,
      reason: fault.message,
    });
  }

  #refuse(fault: LinkFault): void {
    for (const question of this.#questions.splice(0)) question.failed(fault);
    this.#leftovers.goOn(null, fault, this.#network.clock.now());
    for (const packet of this.#queue.takeAll()) this.#network.router.bounce(packet, fault.toStanzaError());
  }

  get #lastFault(): LinkFault {
    return this.#fault?.fault ?? new LinkFault("timeout", "no link in time");
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
