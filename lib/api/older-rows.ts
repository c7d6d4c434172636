import type { LiveRows } from "./live-rows.ts";

/** Rows from before the page was opened, newest first, without those that are live. */
export class OlderRows<T extends object> {
  readonly #keyOf: (row: T) => string | number;
  readonly #live: LiveRows<T>;
  #rows: T[] = [];
  #positions = new Map<string | number, number>();

  constructor(keyOf: (row: T) => string | number, live: LiveRows<T>) {
    this.#keyOf = keyOf;
    this.#live = live;
  }

  get count(): number {
    return this.#rows.length;
  }

  at(index: number): T | undefined {
    return this.#rows[index];
  }

  get(key: string | number): T | undefined {
    const position = this.#positions.get(key);
    return position === undefined ? undefined : this.#rows[position];
  }

  append(rows: readonly T[]): void {
    for (const row of rows) {
      const key = this.#keyOf(row);
      if (this.#live.has(key) || this.#positions.has(key)) continue;
      this.#positions.set(key, this.#rows.length);
      this.#rows.push(row);
    }
  }

  /** Another newest page in place of all; `newer` is asked where a row of it was known already. */
  renew(rows: readonly T[], newer: (row: T, known: T) => T): void {
    const known = new Map(this.#rows.map((row) => [this.#keyOf(row), row]));
    this.clear();
    this.append(
      rows.map((row) => {
        const before = known.get(this.#keyOf(row));
        return before === undefined ? row : newer(row, before);
      }),
    );
  }

  /** false: it has no such row. */
  replace(row: T): boolean {
    const position = this.#positions.get(this.#keyOf(row));
    if (position === undefined) return false;
    this.#rows[position] = row;
    return true;
  }

  clear(): void {
    this.#rows = [];
    this.#positions = new Map();
  }
}
