/** Items that are due a fixed time after they were added. One timer serves them all, and none runs while there are none. */
export class Deadlines<T> {
  readonly #afterMs: number;
  readonly #expired: (item: T) => void;
  readonly #now: () => number;
  // In the order of addition, which is the order of the due times.
  readonly #dueAt = new Map<T, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(afterMs: number, expired: (item: T) => void, now: () => number = Date.now) {
    this.#afterMs = afterMs;
    this.#expired = expired;
    this.#now = now;
  }

  get size(): number {
    return this.#dueAt.size;
  }

  add(item: T): void {
    this.#dueAt.set(item, this.#now() + this.#afterMs);
    this.#timer ??= this.#wait(this.#afterMs);
  }

  has(item: T): boolean {
    return this.#dueAt.has(item);
  }

  delete(item: T): void {
    this.#dueAt.delete(item);
  }

  /** Hands over what is due. The timer calls it; a test with a clock of its own may, too. */
  sweep(): void {
    const now = this.#now();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [item, dueAt] of this.#dueAt) {
      if (dueAt > now + this.#afterMs) {
        // The clock was set back: the item waits anew, behind the others.
        this.#dueAt.delete(item);
        this.#dueAt.set(item, now + this.#afterMs);
        continue;
      }
      if (dueAt > now) {
        this.#timer ??= this.#wait(dueAt - now);
        return;
      }
      this.#dueAt.delete(item);
      this.#expired(item);
    }
  }

  // The timer keeps no process alive: the sockets it watches do.
  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.sweep(), ms).unref();
  }
}
