import type { Sample } from "../storage/ports.ts";

/**
 * The last samples, by series: a number each instead of an object with forty, so that an hour of them costs what the first
 * one does and nothing grows. One process measures them all.
 */
export class RecentSamples {
  readonly #capacity: number;
  readonly #startedAt: number;
  readonly #times: Float64Array;
  /** A series not measured at a tick has NaN there. */
  readonly #series = new Map<string, Float64Array>();
  #added = 0;

  constructor(capacity: number, startedAt: number) {
    this.#capacity = capacity;
    this.#startedAt = startedAt;
    this.#times = new Float64Array(capacity);
  }

  /** Takes the place of the oldest one. */
  add(at: number, values: Readonly<Record<string, number>>): void {
    const place = this.#added % this.#capacity;
    this.#added += 1;
    this.#times[place] = at;
    for (const column of this.#series.values()) column[place] = Number.NaN;
    for (const [name, value] of Object.entries(values)) this.#columnOf(name)[place] = value;
    if (place === 0) this.#forgetEmpty();
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<Sample> {
    for (let index = this.#first; index < this.#added; index += 1) {
      const place = index % this.#capacity;
      const measured = [...this.#series].flatMap(([name, column]): [string, number][] => {
        const value = column[place]!;
        return Number.isNaN(value) ? [] : [[name, value]];
      });
      yield { at: this.#times[place]!, startedAt: this.#startedAt, values: Object.fromEntries(measured) };
    }
  }

  /** When the newest was taken; undefined: there is none. */
  get newestAt(): number | undefined {
    return this.#added === 0 ? undefined : this.#times[(this.#added - 1) % this.#capacity];
  }

  /** The last values of a series, oldest first; ticks at which it was not measured are left out. */
  latest(series: string, ticks: number): number[] {
    const column = this.#series.get(series);
    if (column === undefined) return [];
    const values: number[] = [];
    for (let index = Math.max(this.#first, this.#added - ticks); index < this.#added; index += 1) {
      const value = column[index % this.#capacity]!;
      if (!Number.isNaN(value)) values.push(value);
    }
    return values;
  }

  get #first(): number {
    return Math.max(0, this.#added - this.#capacity);
  }

  #columnOf(name: string): Float64Array {
    let column = this.#series.get(name);
    if (column === undefined) {
      column = new Float64Array(this.#capacity).fill(Number.NaN);
      this.#series.set(name, column);
    }
    return column;
  }

  /** Targets come and go. */
  #forgetEmpty(): void {
    for (const [name, column] of this.#series) if (column.every(Number.isNaN)) this.#series.delete(name);
  }
}
