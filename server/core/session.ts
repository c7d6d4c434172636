import { randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TlsFacts, Traffic, Transport } from "../net/carrier.ts";
import { StreamError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Host } from "./host.ts";
import type { SessionKeeper } from "./keeper.ts";
import type { ClientAgent } from "./negotiation.ts";
import { stanzas } from "./tap.ts";
import type { SessionValve } from "./valve.ts";

export type { Transport };

/** The transport under a session: what is left of a stream once it is negotiated. */
export interface StreamLink {
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  /** Nobody on the way can read along. */
  readonly isSecure: boolean;
  readonly tls: TlsFacts | null;
  /** Bytes taken by `write` that the operating system has not taken yet. */
  readonly unsent: number;
  readonly traffic: Traffic;
  /** Queues text; everything queued in one turn leaves in one write. */
  write(xml: string): void;
  /** Sends the stream error, if any, and the closing tag, and lets the connection go. */
  close(error?: StreamError): void;
  /** Ends the stream for a fault of ours, which goes to the log. */
  fail(error: unknown): void;
  pauseReading(): void;
  resumeReading(): void;
}

/** Whoever a stanza came from and an answer goes back to. */
export interface Origin {
  /** Delivers an answer (an iq reply or an error) to the sender. */
  answer(stanza: Stanza): void;
  /**
   * Holds back answers until this write is on disk (design 5.1: nothing is confirmed that is not stored). `hurry` is called
   * when an answer waits for it, so that a write can take its time as long as none does.
   */
  awaitCommit(commit: Promise<unknown>, hurry?: () => void): void;
  /** The local session, when it is one. */
  readonly session: Session | null;
}

/** Somebody who waits until all that was received before is dealt with and on disk. */
interface Settlement {
  readonly received: number;
  readonly settled: (received: number) => void;
}

/** Reads from a stream stop when this many stanzas wait for an earlier one. */
const maxQueued = 64;
/** What is done in one turn for those that waited; then others come first. */
const maxMsPerTurn = 5;
/** What may be held back, in UTF-16 units; releasing it stays below what a connection takes at once. */
const maxHeld = 512 * 1024;

/** A bound resource (RFC 6120 7) and everything the server knows about it. */
export class Session implements Origin {
  readonly id = randomBytes(12).toString("base64url");
  readonly jid: Jid;
  readonly bare: Jid;
  readonly host: Host;
  readonly mechanism: string;
  /** What its client said of itself; null: nothing. */
  readonly agent: ClientAgent | null;
  readonly since: number;
  readonly session = this;

  /** Its connection. While it is detached, one that takes everything and sends nothing. */
  link: StreamLink;
  /** Since when it has had no connection and waits for its client to come back, ms since the epoch; null: it has one. */
  detachedAt: number | null = null;
  /** Keeps what the client has not confirmed; null, and nothing is spent on it, unless a module put one in. */
  keeper: SessionKeeper | null = null;
  /** Keeps back what the client has no use for just now; null: everything goes. */
  valve: SessionValve | null = null;
  /**
   * Since when messages for it have gone to the offline store, ms since the epoch: it reads more slowly than they come, and
   * is given them from there. null: they go to it.
   */
  behindSince: number | null = null;
  /** Settles when the last message that went to the store so has been dealt with; null: none is on its way. */
  storing: Promise<unknown> | null = null;

  /** Last available presence; null while the resource is not available (RFC 6121 4). */
  presence: Stanza | null = null;
  /** Priority of the last available presence; meaningless without one. */
  priority = 0;
  /** Since when it has been available with a priority of zero or more; meaningless while it is not. */
  reachableSince = 0;
  /** It asked for the roster, so it gets roster pushes (RFC 6121 2.1.6). */
  isInterested = false;
  /** Full or bare JIDs that got directed presence (RFC 6121 4.6). Made when first needed. */
  directed: Map<string, Jid> | null = null;
  stanzasIn = 0;
  stanzasOut = 0;
  lastActive: number;
  isClosed = false;

  readonly #accept: (session: Session, stanza: Stanza) => void | Promise<void>;
  #queue: (Stanza | Settlement)[] | null = null;
  #isPaused = false;
  #onIdle: (() => void) | null = null;
  // Answers wait for the commits that were under way when they were given.
  #commitsBegun = 0;
  #commitsDone = 0;
  #hurry: (() => void) | null = null;
  #heldAnswers: { readonly after: number; readonly answer: Stanza | Settlement }[] | null = null;
  #heldMessages: Stanza[] | null = null;
  #heldLength = 0;
  #onAnswered: (() => void)[] | null = null;

