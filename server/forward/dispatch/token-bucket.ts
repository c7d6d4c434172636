/** How many attempts may begin: `ratePerSecond` on average, as many as come in one second at once. */
export class TokenBucket {
  #rate: number | null = null;
  #tokens = 0;
  #filledAt = 0;

  /** null: as many as the target takes. */
  setRate(rate: number | null, now: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#tokens = rate === null ? 0 : Math.max(1, rate);
    this.#filledAt = now;
  }

  /** How many may begin now. */
  available(now: number): number {
    if (this.#rate === null) return Number.POSITIVE_INFINITY;
    this.#fill(this.#rate, now);
    return Math.max(0, Math.floor(this.#tokens));
  }

  /** `count` attempts begin. Those that do not wait for their turn (calls) may leave a debt behind. */
  take(count: number, now: number): void {
    if (this.#rate === null) return;
    this.#fill(this.#rate, now);
    this.#tokens -= count;
  }

  /** When the next one may begin; `now` when it may at once. */
  nextAt(now: number): number {
    if (this.#rate === null || this.available(now) > 0) return now;
    return now + Math.ceil(((1 - this.#tokens) / this.#rate) * 1_000);
  }

  #fill(rate: number, now: number): void {
    const grown = this.#tokens + ((now - this.#filledAt) / 1_000) * rate;
    this.#tokens = Math.min(Math.max(1, rate), grown);
    this.#filledAt = now;
  }
}
