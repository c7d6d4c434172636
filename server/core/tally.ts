/** Counts by a name that comes from a small, fixed set. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#total += 1;
  }

  entries(): Iterable<readonly [name: string, count: number]> {
    return this.#counts;
  }
}
