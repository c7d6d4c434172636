/** Seconds' worth that may come at once. */
const burstSeconds = 5;
const maxBuckets = 20_000;
const maxWaitMs = 5000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets of the users of one room: nobody speaks, or comes and goes, faster than that. */
export class RoomRate {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  /** 0: no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** false: too fast, and nothing was taken. `cost`: what it counts for. */
  take(user: string, now: number, cost = 1): boolean {
    if (this.#perSecond === 0) return true;
    const bucket = this.#bucket(user, now);
    if (bucket.tokens < cost) return false;
    bucket.tokens -= cost;
    return true;
  }

  /** How long whoever does it has to wait for it, ms; 0: not at all. `cost`: what it counts for. */
  reserve(user: string, now: number, cost = 1): number {
    if (this.#perSecond === 0) return 0;
    const bucket = this.#bucket(user, now);
    bucket.tokens -= cost;
    return bucket.tokens >= 0 ? 0 : Math.min(maxWaitMs, (-bucket.tokens / this.#perSecond) * 1000);
  }

  #bucket(user: string, now: number): Bucket {
    const burst = this.#perSecond * burstSeconds;
    let bucket = this.#buckets.get(user);
    if (bucket === undefined) {
      if (this.#buckets.size >= maxBuckets) this.#buckets.clear();
      this.#buckets.set(user, (bucket = { tokens: burst, at: now }));
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond);
    bucket.at = now;
    return bucket;
  }
}