  constructor(options: {
    jid: Jid;
    host: Host;
    link: StreamLink;
    mechanism: string;
    agent?: ClientAgent | null;
    now: number;
    accept: (session: Session, stanza: Stanza) => void | Promise<void>;
  }) {
    this.jid = options.jid;
    this.bare = options.jid.toBare();
    this.host = options.host;
    this.link = options.link;
    this.mechanism = options.mechanism;
    this.agent = options.agent ?? null;
    this.since = options.now;
    this.lastActive = options.now;
    this.#accept = options.accept;
  }

  get isAvailable(): boolean {
    return this.presence !== null;
  }

  /** Somebody is there to see a message: it is available with a priority of zero or more, and has a connection. */
  get isAttended(): boolean {
    return this.presence !== null && this.priority >= 0 && this.detachedAt === null;
  }

  /** A stanza from the client. One at a time: the next one waits while an earlier one is still being dealt with. */
  receive(stanza: Stanza, now: number): void {
    if (stanzas.tap !== null) stanzas.tap("in", this, stanza);
    this.stanzasIn += 1;
    this.lastActive = now;
    if (this.#onAnswered !== null && this.link.unsent === 0) this.#answered();
    if (this.#queue !== null) {
      this.#queue.push(stanza);
      if (this.#queue.length >= maxQueued && !this.#isPaused) {
        this.#isPaused = true;
        this.link.pauseReading();
      }
      return;
    }
    const pending = this.#accept(this, stanza);
    if (pending !== undefined) {
      this.#queue = [];
      this.#drain(pending).catch((error: unknown) => this.link.fail(error));
    }
  }

  async #drain(first: Promise<void>): Promise<void> {
    await first;
    const queue = this.#queue!;
    let spentMs = 0;
    for (let next = queue.shift(); next !== undefined && !this.isClosed; next = queue.shift()) {
      if ("settled" in next) {
        this.#settle(next);
        continue;
      }
      const begun = performance.now();
      const pending = this.#accept(this, next);
      spentMs += performance.now() - begun;
      if (pending !== undefined) await pending;
      if (spentMs > maxMsPerTurn) {
        spentMs = 0;
        await nextTurn();
      }
      if (this.#isPaused && queue.length < maxQueued / 2) {
        this.#isPaused = false;
        this.link.resumeReading();
      }
    }
    this.#queue = null;
    if (this.#isPaused && !this.isClosed) {
      this.#isPaused = false;
      this.link.resumeReading();
    }
    this.#onIdle?.();
  }

