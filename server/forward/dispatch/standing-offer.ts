import type { Log } from "../../core/log.ts";
import type { ClaimOffer, Outbox } from "../../storage/ports.ts";

/** What the outbox may claim for a target without being asked (`Outbox.offer`); told when it changes. */
export class StandingOffer {
  readonly #target: string;
  readonly #outbox: Pick<Outbox, "offer">;
  readonly #log: Log;
  #told: ClaimOffer | null = null;

  constructor(target: string, outbox: Pick<Outbox, "offer">, log: Log) {
    this.#target = target;
    this.#outbox = outbox;
    this.#log = log;
  }

  /** No lanes: nothing is to be claimed. */
  set(lanes: number, perLane: number, leaseMs: number): void {
    const told = this.#told;
    const isNone = lanes < 1;
    if (isNone ? told === null : isSame(told, lanes, perLane, leaseMs)) return;
    this.#told = isNone ? null : { lanes, perLane, leaseMs };
    this.#outbox.offer(this.#target, this.#told).catch((error: unknown) => {
      this.#log.error("the outbox cannot be told how much may be claimed", { error: String(error) });
    });
  }
}

function isSame(told: ClaimOffer | null, lanes: number, perLane: number, leaseMs: number): boolean {
  return told !== null && told.lanes === lanes && told.perLane === perLane && told.leaseMs === leaseMs;
}
