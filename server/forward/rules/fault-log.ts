import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";

const minuteMs = 60_000;

/** Says that a rule's expression cannot be answered: once per rule and minute, with how often it was since. */
export class FaultLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #rules = new Map<string, { saidAt: number; count: number }>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  note = (rule: string, detail: string): void => {
    const now = this.#clock.now();
    const known = this.#rules.get(rule) ?? { saidAt: -Infinity, count: 0 };
    known.count += 1;
    this.#rules.set(rule, known);
    if (now - known.saidAt < minuteMs) return;
    this.#log.warn("a forward rule has no answer for a message and did not match", {
      rule,
      detail,
      times: known.count,
    });
    known.saidAt = now;
    known.count = 0;
  };
}
