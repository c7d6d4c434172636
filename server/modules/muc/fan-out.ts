import { setImmediate } from "node:timers";
import type { Jid } from "../../xmpp/jid.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import type { Seat } from "./occupant.ts";

/** Stanzas of one turn; what is more goes out in the next ones, so that a large room holds up nobody else. */
export const perTurn = 500;
/** UTF-16 units. */
const lengthOfOne = 8 * 1024;

/** Stanzas that a long one counts for: it takes as much time, and as much of what its recipients can read. */
export function weightOf(length: number): number {
  return 1 + Math.floor(length / lengthOfOne);
}
/** Broadcasts that may be under way; past that, whoever speaks waits. */
const maxUnderWay = 32;

/** What a seat is sent; undefined: nothing. */
export type StanzaFor = (seat: Seat) => Stanza | undefined;
type Send = (stanza: Stanza, from: Jid, to: Jid) => void;

interface Broadcast {
  readonly number: number;
  readonly from: Jid;
  readonly stanzaFor: StanzaFor;
  /** Stanzas that it counts for, at each seat. */
  readonly weight: number;
}

/** Broadcasts that go out together: to one seat after the other all of them, so that they leave in one write. */
interface Round {
  readonly broadcasts: readonly Broadcast[];
  readonly seats: readonly Seat[];
  next: number;
}

/** Sends to everybody in a room; each seat gets what was sent while it was there, in its order. */
export class FanOut {
  readonly #seats: ReadonlyMap<string, Seat>;
  /** For the next round. */
  #waiting: Broadcast[] = [];
  #round: Round | null = null;
  #count = 0;
  #caughtUp: PromiseWithResolvers<void> | null = null;

  constructor(seats: ReadonlyMap<string, Seat>) {
    this.#seats = seats;
  }

  /** Of the last broadcast: a seat that is taken now gets those after it. */
  get count(): number {
    return this.#count;
  }

  /** Settles when there is room for more; null: there is. */
  get catchingUp(): Promise<void> | null {
    if (this.#underWay <= maxUnderWay) return null;
    return (this.#caughtUp ??= Promise.withResolvers()).promise;
  }

  /** At once where few are there; those who leave meanwhile get no more. `length`: of the stanza, where it may be long. */
  run(send: Send, from: Jid, stanzaFor: StanzaFor, length = 0): void {
    const weight = weightOf(length);
    const broadcast = { number: (this.#count += 1), from, stanzaFor, weight };
    if (this.#round === null && this.#seats.size * weight <= perTurn) {
      for (const seat of this.#seats.values()) sendOne(send, broadcast, seat);
      return;
    }
    this.#waiting.push(broadcast);
    if (this.#round !== null) return;
    this.#round = this.#nextRound();
    this.#step(send);
  }

  get #underWay(): number {
    return this.#waiting.length + (this.#round?.broadcasts.length ?? 0);
  }

  #step(send: Send): void {
    for (let left = perTurn; left > 0 && this.#round !== null;) {
      const { broadcasts, seats, next } = this.#round;
      const seat = seats[next];
      this.#round.next += 1;
      if (seat === undefined) this.#round = this.#nextRound();
      else if (this.#seats.get(seat.jid.full) === seat) {
        for (const broadcast of broadcasts) {
          if (broadcast.number > seat.since) sendOne(send, broadcast, seat);
          left -= broadcast.weight;
        }
      }
    }
    if (this.#underWay <= maxUnderWay / 2) {
      this.#caughtUp?.resolve();
      this.#caughtUp = null;
    }
    if (this.#round !== null) setImmediate(() => this.#step(send));
  }

  #nextRound(): Round | null {
    if (this.#waiting.length === 0) return null;
    const broadcasts = this.#waiting;
    this.#waiting = [];
    return { broadcasts, seats: [...this.#seats.values()], next: 0 };
  }
}

function sendOne(send: Send, { from, stanzaFor }: Broadcast, seat: Seat): void {
  const { jid } = seat;
  const stanza = stanzaFor(seat);
  if (stanza !== undefined) send(stanza.with({ to: jid.full }), from, jid);
}
