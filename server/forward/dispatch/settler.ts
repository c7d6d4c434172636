import type { Log } from "../../core/log.ts";
import type { Outbox, Settlement } from "../../storage/ports.ts";
import type { Timers } from "../timers.ts";

const firstPauseMs = 200;
const maxPauseMs = 5_000;

/** Who is told when settlements are committed, with the number of lanes that are free again because of them. */
export interface SettlementOwner {
  settled(lanes: number): void;
}

/**
 * Writes outcomes to the outbox: everything that came up while the last write ran goes into the next one. A write that fails
 * is repeated until it succeeds; repeating one that did succeed is harmless, because its claims have ended with it.
 */
export class Settler {
  readonly #outbox: Pick<Outbox, "settle" | "release">;
  readonly #timers: Timers;
  readonly #log: Log;
  #queue: Settlement[] = [];
  #releases: string[] = [];
  #canWait = true;
  #owners = new Map<SettlementOwner, number>();
  #isScheduled = false;
  #isRunning = false;
  #pauseMs = 0;
  #idle: (() => void)[] = [];

  constructor(outbox: Pick<Outbox, "settle" | "release">, timers: Timers, log: Log) {
    this.#outbox = outbox;
    this.#timers = timers;
    this.#log = log;
  }

  /** `endsLane`: the claim holds nothing unsettled after this one. `canWait`: nothing is held up until it is written. */
  settle(settlement: Settlement, owner: SettlementOwner, endsLane: boolean, canWait = false): void {
    this.#queue.push(settlement);
    this.#canWait &&= canWait;
    this.#note(owner, endsLane ? 1 : 0);
    this.#schedule();
  }

  /** Gives back what is unsettled of a claim, after the settlements before. */
  release(claim: string, owner: SettlementOwner): void {
    this.#releases.push(claim);
    this.#note(owner, 1);
    this.#schedule();
  }

  /** Resolves when nothing is left to write. */
  drained(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #note(owner: SettlementOwner, lanes: number): void {
    this.#owners.set(owner, (this.#owners.get(owner) ?? 0) + lanes);
  }

  #isIdle(): boolean {
    return !this.#isRunning && this.#queue.length === 0 && this.#releases.length === 0;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isRunning) return;
    this.#isScheduled = true;
    queueMicrotask(this.#start);
  }

  readonly #start = (): void => {
    this.#isScheduled = false;
    if (!this.#isRunning) void this.#write();
  };

  async #write(): Promise<void> {
    this.#isRunning = true;
    const settlements = this.#queue;
    const releases = this.#releases;
    const owners = this.#owners;
    const canWait = this.#canWait;
    this.#canWait = true;
    this.#queue = [];
    this.#releases = [];
    this.#owners = new Map();
    try {
      const written = settlements.length > 0 ? this.#outbox.settle(settlements, canWait) : undefined;
      const released = releases.length > 0 ? this.#outbox.release(releases) : undefined;
      await written;
      await released;
      this.#pauseMs = 0;
    } catch (error) {
      this.#queue = [...settlements, ...this.#queue];
      this.#releases = [...releases, ...this.#releases];
      for (const [owner, lanes] of owners) this.#note(owner, lanes);
      this.#again(error);
      return;
    }
    this.#isRunning = false;
    for (const [owner, lanes] of owners) owner.settled(lanes);
    if (!this.#isIdle()) this.#schedule();
    else for (const resolve of this.#idle.splice(0)) resolve();
  }

  #again(error: unknown): void {
    if (this.#pauseMs === 0) this.#log.error("outcomes cannot be written", { error: String(error) });
    this.#pauseMs = this.#pauseMs === 0 ? firstPauseMs : Math.min(this.#pauseMs * 2, maxPauseMs);
    this.#timers.after(this.#pauseMs, () => {
      void this.#write();
    });
  }
}
