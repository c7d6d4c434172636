/** Seconds' worth that may come at once. */
const burstSeconds = 5;
const maxBuckets = 20_000;

/** Token buckets of the users of one room: nobody speaks, or comes and goes, faster than that. */
export class RoomRate {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** 0: no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** false: too fast. */
  take(user: string, now: number): boolean {
    if (this.#perSecond === 0) return true;
    const burst = this.#perSecond * burstSeconds;
    let bucket = this.#buckets.get(user);
    if (bucket === undefined) {
      if (this.#buckets.size >= maxBuckets) this.#buckets.clear();
      this.#buckets.set(user, (bucket = { tokens: burst, at: now }));
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
