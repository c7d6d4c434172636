import { monitorEventLoopDelay } from "node:perf_hooks";

const resolutionMs = 20;

/** How late the main thread is for what is due, since it was last forgotten. */
export class LoopLag {
  readonly #delays = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#delays.enable();
  }

  /** Milliseconds. */
  percentile(percent: number): number {
    return late(this.#delays.percentile(percent));
  }

  get longestMs(): number {
    return late(this.#delays.max);
  }

  forget(): void {
    this.#delays.reset();
  }

  stop(): void {
    this.#delays.disable();
  }
}

// Node tells the time between two looks, in nanoseconds: what is beyond the time that was asked for is late.
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
