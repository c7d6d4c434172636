import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Core } from "../../core/core.ts";
import { withDelay } from "../../core/delay.ts";
import type { SessionKeeper, Unconfirmed } from "../../core/keeper.ts";
import { isFull, untilRead } from "../../core/pace.ts";
import type { Session } from "../../core/session.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { newlyConfirmed, onWire } from "../../xmpp/stanza-count.ts";
import type { Stanza } from "../../xmpp/stanza.ts";

export const NS_SM = "urn:xmpp:sm:3";
const request = `<r xmlns='${NS_SM}'/>`;
/** Bytes of the secret that names a session to be resumed. */
const secretBytes = 24;
/** A client that was asked may take so long before too many unconfirmed stanzas end its session. */
const graceMs = 10_000;
/** A client that was asked and says nothing for so long is gone. */
const answerMs = 60_000;

/** What the keepers of one host share. */
export interface Keeping {
  readonly core: Core;
  readonly maxQueue: number;
  readonly maxBytes: number;
  readonly ackEvery: number;
  /** Keepers that wait for something: a confirmation or their client. */
  readonly waiting: Set<Keeper>;
}

/** The server's side of stream management for one session (XEP-0198): counts, keeps, asks, confirms, sends again. */
export class Keeper implements SessionKeeper {
  readonly session: Session;
  /** How long the session waits for its client; 0: it can't be resumed. */
  readonly resumeMs: number;
  keeping: Keeping;
  readonly #secret = randomBytes(secretBytes);
  /** Stanzas of the client that came before it enabled stream management. */
  readonly #receivedBefore: number;
  readonly #open: Unconfirmed[] = [];
  #confirmed = 0;
  /** Text of the open stanzas, UTF-16 units. */
  #size = 0;
  /** Stanzas written since the last request. */
  #unrequested = 0;
  /** When the oldest request that is not answered was made; null: none is. */
  #requestedAt: number | null = null;
  #callbacks: { readonly upTo: number; readonly callback: () => void }[] = [];
  /** It has confirmed something, and with that all that was written before it enabled stream management. */
  #hasAnswered = false;
  #isFull = false;
  /** How many of the open ones the new connection has been given; null: all. */
  #sentAgain: number | null = null;

  constructor(session: Session, keeping: Keeping, resumeMs: number) {
    this.session = session;
    this.keeping = keeping;
    this.resumeMs = resumeMs;
    this.#receivedBefore = session.stanzasIn;
  }

  /** The SM-ID (XEP-0198 5): who holds it, and is logged in to the account, may resume. */
  get id(): string {
    return this.session.id + this.#secret.toString("base64url");
  }

  /** Compares in constant time. */
  isNamed(id: string): boolean {
    const given = Buffer.from(id);
    const own = Buffer.from(this.id);
    return this.resumeMs > 0 && given.length === own.length && timingSafeEqual(given, own);
  }

  get unconfirmed(): readonly Unconfirmed[] {
    return this.#open;
  }

  get isSendingAgain(): boolean {
    return this.#sentAgain !== null;
  }

