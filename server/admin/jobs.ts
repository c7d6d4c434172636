import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Job as JobReport } from "../../lib/contracts/jobs.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

/** One thing that a job left as it is. */
export interface JobFailure {
  readonly item: string;
  readonly code: string;
  readonly reason: string;
}

/** Work that takes many steps, told as it goes. Times in milliseconds since the epoch. */
export interface Job<About> {
  readonly id: string;
  readonly by: string;
  readonly about: About;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly state: JobReport["state"];
  /** How much there was to do when it began, and how much of it is done. */
  readonly matching: number;
  readonly done: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly failures: readonly JobFailure[];
}

/** What a step tells of itself. */
export interface JobRun {
  /** Nobody wants the rest any more. */
  readonly isOver: boolean;
  did(count: number): void;
  failed(failure: JobFailure): void;
}

/** A step, from the place where the one before ended, to where the next one goes on; null: nothing is left. */
export type JobStep<Place> = (after: Place, run: JobRun) => Promise<Place | null>;

interface JobOrder<About, Place> {
  readonly by: string;
  readonly about: About;
  readonly matching: number;
  readonly from: Place;
  readonly step: JobStep<Place>;
  readonly ended: () => void;
}

/** Between steps others get their turn at the store. */
const pauseMs = 5;
const maxRunning = 4;
const maxKept = 20;
const maxFailures = 200;

/** Jobs of one kind. They live in this process: after a restart the same job begun again does what was left. */
export class Jobs<About = null> {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Newest last. */
  readonly #jobs = new Map<string, Job<About>>();
  readonly #closing = new AbortController();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Throws `conflict` when too many are running. */
  start<Place>({ by, about, matching, from, step, ended }: JobOrder<About, Place>): Job<About> {
    if (this.list().filter(({ state }) => state === "running").length >= maxRunning)
      throw refused("conflict", "too-many-jobs");
    const id = randomBytes(9).toString("base64url");
    const job: Job<About> = {
      id,
      by,
      about,
      startedAt: this.#clock.now(),
      finishedAt: null,
      state: "running",
      matching,
      done: 0,
      failed: 0,
      failures: [],
    };
    this.#jobs.set(id, job);
    this.#forgetOld();
    void this.#run(id, from, step).finally(ended);
    return job;
  }

  /** Newest first. */
  list(): readonly Job<About>[] {
    return [...this.#jobs.values()].toReversed();
  }

  /** Those that the caller may see: whoever is held to some hosts sees only their own, another's may be about others. */
  seenBy(call: Call): readonly Job<About>[] {
    return this.list().filter(({ by }) => call.hosts() === undefined || by === call.author);
  }

  /** Ends one that the caller may see: what it has not come to stays as it is. Throws `not-found`. */
  stop(id: string, call: Call): Job<About> {
    if (!this.seenBy(call).some((job) => job.id === id)) throw refused("not-found", "job-missing", { id });
    this.#end(id, "stopped");
    return this.#jobs.get(id)!;
  }

  close(): void {
    this.#closing.abort();
  }

  async #run<Place>(id: string, from: Place, step: JobStep<Place>): Promise<void> {
    try {
      const run = this.#runOf(id);
      for (let after: Place | null = from; after !== null && !run.isOver;) {
        after = await step(after, run);
        if (after !== null) await wait(pauseMs);
      }
      if (this.#closing.signal.aborted) return;
      this.#end(id, "done");
    } catch (error) {
      this.#log.error("a job ended early", { job: id, error: String(error) });
      this.#end(id, "failed");
    }
  }

  #runOf(id: string): JobRun {
    const jobs = this.#jobs;
    const closing = this.#closing.signal;
    const change = (next: (job: Job<About>) => Partial<Job<About>>): void => {
      const job = jobs.get(id);
      if (job !== undefined) jobs.set(id, { ...job, ...next(job) });
    };
    return {
      get isOver() {
        return closing.aborted || jobs.get(id)?.state !== "running";
      },
      did: (count) => change(({ done }) => ({ done: done + count })),
      failed: (failure) =>
        change(({ failed, failures }) => ({
          failed: failed + 1,
          failures: failures.length < maxFailures ? [...failures, failure] : failures,
        })),
    };
  }

  #end(id: string, state: "done" | "stopped" | "failed"): void {
    const job = this.#jobs.get(id);
    if (job?.state === "running") this.#jobs.set(id, { ...job, state, finishedAt: this.#clock.now() });
  }

  #forgetOld(): void {
    for (const [id, { state }] of this.#jobs) {
      if (this.#jobs.size <= maxKept) return;
      if (state !== "running") this.#jobs.delete(id);
    }
  }
}

/** As viewers are told of it. */
export function describeJob({ about: _about, ...job }: Job<unknown>) {
  const { startedAt, finishedAt, failures, ...rest } = job;
  return { ...rest, startedAt: timestamp(startedAt), finishedAt: timestampOrNull(finishedAt), failures: [...failures] };
}
