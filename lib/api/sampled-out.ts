import type { LiveRows } from "./live-rows.ts";
import type { SampledFrame } from "./live.ts";

/** What a viewer is told while only a sample is shown. */
export interface Sampled {
  oneIn: number;
  perSecond: number;
  /** Exact counts since sampling began, by state. */
  outcomes: Readonly<Record<string, number>>;
}

type Marked = Pick<LiveRows<object>, "end" | "mark" | "remark">;

/** Rows that fit between two marks; a mark counts on in its place until then. */
const rowsPerMark = 500;

/** Keeps account of what a sample leaves out, with marks in the list where it was left out. */
export class SampledOut {
  readonly #rows: Marked;
  #now: Sampled | null = null;
  #mark: { position: number; from: number; sampledOut: number } | null = null;

  constructor(rows: Marked) {
    this.#rows = rows;
  }

  get now(): Sampled | null {
    return this.#now;
  }

  take({ from, to, events, shown, outcomes, perSecond, oneIn }: SampledFrame): void {
    const before = new Map(Object.entries(this.#now?.outcomes ?? {}));
    for (const [state, count] of Object.entries(outcomes)) before.set(state, (before.get(state) ?? 0) + count);
    this.#count(from, to, events - shown);
    if (oneIn > 1) this.#now = { oneIn, perSecond, outcomes: Object.fromEntries(before) };
    else this.end();
  }

  /** Everything is shown again. */
  end(): void {
    this.#now = null;
    this.#mark = null;
  }

  /** The rows were cleared, and the mark with them. */
  forgetMark(): void {
    this.#mark = null;
  }

  #count(from: number, to: number, more: number): void {
    if (more === 0) return;
    const isNear = this.#mark !== null && this.#rows.end - this.#mark.position <= rowsPerMark;
    if (this.#mark === null || !isNear) {
      const position = this.#rows.mark({ gap: true, from, to, sampledOut: more });
      this.#mark = { position, from, sampledOut: more };
      return;
    }
    this.#mark.sampledOut += more;
    const { position, sampledOut } = this.#mark;
    this.#rows.remark(position, { gap: true, from: this.#mark.from, to, sampledOut });
  }
}
