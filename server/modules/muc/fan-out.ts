import { setImmediate } from "node:timers";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Seat } from "./occupant.ts";

/** Recipients of one turn; what is for more goes on in the next, so that a large room holds up nobody else. */
export const perTurn = 500;
/** Broadcasts that may be under way; past that, whoever speaks waits. */
const maxUnderWay = 32;

/** What a seat is sent; undefined: nothing. */
export type StanzaFor = (seat: Seat) => Stanza | undefined;

interface Broadcast {
  readonly seats: readonly Seat[];
  readonly from: Jid;
  readonly stanzaFor: StanzaFor;
  next: number;
}

/** Sends to everybody in a room, one broadcast after the other: each seat gets them in their order. */
export class FanOut {
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #underWay: Broadcast[] = [];
  #isRunning = false;
  #caughtUp: PromiseWithResolvers<void> | null = null;

  constructor(seats: ReadonlyMap<string, Seat>) {
    this.#seats = seats;
  }

  /** Settles when there is room for more; null: there is. */
  get catchingUp(): Promise<void> | null {
    if (this.#underWay.length <= maxUnderWay) return null;
    return (this.#caughtUp ??= Promise.withResolvers()).promise;
  }

  /** At once where few are there; those who leave meanwhile get no more. */
  run(send: (stanza: Stanza, from: Jid, to: Jid) => void, from: Jid, stanzaFor: StanzaFor): void {
    if (this.#underWay.length === 0 && this.#seats.size <= perTurn) {
      for (const seat of this.#seats.values()) sendOne(send, from, seat, stanzaFor);
      return;
    }
    this.#underWay.push({ seats: [...this.#seats.values()], from, stanzaFor, next: 0 });
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#step(send);
  }

  #step(send: (stanza: Stanza, from: Jid, to: Jid) => void): void {
    let left = perTurn;
    for (let first = this.#underWay[0]; first !== undefined && left > 0; first = this.#underWay[0]) {
      const { seats, from, stanzaFor } = first;
      const end = Math.min(seats.length, first.next + left);
      left -= end - first.next;
      for (; first.next < end; first.next += 1) {
        const seat = seats[first.next]!;
        if (this.#seats.get(seat.jid.full) === seat) sendOne(send, from, seat, stanzaFor);
      }
      if (end === seats.length) this.#underWay.shift();
    }
    if (this.#underWay.length <= maxUnderWay / 2) {
      this.#caughtUp?.resolve();
      this.#caughtUp = null;
    }
    this.#isRunning = this.#underWay.length > 0;
    if (this.#isRunning) setImmediate(() => this.#step(send));
  }
}

function sendOne(
  send: (stanza: Stanza, from: Jid, to: Jid) => void,
  from: Jid,
  seat: Seat,
  stanzaFor: StanzaFor,
): void {
  const { jid } = seat;
  const stanza = stanzaFor(seat);
  if (stanza !== undefined) send(stanza.with({ to: jid.full }), from, jid);
}
