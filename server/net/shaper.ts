/** A token bucket: `rate` units a second on average, `burst` at once. Units are the caller's: bytes, connections. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}

export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor({ rate, burst }: Rate, now: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /**
   * Takes `units`, which may leave a debt; returns the milliseconds until it is paid off, 0 when there is none. For what
   * cannot be refused any more, such as bytes already read.
   */
  take(units: number, now: number): number {
    this.#refill(now);
    this.#tokens -= units;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / this.#rate);
  }

  /** Takes one unit if there is one. */
  tryTake(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#burst;
  }

  // A clock that was set back must not freeze the bucket.
  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#at);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed * this.#rate) / 1000);
    this.#at = now;
  }
}
