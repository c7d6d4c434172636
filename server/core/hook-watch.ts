import type { Log } from "./log.ts";

/** How long a handler may keep the chain waiting before it is named in the log and left behind, milliseconds. */
const budgetMs = 30_000;
const sweepMs = 5_000;

interface Waiting {
  readonly hook: string;
  readonly module: string;
  readonly since: number;
  readonly giveUp: () => void;
}

/** Keeps an eye on handlers that answered with a promise. One timer for all of them, and only while there are any. */
export class HookWatch {
  readonly #log: Log;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** The handler's answer, or `undefined` once it has taken longer than its budget. */
  answer<T>(hook: string, module: string, pending: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = { hook, module, since: performance.now(), giveUp: () => resolve(undefined) };
      this.#waiting.add(entry);
      this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
      pending.then(
        (value) => {
          this.#waiting.delete(entry);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiting.delete(entry);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #sweep(): void {
    const limit = performance.now() - budgetMs;
    for (const entry of this.#waiting) {
      if (entry.since > limit) break;
      this.#waiting.delete(entry);
      this.#log.error("a hook handler hangs; going on without it", { hook: entry.hook, handler: entry.module });
      entry.giveUp();
    }
    if (this.#waiting.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }
}