  /** `h` for `received` stanzas of the session. */
  handled(received: number): number {
    return onWire(received - this.#receivedBefore);
  }

  mayWait(): boolean {
    return this.resumeMs > 0 && !this.#isFull;
  }

  written(stanza: Stanza, storedAs: string | null): void {
    const { core, ackEvery, maxQueue, maxBytes, waiting } = this.keeping;
    const at = core.clock.now();
    const open = this.#open.push({ stanza, at, storedAs, isSettled: false });
    this.#size += stanza.toString().length;
    if (open === 1) waiting.add(this);
    this.#unrequested += 1;
    if (this.#unrequested >= ackEvery) this.ask();
    if (this.#size > maxBytes || (open > maxQueue && this.#isLate(at))) this.#overflow();
  }

  /** Asks the client what it has (XEP-0198 4). */
  ask(): void {
    if (this.session.detachedAt !== null) return;
    this.session.link.write(request);
    this.#unrequested = 0;
    this.#requestedAt ??= this.keeping.core.clock.now();
  }

  /** The client asks: it is told when all that it sent before is dealt with and on disk (design 5.1). */
  answer(): void {
    this.session.onceSettled(this.#acknowledge);
  }

  /** The client has `h` stanzas. Throws StreamError if that is more than there were. */
  confirm(h: number): void {
    const more = newlyConfirmed(h, this.#confirmed, this.#open.length);
    if (more === undefined) {
      const sent = String(onWire(this.#confirmed + this.#open.length));
      const tooHigh = el("handled-count-too-high", NS_SM, { h: String(h), "send-count": sent });
      throw new StreamError("undefined-condition", `${h} stanzas were confirmed and ${sent} sent`, tooHigh);
    }
    this.#requestedAt = null;
    this.#hasAnswered = true;
    for (const { stanza } of this.#open.splice(0, more)) this.#size -= stanza.toString().length;
    if (this.#sentAgain !== null) this.#sentAgain = Math.max(0, this.#sentAgain - more);
    this.#confirmed += more;
    this.#unrequested = Math.min(this.#unrequested, this.#open.length);
    if (this.#open.length === 0) this.keeping.waiting.delete(this);
    while (this.#callbacks.length > 0 && this.#callbacks[0]!.upTo <= this.#confirmed) {
      this.#callbacks.shift()!.callback();
    }
  }

  onceConfirmed(callback: () => void): void {
    if (this.#open.length === 0 && this.#hasAnswered) {
      callback();
      return;
    }
    this.#callbacks.push({ upTo: this.#confirmed + this.#open.length, callback });
    this.ask();
  }

  /** Sends everything unconfirmed again on the new connection, as fast as the client takes it. */
  sendAgain(): void {
    this.#requestedAt = null;
    this.#sentAgain = 0;
    this.#sendRest();
  }

  // A client that comes back over a thin link would lose that link, too, if all of it were written at once.
  #sendRest(): void {
    const { session } = this;
    const { link } = session;
    while (this.#sentAgain! < this.#open.length) {
      if (isFull(session)) {
        const isOver = (): boolean => session.isClosed || session.link !== link;
        void untilRead(session, isOver).then(() => isOver() || this.#sendRest());
        return;
      }
      link.write(this.#textAgain(this.#open[this.#sentAgain!]!));
      this.#sentAgain! += 1;
    }
    this.#sentAgain = null;
    if (this.#open.length > 0) this.ask();
  }

  /** Messages tell when they came (XEP-0203). */
  #textAgain({ stanza, at, storedAs }: Unconfirmed): string {
    const isLate = stanza.kind === "message" && storedAs === null;
    return (isLate ? withDelay(stanza, this.session.host.name, at) : stanza).toString();
  }

  /** Asks for what is overdue and gives up a client that does not answer. */
  look(now: number): void {
    if (this.session.detachedAt !== null) return;
    if (this.#requestedAt === null) {
      if (this.#unrequested > 0) this.ask();
    } else if (now - this.#requestedAt >= answerMs) {
      this.session.close(new StreamError("connection-timeout", "a request for an acknowledgement was not answered"));
    }
  }

  #isLate(now: number): boolean {
    if (this.session.detachedAt !== null) return true;
    return this.#requestedAt !== null && now - this.#requestedAt >= graceMs;
  }

  // In a later turn: whoever writes may be going through the sessions of an account.
  #overflow(): void {
    if (this.#isFull) return;
    this.#isFull = true;
    queueMicrotask(() => this.session.close(new StreamError("resource-constraint", "too much is unconfirmed")));
  }

  readonly #acknowledge = (received: number): void => {
    this.session.link.write(`<a xmlns='${NS_SM}' h='${this.handled(received)}'/>`);
  };
}