  /** Runs `callback` once everything received so far has been dealt with; at once when it has. */
  whenIdle(callback: () => void): void {
    if (this.#queue === null) callback();
    else this.#onIdle = callback;
  }

  /**
   * Calls `settled` once all that was received so far has been dealt with and is on disk, in its turn among the answers,
   * with the value that `stanzasIn` has now. Never if the session ends first.
   */
  onceSettled(settled: (received: number) => void): void {
    const settlement: Settlement = { received: this.stanzasIn, settled };
    if (this.#queue === null) this.#settle(settlement);
    else this.#queue.push(settlement);
  }

  /** Writes a stanza to the client. */
  send(stanza: Stanza): void {
    if (this.isClosed) return;
    if (stanza.kind === "message" && this.#heldMessages !== null) {
      this.#hold(this.#heldMessages, stanza);
      return;
    }
    if (this.#commitsBegun !== this.#commitsDone && confirms(stanza)) {
      this.#holdAnswer(stanza);
      return;
    }
    this.#write(stanza);
  }

  answer(stanza: Stanza): void {
    this.send(stanza);
  }

  awaitCommit(commit: Promise<unknown>, hurry?: () => void): void {
    this.#commitsBegun += 1;
    if (hurry !== undefined) this.#hurry = hurry;
    const done = (): void => {
      this.#commitsDone += 1;
      if (this.#heldAnswers !== null) this.#releaseAnswers();
    };
    commit.then(done, done);
  }

  /** Keeps messages back until {@link releaseMessages}, so that those that waited longer go first. */
  holdMessages(): void {
    if (this.#heldMessages !== null) return;
    this.#heldMessages = [];
    this.#heldLength = 0;
  }

  /** Sends `first`, then what was held back. */
  releaseMessages(): void {
    const held = this.#heldMessages;
    this.#heldMessages = null;
    this.behindSince = null;
    if (held !== null) for (const stanza of held) this.send(stanza);
  }

  /** Sends what was held back up to now, and goes on to hold back: what comes from the store next is newer. */
  passHeld(): void {
    const held = this.#heldMessages;
    if (held === null || held.length === 0) return;
    this.#heldMessages = [];
    this.#heldLength = 0;
    for (const stanza of held) this.sendNow(stanza);
  }

  get isHolding(): boolean {
    return this.#heldMessages !== null;
  }

  /** Half of what may be held back is: the rest is for what cannot wait elsewhere. */
  get holdsMuch(): boolean {
    return this.#heldMessages !== null && this.#heldLength > maxHeld / 2;
  }

  /** Writes past the hold: for the ones that the others wait for. `storedAs`: its text in the offline store. */
  sendNow(stanza: Stanza, storedAs: string | null = null): void {
    if (!this.isClosed) this.#write(stanza, storedAs);
  }

  /**
   * Runs `callback` once the client has everything written so far: when it has confirmed it or, without a keeper, sent
   * something after all of it had left. Never runs if the session ends first.
   */
  onceDelivered(callback: () => void): void {
    if (this.keeper !== null) this.keeper.onceConfirmed(callback);
    else (this.#onAnswered ??= []).push(callback);
  }

  /** The client closed the stream in an orderly way: it has read what it was sent. */
  closedByClient(): void {
    if (this.#onAnswered !== null && this.link.unsent === 0) this.#answered();
  }

  close(error?: StreamError): void {
    this.link.close(error);
  }

  /** The connection is gone; `link` stands in for it. */
  detach(link: StreamLink, now: number): void {
    this.link = link;
    this.detachedAt = now;
    this.behindSince = null;
    this.#isPaused = false;
  }

  /** It has a connection again. */
  attach(link: StreamLink, now: number): void {
    this.link = link;
    this.detachedAt = null;
    this.lastActive = now;
  }

  /** Called by the registry when the session is over: nothing is written any more. */
  markClosed(): void {
    this.isClosed = true;
    this.#heldAnswers = null;
    this.#onAnswered = null;
  }

  /** Messages that were held back when the session ended; they go to the account's other ways. */
  takeHeldMessages(): readonly Stanza[] {
    const held = this.#heldMessages ?? [];
    this.#heldMessages = null;
    return held;
  }

  // A client that reads what it missed drop by drop must not pile up in memory what comes meanwhile.
  #hold(held: Stanza[], stanza: Stanza): void {
    held.push(stanza);
    const before = this.#heldLength;
    this.#heldLength += stanza.toString().length;
    if (before > maxHeld || this.#heldLength <= maxHeld) return;
    // Not at once: whoever delivers goes through the list of sessions.
    queueMicrotask(() => this.close(new StreamError("resource-constraint", "the client reads too slowly")));
  }

  #answered(): void {
    const callbacks = this.#onAnswered!;
    this.#onAnswered = null;
    for (const callback of callbacks) callback();
  }

  /** Writes what the valve kept back. */
  pass(stanza: Stanza): void {
    if (!this.isClosed) this.#toLink(stanza, null);
  }

  #write(stanza: Stanza, storedAs: string | null = null): void {
    if (this.valve === null || !this.valve.keeps(stanza)) this.#toLink(stanza, storedAs);
  }

  #toLink(stanza: Stanza, storedAs: string | null): void {
    if (stanzas.tap !== null) stanzas.tap("out", this, stanza);
    this.stanzasOut += 1;
    if (this.keeper === null) {
      this.link.write(stanza.toString());
      return;
    }
    if (!this.keeper.isSendingAgain) this.link.write(stanza.toString());
    this.keeper.written(stanza, storedAs);
  }

  #settle(settlement: Settlement): void {
    if (this.#commitsBegun === this.#commitsDone) settlement.settled(settlement.received);
    else this.#holdAnswer(settlement);
  }

  #holdAnswer(answer: Stanza | Settlement): void {
    (this.#heldAnswers ??= []).push({ after: this.#commitsBegun, answer });
    this.#hurry?.();
  }

  #releaseAnswers(): void {
    const held = this.#heldAnswers!;
    let sent = 0;
    while (sent < held.length && held[sent]!.after <= this.#commitsDone) {
      const { answer } = held[sent]!;
      if ("settled" in answer) answer.settled(answer.received);
      else if (!this.isClosed) this.#write(answer);
      sent += 1;
    }
    if (sent === held.length) this.#heldAnswers = null;
    else if (sent > 0) held.splice(0, sent);
  }
}

// What a client may take for "the server has dealt with what I sent before".
function confirms(stanza: Stanza): boolean {
  return stanza.kind === "iq" && (stanza.type === "result" || stanza.type === "error");
}
