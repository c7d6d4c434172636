import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

/** Work that takes many steps, told as it goes. Times in milliseconds since the epoch. */
export interface Job {
  readonly id: string;
  readonly by: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly state: "running" | "done" | "stopped" | "failed";
  /** How much there was to do when it began, and how much of it is done. */
  readonly matching: number;
  readonly done: number;
}

/** A step: what was done, and where the next one goes on; null: nothing is left. */
export type JobStep = (after: number) => Promise<{ readonly done: number; readonly upTo: number | null }>;

/** Between steps others get their turn at the store. */
const pauseMs = 5;
const maxRunning = 4;
const maxKept = 20;

/** Jobs of one kind. They live in this process: after a restart the same job begun again does what was left. */
export class Jobs {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Newest last. */
  readonly #jobs = new Map<string, Job>();
  readonly #closing = new AbortController();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** null: too many are running. */
  start(by: string, matching: number, step: JobStep, ended: () => void): Job | null {
    if (this.list().filter(({ state }) => state === "running").length >= maxRunning) return null;
    const id = randomBytes(9).toString("base64url");
    const job: Job = { id, by, startedAt: this.#clock.now(), finishedAt: null, state: "running", matching, done: 0 };
    this.#jobs.set(id, job);
    this.#forgetOld();
    void this.#run(id, step).finally(ended);
    return job;
  }

  /** Newest first. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].toReversed();
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** What it has not come to stays as it is. */
  stop(id: string): void {
    this.#end(id, "stopped");
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(id: string, step: JobStep): Promise<void> {
    try {
      for (let after: number | null = 0; after !== null;) {
        if (this.#closing.signal.aborted || this.#jobs.get(id)?.state !== "running") return;
        const { done, upTo } = await step(after);
        const job = this.#jobs.get(id);
        if (job !== undefined) this.#jobs.set(id, { ...job, done: job.done + done });
        after = upTo;
        if (after !== null) await wait(pauseMs);
      }
      this.#end(id, "done");
    } catch (error) {
      this.#log.error("a job ended early", { job: id, error: String(error) });
      this.#end(id, "failed");
    }
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
export function describeJob(job: Job) {
  return { ...job, startedAt: timestamp(job.startedAt), finishedAt: timestampOrNull(job.finishedAt) };
}
