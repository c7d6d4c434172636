const minuteMs = 60_000;
const maxKeys = 10_000;

/** So many things a minute by key, as a leaky bucket; bounded: the keys longest untouched are forgotten first. */
export class PerMinute {
  readonly #limit: number;
  readonly #levels = new Map<string, { readonly level: number; readonly at: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts one, unless it is one too many. */
  take(key: string, now: number): boolean {
    const known = this.#levels.get(key);
    const leaked = known === undefined ? 0 : (Math.max(0, now - known.at) * this.#limit) / minuteMs;
    const level = Math.max(0, (known?.level ?? 0) - leaked);
    const isFree = level + 1 <= this.#limit;
    this.#levels.delete(key);
    // Also when it is refused: a clock that was set back leaks again from there on.
    this.#levels.set(key, { level: isFree ? level + 1 : level, at: now });
    const [oldest] = this.#levels.keys();
    if (this.#levels.size > maxKeys && oldest !== undefined) this.#levels.delete(oldest);
    return isFree;
  }
}
