const perOctave = 4;
const finest = 1 / 16;
const buckets = 96;

/** What a handler has done since it was registered. Calls are counted, and some of them are timed. */
export class HandlerCost {
  calls = 0;
  errors = 0;
  /** How many took so long, by quarters of an octave; made with the first one. */
  #counts: Uint32Array | null = null;
  #timed = 0;

  /** One call took so many milliseconds, until its promise was kept if it gave one. */
  took(ms: number): void {
    this.#counts ??= new Uint32Array(buckets);
    const bucket = Math.floor(Math.log2(Math.max(1, (ms * 1000) / finest)) * perOctave);
    this.#counts[Math.min(buckets - 1, bucket)]! += 1;
    this.#timed += 1;
  }

  /** Microseconds that 95 of 100 calls stay below, to a fifth; null: none was timed yet. */
  get p95Us(): number | null {
    if (this.#counts === null) return null;
    let left = Math.ceil(this.#timed * 0.95);
    let bucket = 0;
    while ((left -= this.#counts[bucket]!) > 0) bucket += 1;
    return finest * 2 ** ((bucket + 1) / perOctave);
  }
}
