import type { Core } from "../../core/core.ts";
import type { ForwardService } from "../../forward/service.ts";
import type { CommitFigures } from "../../storage/ports.ts";
import { LoopLag } from "./loop-lag.ts";

/** Values by series (lib/contracts/metrics.ts). */
export type Readings = Record<string, number>;

/** Counters at a moment; what is charted is how fast they grow. */
interface Counters {
  readonly at: number;
  readonly cpuMicroseconds: number;
  readonly messages: number;
  readonly presences: number;
  readonly iqs: number;
  readonly loginsDone: number;
  readonly loginsFailed: number;
  readonly delivered: number;
  readonly failed: number;
  readonly commits: CommitFigures;
}

/** What takes the store some work is read once in so many ticks, and holds until then. */
const slowTicks = 6;
/** Lines of one chart; more of them could not be told apart. */
const maxTargets = 8;

/** Reads off what the charts show, one tick after the other. */
export class Meter {
  readonly #core: Core;
  readonly #forward: Pick<ForwardService, "health">;
  readonly #loop = new LoopLag();
  #before: Counters | null = null;
  #slow: Readings = {};
  #ticks = 0;

  constructor(core: Core, forward: Pick<ForwardService, "health">) {
    this.#core = core;
    this.#forward = forward;
  }

  stop(): void {
    this.#loop.stop();
  }

  /** `at`: on a clock that does not jump, milliseconds. */
  async read(at: number): Promise<Readings> {
    const { sessions, disk } = this.#core;
    const [now, store] = await Promise.all([this.#counters(at), this.#slowly()]);
    const { rss, heapUsed } = process.memoryUsage();
    const readings: Readings = {
      ...store,
      sessions: sessions.size,
      streams: sumOf(this.#core, "nightpost_streams"),
      "loop-p99": this.#loop.percentile(99),
      "loop-max": this.#loop.longestMs,
      "memory-resident": rss,
      "memory-heap": heapUsed,
    };
    this.#loop.forget();
    if (Number.isFinite(disk.freeBytes)) readings["disk-free"] = disk.freeBytes;
    if (this.#before !== null) Object.assign(readings, growth(this.#before, now));
    this.#before = now;
    return readings;
  }

  async #counters(at: number): Promise<Counters> {
    const { metrics, stores } = this.#core;
    const { user, system } = process.cpuUsage();
    const [commits, health] = await Promise.all([stores.series.commits(true), this.#forward.health()]);
    let delivered = 0;
    let failed = 0;
    for (const { attempts } of health.values())
      for (const [outcome, count] of attempts) {
        if (outcome === "delivered") delivered += count;
        else failed += count;
      }
    return {
      at,
      cpuMicroseconds: user + system,
      messages: metrics.messagesIn,
      presences: metrics.presencesIn,
      iqs: metrics.iqsIn,
      loginsDone: metrics.loginsDone.total,
      loginsFailed: metrics.loginsFailed.total,
      delivered,
      failed,
      commits,
    };
  }

  async #slowly(): Promise<Readings> {
    this.#ticks += 1;
    if (this.#ticks % slowTicks !== 1) return this.#slow;
    const { stores, clock } = this.#core;
    const [offline, targets, bytes] = await Promise.all([
      stores.offline.totals(),
      stores.outbox.stats(clock.now()),
      stores.size(),
    ]);
    this.#slow = { "offline-messages": offline.messages, "store-bytes": bytes };
    const busiest = targets.toSorted((a, b) => b.backlog - a.backlog || b.delivered24h - a.delivered24h);
    for (const { target, backlog, p95Ms } of busiest.slice(0, maxTargets)) {
      this.#slow[`backlog:${target}`] = backlog;
      if (p95Ms !== null) this.#slow[`latency:${target}`] = p95Ms;
    }
    return this.#slow;
  }
}

function growth(before: Counters, now: Counters): Readings {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const rate = (value: number, old: number): number => Math.max(0, value - old) / seconds;
  const commits = now.commits.count - before.commits.count;
  const readings: Readings = {
    messages: rate(now.messages, before.messages),
    presences: rate(now.presences, before.presences),
    iqs: rate(now.iqs, before.iqs),
    "logins-done": rate(now.loginsDone, before.loginsDone),
    "logins-failed": rate(now.loginsFailed, before.loginsFailed),
    "forwards-delivered": rate(now.delivered, before.delivered),
    "forwards-failed": rate(now.failed, before.failed),
    cpu: rate(now.cpuMicroseconds, before.cpuMicroseconds) / 10_000,
    commits: rate(now.commits.count, before.commits.count),
  };
  // Where nothing was committed there is no time that it took.
  if (commits > 0) {
    readings["commit-mean"] = (now.commits.totalMs - before.commits.totalMs) / commits;
    readings["commit-max"] = now.commits.slowestMs;
  }
  return readings;
}

/** The sum of a family that somebody registered and that is read at once; 0: there is none. */
function sumOf({ metrics }: Core, name: string): number {
  let sum = 0;
  for (const family of metrics.families()) {
    if (family.name !== name) continue;
    const samples = family.read();
    if (samples instanceof Promise) continue;
    for (const { value } of samples) sum += value;
  }
  return sum;
}
