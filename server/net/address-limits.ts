import { addressBlock, isLoopback } from "./address.ts";
import { TokenBucket } from "./shaper.ts";

export interface AddressLimitOptions {
  /** Connections at a time from one address (IPv6: /64). */
  readonly maxPerAddress: number;
  /** New connections a second from one address, on average; twice as many at once. */
  readonly newPerSecond: number;
  /** Loopback is exempt unless this says otherwise: proxies and tests of this machine come from there. */
  readonly includesLoopback?: boolean;
  readonly now?: () => number;
}

interface Visitor {
  open: number;
  readonly arrivals: TokenBucket;
}

const sweepEvery = 1_000;

/** Counts connections by address and says which may come in. */
export class AddressLimits {
  readonly #options: AddressLimitOptions;
  readonly #now: () => number;
  readonly #visitors = new Map<string, Visitor>();
  #admissions = 0;

  constructor(options: AddressLimitOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Takes a place for a new connection; false: too many at a time, or too fast. */
  admit(address: string): boolean {
    if (this.#isExempt(address)) return true;
    const now = this.#now();
    this.#admissions += 1;
    if (this.#admissions % sweepEvery === 0) this.#sweep(now);
    const key = addressBlock(address);
    let visitor = this.#visitors.get(key);
    if (visitor === undefined) {
      const { newPerSecond } = this.#options;
      visitor = { open: 0, arrivals: new TokenBucket({ rate: newPerSecond, burst: newPerSecond * 2 }, now) };
      this.#visitors.set(key, visitor);
    }
    if (!visitor.arrivals.tryTake(now) || visitor.open >= this.#options.maxPerAddress) return false;
    visitor.open += 1;
    return true;
  }

  release(address: string): void {
    if (this.#isExempt(address)) return;
    const visitor = this.#visitors.get(addressBlock(address));
    if (visitor !== undefined) visitor.open -= 1;
  }

  #isExempt(address: string): boolean {
    return this.#options.includesLoopback !== true && isLoopback(address);
  }

  // Whoever has left is remembered until coming back at once would be fine anyway.
  #sweep(now: number): void {
    for (const [key, visitor] of this.#visitors) {
      if (visitor.open === 0 && visitor.arrivals.isFull(now)) this.#visitors.delete(key);
    }
  }
}
