import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { DeadFilter, Outbox } from "../../storage/ports.ts";
import type { Timers } from "../timers.ts";
import type { MissingStep, MissingWindow } from "./missing.ts";
import type { Rerouting } from "./rerouting.ts";

/** Events of one transaction: a few milliseconds of the store. */
const stepEvents = 200;
/** The same where each is written anew: a few milliseconds of the thread that has the streams, too. */
const stepRendered = 100;
/** A replay goes on while fewer events than this wait for its targets: what it has not come to can still be left dead. */
const maxWaiting = 5_000;
const pauseMs = 50;
const maxRunning = 4;
const maxKept = 20;

/** Dead events that somebody chose. */
type Chosen = Omit<DeadFilter, "diedUntil">;

/** A job that brings dead events back, at their own targets or another, or makes those that are missing. Times in milliseconds since the epoch. */
export interface Replay {
  readonly id: string;
  readonly kind: "dead" | "missing";
  /** The target that all of them go to; null: each to its own. */
  readonly to: string | null;
  readonly by: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly state: "running" | "done" | "stopped" | "failed";
  /** Events that matched when it began, and how many of them are on their way since. */
  readonly matching: number;
  readonly replayed: number;
  /** Events that it came to and left dead: see {@link Rerouting}. */
  readonly left: number;
}

export interface ReplayOptions {
  readonly outbox: Pick<Outbox, "countDead" | "replay" | "due" | "add">;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Looks for what a target has missed: steps by the id of the message before. */
  missing(window: MissingWindow): { next(after: number, now: number): Promise<MissingStep> };
  /** Gives dead events to another target. */
  rerouting(filter: DeadFilter, to: string): Pick<Rerouting, "step" | "quota">;
  wake(targets: Iterable<string>): void;
}

/** What a job does a step at a time. */
interface Job extends Pick<Replay, "kind" | "to" | "by" | "matching"> {
  /** Targets that have to have room before it begins. */
  readonly targets: readonly string[];
  /** It goes on while fewer events than this wait for its targets. */
  mostWaiting?(): number;
  step(after: number): Promise<{ replayed: number; left?: number; targets: readonly string[]; upTo: number | null }>;
}

/**
 * Jobs that bring many events back, a step at a time, no faster than the targets take them. They live in this process: after
 * a restart what was not reached is still dead or missing, and the same filter goes on with it.
 */
