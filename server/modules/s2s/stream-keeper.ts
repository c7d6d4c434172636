import { randomBytes } from "node:crypto";
import { inStreamNamespace } from "../../core/content-namespace.ts";
import type { LinkKeeper } from "../../core/remote/keeper.ts";
import type { DomainPair, IncomingNegotiation, OutgoingNegotiation } from "../../core/remote/negotiation.ts";
import type { Packet } from "../../core/router.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { newlyConfirmed, onWire } from "../../xmpp/stanza-count.ts";

export const NS_SM = "urn:xmpp:sm:3";
const request = `<r xmlns='${NS_SM}'/>`;
const idBytes = 24;
/** A peer that was asked and says nothing for so long is gone. */
const answerMs = 60_000;

export type ServerNegotiation = IncomingNegotiation | OutgoingNegotiation;

/** What keepers are given to go by. */
export interface KeeperLimits {
  readonly ackEvery: number;
  readonly maxStanzas: number;
  /** In UTF-16 units. */
  readonly maxLength: number;
  readonly now: () => number;
}

/** One side's stream management for a stream with another server (XEP-0198), over all the connections that it has had. */
export class StreamKeeper implements LinkKeeper {
  readonly pair: DomainPair;
  limits: KeeperLimits;
  readonly #open: Packet[] = [];
  /** Of the connection that it has. */
  #over = Promise.withResolvers<void>();
  #stream: ServerNegotiation;
  /** Of the peer: dealt with on earlier connections, and on this one before it was enabled. */
  #handledBefore = 0;
  #takenBefore: number;
  #confirmed = 0;
  #length = 0;
  #unrequested = 0;
  /** Requests that are not answered, and since when. */
  #requests = 0;
  #requestedAt: number | null = null;
  readonly #resumeMs: number;
  /** What the peer has said of `h` is not the answer to a request, and nothing was written since. */
  #isUnasked = false;
  #isPeerDone = false;
  #isDropped = false;
  /** By which the peer may resume it, or we; null: nobody can. */
  readonly id: string | null;
  /** When its connection was lost; null: it has one. */
  lostAt: number | null = null;
  isOver = false;

  constructor(stream: ServerNegotiation, pair: DomainPair, limits: KeeperLimits, id: string | null, resumeMs: number) {
    this.#stream = stream;
    this.pair = pair;
    this.limits = limits;
    this.#takenBefore = stream.taken;
    this.id = id;
    this.#resumeMs = resumeMs;
  }

  get unconfirmed(): readonly Packet[] {
    return this.#open;
  }

  get resumeMs(): number {
    return this.id === null || this.isOver || this.#isDropped ? 0 : this.#resumeMs;
  }

  get isExact(): boolean {
    return this.#isUnasked && (this.#isPeerDone || this.#isDropped);
  }

  /** Of the connection that it has or had last. */
  get stream(): ServerNegotiation {
    return this.#stream;
  }

  written(packet: Packet): void {
    const count = this.#open.push(packet);
    this.#isUnasked = false;
    this.#length += packet.stanza.toString().length;
    this.#unrequested += 1;
    if (this.#unrequested >= this.limits.ackEvery) this.#ask();
    if (count > this.limits.maxStanzas || this.#length > this.limits.maxLength)
      queueMicrotask(() => this.#stream.destroy("too much is unconfirmed"));
  }

  /** The peer asks: it is told when all that it sent before is dealt with and on disk. */
  answer(): void {
    this.#stream.onceSettled(this.#acknowledge);
  }

  /** The peer has `h` stanzas. Throws StreamError if that is more than there were. */
  confirm(h: number): void {
    const more = newlyConfirmed(h, this.#confirmed, this.#open.length);
    if (more === undefined) {
      const sent = String(onWire(this.#confirmed + this.#open.length));
      const tooHigh = el("handled-count-too-high", NS_SM, { h: String(h), "send-count": sent });
      throw new StreamError("undefined-condition", `${h} stanzas were confirmed and ${sent} sent`, tooHigh);
    }
    for (const { stanza } of this.#open.splice(0, more)) this.#length -= stanza.toString().length;
    this.#confirmed += more;
    this.#unrequested = Math.min(this.#unrequested, this.#open.length);
    // Whoever closes the stream says so last, unasked (XEP-0198, version 1.5.2).
    this.#isUnasked = this.#requests === 0;
    this.#requests = Math.max(0, this.#requests - 1);
    if (this.#requests === 0) this.#requestedAt = null;
  }

  /** `h` of the peer's stanzas, where `taken` of them came over the connection. */
  handled(taken: number): number {
    return onWire(this.#handledBefore + taken - this.#takenBefore);
  }

  /** Resolves with `h` once its connection is over and all that came over it is on disk. */
  async settled(): Promise<number> {
    if (!this.#stream.isClosed) this.#stream.destroy("the stream is resumed over another connection");
    await this.#over.promise;
    return this.handled(await new Promise<number>((resolve) => this.#stream.onceSettled(resolve)));
  }

  /** Goes on over a new connection, whose peer has `h` stanzas: sends it the others again. */
  resume(stream: ServerNegotiation, h: number): void {
    this.#handledBefore += this.#stream.taken - this.#takenBefore;
    this.#takenBefore = stream.taken;
    this.#stream = stream;
    this.#over = Promise.withResolvers();
    this.#requests = 0;
    this.#requestedAt = null;
    this.lostAt = null;
    this.confirm(h);
    for (const { stanza } of this.#open) stream.write(inStreamNamespace(stanza));
    if (this.#open.length > 0) this.#ask();
  }

  /** The peer will not resume it; `h`: what it had dealt with, undefined: it does not know. */
  dropped(h: number | undefined): void {
    this.#isDropped = true;
    this.#requests = 0;
    this.#isUnasked = false;
    if (h !== undefined) this.confirm(h);
  }

  /** Asks for what is overdue, and ends the connection of a peer that does not answer. */
  look(now: number): void {
    if (this.lostAt !== null || this.isOver) return;
    this.#requestedAt ??= this.#requests > 0 ? now : null;
    if (this.#requests === 0 && this.#unrequested > 0) this.#ask();
    else if (this.#requestedAt !== null && now - this.#requestedAt >= answerMs)
      this.#stream.destroy("a request for an acknowledgement was not answered");
  }

  closing(isByPeer: boolean): void {
    this.#isPeerDone = isByPeer;
    this.answer();
  }

  ended(isLost: boolean): void {
    if (isLost) this.lostAt = this.limits.now();
    else this.isOver = true;
    this.#over.resolve();
  }

  #ask(): void {
    this.#stream.write(request);
    this.#unrequested = 0;
    this.#requests += 1;
  }

  readonly #acknowledge = (taken: number): void => {
    this.#stream.write(`<a xmlns='${NS_SM}' h='${this.handled(taken)}'/>`);
  };
}

/** An SM-ID that nobody can guess. */
export function newStreamId(): string {
  return randomBytes(idBytes).toString("base64url");
}
