export interface Gap {
  gap: true;
  from: number;
  to: number;
  /** Changes in between that are not in the list, where only some of them are not. */
  sampledOut?: number;
}

export interface Reconnected {
  reconnected: true;
  at: string;
}

/** The server was started anew meanwhile. */
export interface Restarted {
  restarted: true;
  at: string;
  /** How long it could not be reached. */
  downMs: number;
}

export type LiveRow<T> = T | Gap | Reconnected | Restarted;
type Mark = Gap | Reconnected | Restarted;

export const isGap = <T extends object>(row: LiveRow<T>): row is Gap => "gap" in row;
export const isReconnected = <T extends object>(row: LiveRow<T>): row is Reconnected => "reconnected" in row;
export const isRestarted = <T extends object>(row: LiveRow<T>): row is Restarted => "restarted" in row;
export const isRow = <T extends object>(row: LiveRow<T>): row is T =>
  !isGap(row) && !isReconnected(row) && !isRestarted(row);

/**
 * Rows of a live log in the order they came, newest last, at most `capacity` of them. A row that comes again takes the
 * place of its older self, so nothing moves. Positions count from the first row ever; those below `dropped` are gone.
 */
export class LiveRows<T extends object> {
  readonly #keyOf: (row: T) => string | number;
  readonly #capacity: number;
  #rows: LiveRow<T>[] = [];
  #positions = new Map<string | number, number>();
  #dropped = 0;
  #isHeld = false;

  constructor(keyOf: (row: T) => string | number, capacity = 50_000) {
    this.#keyOf = keyOf;
    this.#capacity = capacity;
  }

  /** Position after the newest row. */
  get end(): number {
    return this.#dropped + this.#rows.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  at(position: number): LiveRow<T> | undefined {
    return this.#rows[position - this.#dropped];
  }

  has(key: string | number): boolean {
    return this.#positions.has(key);
  }

  get(key: string | number): T | undefined {
    const position = this.#positions.get(key);
    return position === undefined ? undefined : (this.at(position) as T);
  }

  /** Answers how many rows are new. */
  put(rows: readonly T[]): number {
    let added = 0;
    for (const row of rows) {
      const key = this.#keyOf(row);
      const position = this.#positions.get(key);
      if (position === undefined) {
        this.#positions.set(key, this.end);
        this.#rows.push(row);
        added++;
      } else {
        this.#rows[position - this.#dropped] = row;
      }
    }
    this.#trim();
    return added;
  }

  /** Answers its position. */
  mark(row: Mark): number {
    this.#rows.push(row);
    this.#trim();
    return this.end - 1;
  }

  /** Puts another mark in the place of one that is still there. */
  remark(position: number, row: Mark): void {
    if (position >= this.#dropped && position < this.end) this.#rows[position - this.#dropped] = row;
  }

  /** While it is held nothing is dropped, however much comes. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#trim();
  }

  clear(): void {
    this.#dropped = this.end;
    this.#rows = [];
    this.#positions = new Map();
  }

  #trim(): void {
    if (this.#isHeld || this.#rows.length <= this.#capacity) return;
    // Some at a time: dropping one by one would move the whole array for each new row, and many at once takes long.
    const count = this.#rows.length - Math.floor(this.#capacity * 0.98);
    for (const row of this.#rows.splice(0, count)) {
      if (isRow(row)) this.#positions.delete(this.#keyOf(row));
    }
    this.#dropped += count;
  }
}
