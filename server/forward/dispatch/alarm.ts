import type { Timers } from "../timers.ts";

/** One alarm that can be put forward and back; at the time it was set for already, it stays as it is. */
export class Alarm {
  readonly #timers: Timers;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(timers: Timers, ring: () => void) {
    this.#timers = timers;
    this.#ring = ring;
  }

  /** Infinity: no alarm. It rings after `leastMs` at the earliest. */
  set(at: number, now: number, leastMs: number): void {
    if (at === this.#at) return;
    this.off();
    if (at === Number.POSITIVE_INFINITY) return;
    this.#at = at;
    this.#cancel = this.#timers.after(Math.max(at - now, leastMs), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#cancel = null;
      this.#ring();
    });
  }

  off(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
