import type { Clock } from "../../core/clock.ts";
import { PerMinute } from "../../core/per-minute.ts";
import type { Packet } from "../../core/router.ts";
import { StanzaError } from "../../xmpp/errors.ts";

/** How often one account changes nodes: counted for who asks, so nobody uses up what somebody else may do. */
export class Changes {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #counts: PerMinute;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
    this.#counts = new PerMinute(max);
  }

  /** Throws StanzaError `resource-constraint` when it was too often. */
  count({ from }: Packet): void {
    if (!this.#counts.take(from.bare, this.#clock.now()))
      throw StanzaError.of("resource-constraint", `no more than ${this.#max} changes a minute`);
  }
}
