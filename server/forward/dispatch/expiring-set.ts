/** Keys with an end each, at most so many: past that the oldest are forgotten. */
export class ExpiringSet {
  readonly #ends = new Map<string, number>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get size(): number {
    return this.#ends.size;
  }

  /** Adds the key, or gives it another end; times in milliseconds since the epoch. */
  add(key: string, end: number, now: number): void {
    this.#ends.delete(key);
    this.#ends.set(key, end);
    for (const [oldest, itsEnd] of this.#ends) {
      if (itsEnd > now && this.#ends.size <= this.#maxSize) return;
      this.#ends.delete(oldest);
    }
  }

  has(key: string): boolean {
    return this.#ends.has(key);
  }

  delete(key: string): boolean {
    return this.#ends.delete(key);
  }

  keys(): string[] {
    return [...this.#ends.keys()];
  }
}
