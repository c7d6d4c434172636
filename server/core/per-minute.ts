const minuteMs = 60_000;
const maxKeys = 10_000;

/** So many things a minute by key, as a leaky bucket; bounded: the keys longest untouched are forgotten first. */
export class PerMinute {
  readonly #limit: number;
  readonly #levels = new Map<string, { readonly level: number; readonly at: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one, or so many as come together, unless that is too many: then none is counted. */
  take(key: string, now: number, amount = 1): boolean {
    const known = this.#levels.get(key);
    const leaked = known === undefined ? 0 : (Math.max(0, now - known.at) * this.#limit) / minuteMs;
    const level = Math.max(0, (known?.level ?? 0) - leaked);
    const isFree = level + amount <= this.#limit;
    this.#levels.delete(key);
    // Also when it is refused: a clock that was set back leaks again from there on.
    this.#levels.set(key, { level: isFree ? level + amount : level, at: now });
    const [oldest] = this.#levels.keys();
    if (this.#levels.size > maxKeys && oldest !== undefined) this.#levels.delete(oldest);
    return isFree;
  }

  /** One of those that were counted was undone. */
  giveBack(key: string): void {
    const known = this.#levels.get(key);
    if (known !== undefined) this.#levels.set(key, { level: Math.max(0, known.level - 1), at: known.at });
  }
}
