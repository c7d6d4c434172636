const calmPerSecond = 200;
const shownPerSecond = 100;
const mostPerSecond = 300;

/** How many of the stanzas that match are shown: all of them while they are few, then an even sample. */
export class StanzaPace {
  matched = 0;
  #second = -1;
  #inSecond = 0;
  #shownInSecond = 0;
  #oneIn = 1;
  #missed = 0;

  /** Counts one more that matches; should it be shown? `now` in milliseconds of a monotonic clock. */
  admits(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const rate = second === this.#second + 1 ? this.#inSecond : 0;
      this.#oneIn = rate > calmPerSecond ? Math.ceil(rate / shownPerSecond) : 1;
      this.#second = second;
      this.#inSecond = 0;
      this.#shownInSecond = 0;
    }
    this.matched += 1;
    this.#inSecond += 1;
    const isShown = this.#inSecond % this.#oneIn === 0 && this.#shownInSecond < mostPerSecond;
    if (isShown) this.#shownInSecond += 1;
    else this.#missed += 1;
    return isShown;
  }

  /** How many were not shown since this was asked last. */
  takeMissed(): number {
    const missed = this.#missed;
    this.#missed = 0;
    return missed;
  }
}