export class Replays {
  readonly #options: ReplayOptions;
  readonly #log: Log;
  /** Newest last. */
  readonly #replays = new Map<string, Replay>();
  #isClosed = false;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#log = options.log.for("forward");
  }

  count(filter: Chosen): Promise<number> {
    return this.#options.outbox.countDead({ ...filter, diedUntil: this.#options.clock.now() });
  }

  async countMissing(window: MissingWindow): Promise<number> {
    const finder = this.#options.missing(window);
    const now = this.#options.clock.now();
    let count = 0;
    for (let after: number | null = 0; after !== null && !this.#isClosed;) {
      const step: MissingStep = await finder.next(after, now);
      count += step.events.length;
      after = step.upTo;
    }
    return count;
  }

  /** Too many are running for one more. */
  get isFull(): boolean {
    return this.list().filter(({ state }) => state === "running").length >= maxRunning;
  }

  /** null: too many are running. */
  async start(filter: Chosen, by: string): Promise<Replay | null> {
    const { outbox, clock } = this.#options;
    const dead = { ...filter, diedUntil: clock.now() };
    return this.#begin({
      kind: "dead",
      to: null,
      by,
      matching: await outbox.countDead(dead),
      targets: [],
      step: (after) => outbox.replay(dead, after, clock.now(), stepEvents),
    });
  }

  /** The dead events of web servers go to the web server `to` instead of their own. null: too many are running. */
  async startElsewhere(filter: Chosen, to: string, by: string): Promise<Replay | null> {
    const { outbox, clock, rerouting } = this.#options;
    const dead = { ...filter, isForWebServers: true, diedUntil: clock.now() };
    const job = rerouting(dead, to);
    const targets = [to];
    return this.#begin({
      kind: "dead",
      to,
      by,
      matching: await outbox.countDead(dead),
      targets,
      // What comes of itself is not to die as overflow for what is brought. A step that throws ends a job without a target.
      mostWaiting: () => Math.max(1, Math.min(maxWaiting, job.quota() - stepRendered)),
      step: async (after) => {
        const { moved, left, upTo } = await job.step(after, clock.now(), stepRendered);
        return { replayed: moved, left, targets, upTo };
      },
    });
  }

  /** null: too many are running. */
  async startMissing(window: MissingWindow, by: string): Promise<Replay | null> {
    const { outbox, clock, missing } = this.#options;
    const finder = missing(window);
    const targets = [window.target];
    return this.#begin({
      kind: "missing",
      to: window.target,
      by,
      matching: await this.countMissing(window),
      targets,
      step: async (after) => {
        const { events, upTo } = await finder.next(after, clock.now());
        return { replayed: events.length === 0 ? 0 : await outbox.add(events), targets, upTo };
      },
    });
  }

  /** Newest first. */
  list(): readonly Replay[] {
    return [...this.#replays.values()].toReversed();
  }

  get(id: string): Replay | undefined {
    return this.#replays.get(id);
  }

  /** What is on its way already goes on; the rest stays as it is. */
  stop(id: string): void {
    this.#end(id, "stopped");
  }

  close(): void {
    this.#isClosed = true;
  }

  #begin(job: Job): Replay | null {
    if (this.isFull) return null;
    const id = randomBytes(9).toString("base64url");
    const startedAt = this.#options.clock.now();
    const { kind, to, by, matching } = job;
    const state = "running";
    const replay: Replay = { id, kind, to, by, startedAt, finishedAt: null, state, matching, replayed: 0, left: 0 };
    this.#replays.set(id, replay);
    this.#forgetOld();
    void this.#run(id, job);
    return replay;
  }

  async #run(id: string, job: Job): Promise<void> {
    const { wake } = this.#options;
    const touched = new Set(job.targets);
    let after: number | null = 0;
    try {
      while (after !== null) {
        await this.#room(id, touched, job.mostWaiting?.() ?? maxWaiting);
        if (!this.#isRunning(id)) return;
        const step: Awaited<ReturnType<Job["step"]>> = await job.step(after);
        for (const target of step.targets) touched.add(target);
        if (step.replayed > 0) wake(step.targets);
        const replay = this.#replays.get(id)!;
        const { replayed, left } = replay;
        this.#replays.set(id, { ...replay, replayed: replayed + step.replayed, left: left + (step.left ?? 0) });
        after = step.upTo;
      }
      this.#end(id, "done");
    } catch (error) {
      this.#log.error("a replay ended early", { replay: id, error: String(error) });
      this.#end(id, "failed");
    }
  }

  /** Resolves when the targets can take more, or the replay is over. */
  async #room(id: string, targets: ReadonlySet<string>, most: number): Promise<void> {
    const { outbox, timers } = this.#options;
    while (targets.size > 0 && this.#isRunning(id)) {
      let waiting = 0;
      for (const { target, backlog } of await outbox.due()) if (targets.has(target)) waiting += backlog;
      if (waiting < most) return;
      await new Promise<void>((resolve) => {
        timers.after(pauseMs, resolve);
      });
    }
  }

  #isRunning(id: string): boolean {
    return !this.#isClosed && this.#replays.get(id)?.state === "running";
  }

  #end(id: string, state: "done" | "stopped" | "failed"): void {
    const replay = this.#replays.get(id);
    if (replay?.state !== "running") return;
    this.#replays.set(id, { ...replay, state, finishedAt: this.#options.clock.now() });
  }

  #forgetOld(): void {
    for (const [id, { state }] of this.#replays) {
      if (this.#replays.size <= maxKept) return;
      if (state !== "running") this.#replays.delete(id);
    }
  }
}
