import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";

/** Short-lived values that a browser comes back for with an id that cannot be guessed. The oldest go first when it is full. */
export class Pending<Value> {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #max: number;
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>();

  constructor(clock: Clock, ttlMs: number, max = 1_000) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#max = max;
  }

  add(value: Value): string {
    const id = randomBytes(18).toString("base64url");
    this.#values.set(id, { value, until: this.#clock.now() + this.#ttlMs });
    if (this.#values.size > this.#max) this.#values.delete(this.#values.keys().next().value!);
    return id;
  }

  get(id: string): Value | undefined {
    const found = this.#values.get(id);
    if (found === undefined || found.until > this.#clock.now()) return found?.value;
    this.#values.delete(id);
    return undefined;
  }

  /** The value, for the last time. */
  take(id: string): Value | undefined {
    const value = this.get(id);
    this.#values.delete(id);
    return value;
  }
}
