import { randomInt } from "node:crypto";

const firstMs = 2_000;
const maxMs = 300_000;
/** Links that failed together must not be tried together again. */
const jitter = 0.2;

/** When to try again what has failed: ever more rarely, and by chance a little sooner or later. */
export class BackOff {
  #failures = 0;
  /** null: nothing is waited for. */
  until: number | null = null;

  failed(now: number): void {
    const waitMs = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 16));
    const spreadMs = Math.round(waitMs * jitter);
    this.#failures += 1;
    this.until = now + waitMs + randomInt(-spreadMs, spreadMs + 1);
  }

  /** Nothing has failed, and it is not to be tried before. */
  hold(until: number): void {
    this.until = until;
  }

  /** It is being tried. */
  tried(): void {
    this.until = null;
  }

  /** It has worked, or somebody knows better. */
  reset(): void {
    this.#failures = 0;
    this.until = null;
  }

  isOver(now: number): boolean {
    return this.until === null || now >= this.until;
  }
}
