const floor = 4;
const cutPauseMs = 1_000;

/**
 * How many attempts may be open at one target: starts at the configured number, halves when the target is overloaded (at
 * most once a second, not below 4) and grows by one for each round of good answers (additive increase, multiplicative
 * decrease).
 */
export class Concurrency {
  #max: number;
  #limit: number;
  #cutAt = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.#max = max;
    this.#limit = max;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** What is kept free for what cannot wait: a tenth, as far as it does not leave next to nothing. */
  get reserve(): number {
    return this.limit < 4 ? 0 : Math.ceil(this.limit / 10);
  }

  setMax(max: number): void {
    this.#limit = this.#limit === this.#max ? max : Math.min(this.#limit, max);
    this.#max = max;
  }

  succeeded(): void {
    if (this.#limit < this.#max) this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
  }

  overloaded(now: number): void {
    if (now - this.#cutAt < cutPauseMs) return;
    this.#cutAt = now;
    this.#limit = Math.max(Math.min(floor, this.#max), this.#limit / 2);
  }
}
