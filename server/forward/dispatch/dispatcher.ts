import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { ClaimedLane, DeviceRow, Outbox, PushCredentials } from "../../storage/ports.ts";
import type { Resolver } from "../http/guard.ts";
import type { ForwardAlert, ResolvedTarget, TargetState, TestResult } from "../service.ts";
import type { Timers } from "../timers.ts";
import type { Publish, TestOptions } from "../transport.ts";
import { transportFor } from "../transports.ts";
import type { Vault } from "../vault.ts";
import type { QueueParts } from "./queue-parts.ts";
import { Settler } from "./settler.ts";
import { TargetQueue } from "./target-queue.ts";
import { testEvent } from "./test-event.ts";

/** A look at the outbox in case a wake-up was lost, and at leases that ended. */
const patrolMs = 30_000;
const closeGraceMs = 5_000;

export interface DispatcherOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly version: string;
  /** Waiting times after the first, second, … failed attempt; the last one repeats. */
  readonly retryMs: readonly number[];
  /** Asked for the addresses of names; the system when left out. */
  readonly resolve?: Resolver | undefined;
  /** The way to app servers. */
  readonly publish: Publish;
  /** See `TransportOptions`. */
  readonly vault?: Vault | undefined;
  readonly credentials?: PushCredentials | undefined;
  /** Makes the way to a target; by its kind when left out. */
  readonly transport?: typeof transportFor;
  alert(alert: ForwardAlert): void;
}

/** Takes due events from the outbox to their targets: one scheduler for each target, so that none waits for another. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #settler: Settler;
  readonly #parts: QueueParts;
  readonly #queues = new Map<string, TargetQueue>();
  #isAsking = false;
  #isAskedAgain = false;
  #cancelPatrol: () => void = () => {};
  #isClosed = false;

  /** One dispatcher works on an outbox at a time: what an earlier one held is taken back at once. */
  static async start(options: DispatcherOptions): Promise<Dispatcher> {
    const returned = await options.outbox.reclaim(Number.MAX_SAFE_INTEGER);
    if (returned > 0) options.log.info("lanes of an earlier run were taken back", { lanes: returned });
    return new Dispatcher(options);
  }

  private constructor(options: DispatcherOptions) {
    const { outbox, timers, log } = options;
    this.#options = options;
    this.#settler = new Settler(outbox, timers, log);
    this.#parts = {
      transport: transportFor,
      ...options,
      settler: this.#settler,
      alert: (alert) => options.alert(alert),
      askDue: () => void this.#askDue(),
    };
    this.#patrol();
  }

  configure(targets: ReadonlyMap<string, ResolvedTarget>): void {
    for (const [name, queue] of this.#queues) if (!targets.has(name)) queue.configure(null);
    for (const [name, target] of targets) {
      let queue = this.#queues.get(name);
      if (queue === undefined) {
        queue = new TargetQueue(name, this.#parts);
        this.#queues.set(name, queue);
      }
      queue.configure(target);
    }
  }

  wake(targets?: Iterable<string>): void {
    if (targets === undefined) for (const queue of this.#queues.values()) queue.wake();
    else for (const name of targets) this.#queues.get(name)?.wake();
  }

  /** Lanes that the outbox has claimed because a queue offered to take them. */
  taken(lanes: readonly ClaimedLane[]): void {
    for (const lane of lanes) this.#queues.get(lane.target)?.taken(lane);
  }

  /** Whatever was wrong with the target may be right by now. */
  release(target: string): void {
    this.#queues.get(target)?.release();
  }

  async test(
    name: string,
    target: ResolvedTarget,
    device: DeviceRow | null,
    options: TestOptions = {},
  ): Promise<TestResult> {
    const event = testEvent(name, target, device, this.#options.clock.now(), options);
    const transport = this.#parts.transport(target, this.#options);
    const { record } = await transport.attempt(event, 1);
    transport.close(true);
    return { ...record, payload: event.payload };
  }

  health(): ReadonlyMap<string, TargetState> {
    return new Map(Array.from(this.#queues, ([name, queue]) => [name, queue.state()]));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPatrol();
    await Promise.all(Array.from(this.#queues.values(), (queue) => queue.close(closeGraceMs)));
    await this.#settler.drained();
  }

  #patrol(): void {
    void this.#askDue();
    this.#cancelPatrol = this.#options.timers.after(patrolMs, () => this.#patrol());
  }

  /** Tells each queue when its next event is due. A question that comes up meanwhile is asked again. */
  async #askDue(): Promise<void> {
    this.#isAskedAgain = this.#isAsking;
    if (this.#isAsking || this.#isClosed) return;
    this.#isAsking = true;
    try {
      do {
        this.#isAskedAgain = false;
        for (const { target, dueAt } of await this.#options.outbox.due()) this.#queues.get(target)?.dueAgainAt(dueAt);
      } while (this.#isAskedAgain);
    } catch (error) {
      this.#options.log.error("the outbox cannot be read", { error: String(error) });
    }
    this.#isAsking = false;
  }
}
