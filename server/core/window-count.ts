/** Past so many names those whose window is over are forgotten. */
const maxNames = 10_000;

/** How much each of many has used up in the window of time that it is in. */
export class WindowCount {
  readonly #max: number;
  readonly #windowMs: number;
  readonly #names = new Map<string, { since: number; used: number }>();

  constructor(max: number, windowMs: number) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  /** false, and nothing is counted: it would be too much. */
  take(name: string, amount: number, now: number): boolean {
    const known = this.#names.get(name);
    const current = known !== undefined && now - known.since < this.#windowMs ? known : { since: now, used: 0 };
    if (current.used + amount > this.#max) return false;
    current.used += amount;
    if (this.#names.size >= maxNames) this.#sweep(now);
    this.#names.set(name, current);
    return true;
  }

  #sweep(now: number): void {
    for (const [name, { since }] of this.#names) if (now - since >= this.#windowMs) this.#names.delete(name);
  }
}
