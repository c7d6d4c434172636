import { type Rate, TokenBucket } from "./shaper.ts";
import { TurnQueue } from "./turns.ts";

/** What one peer may have dealt with in one turn of the event loop: so many messages, or what takes so long. */
const maxPerTurn = 64;
const maxMsPerTurn = 1;

/** Why reading is held; bits of one number. */
const heldByOwner = 1;
const heldForTurn = 2;
const heldByShaper = 4;

const turns = new TurnQueue<Reading>((reading) => reading.continue());

/**
 * Hands on what a peer sends in whole messages, in order and at a measured pace: a bounded number in a turn, no more than the
 * rate allows, and none while the owner holds them. What has to wait is kept; `pause` stops the source meanwhile.
 */
export class Reading {
  readonly #take: (message: Buffer) => void;
  readonly #pause: (isPaused: boolean) => void;
  readonly #waiting: Buffer[] = [];
  #held = 0;
  #taken = 0;
  /** When the first message of this turn came, as `performance.now()`. */
  #since = 0;
  #bucket: TokenBucket | null = null;
  #isOver = false;

  constructor(take: (message: Buffer) => void, pause: (isPaused: boolean) => void) {
    this.#take = take;
    this.#pause = pause;
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  push(message: Buffer): void {
    if (this.#isOver) return;
    if (this.#held !== 0 || this.#waiting.length > 0) this.#waiting.push(message);
    else this.#offer(message);
  }

  shape(rate: Rate | null): void {
    this.#bucket = rate === null ? null : new TokenBucket(rate, performance.now());
  }

  hold(): void {
    this.#hold(heldByOwner);
  }

  release(): void {
    this.#release(heldByOwner);
  }

  /** Nothing is handed on any more. */
  end(): void {
    this.#isOver = true;
    this.#waiting.length = 0;
  }

  /** The next turn. */
  continue(): void {
    this.#taken = 0;
    this.#release(heldForTurn);
  }

  #offer(message: Buffer): void {
    if (this.#bucket !== null) {
      const waitMs = this.#bucket.take(message.length, performance.now());
      if (waitMs > 0) {
        this.#hold(heldByShaper);
        setTimeout(() => this.#release(heldByShaper), waitMs).unref();
      }
    }
    this.#taken += 1;
    if (this.#taken === 1) {
      this.#since = performance.now();
      turns.add(this);
    } else if (this.#taken === maxPerTurn || this.#isLong()) this.#hold(heldForTurn);
    this.#take(message);
  }

  #isLong(): boolean {
    // After 1, 2, 4, 8 … messages: that is enough, and nearly free.
    if ((this.#taken & (this.#taken - 1)) !== 0) return false;
    return performance.now() - this.#since > maxMsPerTurn;
  }

  #hold(reason: number): void {
    if (this.#held === 0 && !this.#isOver) this.#pause(true);
    this.#held |= reason;
  }

  #release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    while (this.#held === 0 && !this.#isOver) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#pause(false);
        return;
      }
      this.#offer(next);
    }
  }
}
