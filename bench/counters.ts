import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { Writable } from "node:stream";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** User and system time of a process with all its threads, in microseconds (proc_pid_stat(5), fields 14 and 15). */
function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
}

/** Resident memory of a process, in bytes. */
export const residentBytes = (pid: number): number => statusBytes(pid, "VmRSS");

/** The part of it that no file stands behind. */
export const anonymousBytes = (pid: number): number => statusBytes(pid, "RssAnon");

function statusBytes(pid: number, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(match?.[1]) * 1024;
}

/** CPU time of the threads of a process so far, in microseconds, by thread name; threads of one name count together. */
export function threadCpuUs(pid: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const directory = `/proc/${pid}/task/${thread}`;
    const name = readFileSync(`${directory}/comm`, "utf8").trim();
    // proc_pid_schedstat: time on a core in nanoseconds comes first.
    const [ns] = readFileSync(`${directory}/schedstat`, "latin1").split(" ");
    sums.set(name, (sums.get(name) ?? 0) + Number(ns) / 1000);
  }
  return sums;
}

/** Can `perf` count instructions here? Many virtual machines have no counters. */
export function canCountInstructions(): boolean {
  const { error, stderr } = spawnSync("perf", ["stat", "-x,", "-e", "instructions:u", "true"], { encoding: "utf8" });
  return error === undefined && /^\d+,/m.test(stderr);
}

/** What one operation cost the server, over one measured interval. */
export interface Cost {
  readonly operations: number;
  readonly perSecond: number | null;
  readonly cpuUs: number | null;
  readonly instructions: number | null;
  /** The generator's share of a core: near 1, the rate is its limit and not the server's. */
  readonly generatorShare: number;
}

/** One measured interval of the server's process. */
export class Meter {
  readonly #pid: number;
  readonly #counter: InstructionCounter | null;
  readonly #cpuUs: number;
  readonly #own: NodeJS.CpuUsage;
  readonly #startedAt: number;

  private constructor(pid: number, counter: InstructionCounter | null) {
    this.#pid = pid;
    this.#counter = counter;
    this.#cpuUs = cpuUs(pid);
    this.#own = process.cpuUsage();
    this.#startedAt = performance.now();
  }

  static async start(pid: number, withInstructions: boolean): Promise<Meter> {
    return new Meter(pid, withInstructions ? await InstructionCounter.start(pid) : null);
  }

  /** The clocks are read at the call; `operations` are those since the start. */
  async stop(operations: number): Promise<Cost> {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const spentUs = cpuUs(this.#pid) - this.#cpuUs;
    const { user, system } = process.cpuUsage(this.#own);
    const instructions = this.#counter === null ? null : await this.#counter.stop();
    return {
      operations,
      perSecond: operations / seconds,
      cpuUs: spentUs / operations,
      instructions: instructions === null ? null : instructions / operations,
      generatorShare: (user + system) / 1e6 / seconds,
    };
  }
}

/** `perf stat` on a running process, switched on and off through its control pipe (perf-stat(1), --control). */
class InstructionCounter {
  readonly #perf: ChildProcess;
  #report = "";

  private constructor(pid: number) {
    this.#perf = spawn(
      "perf",
      ["stat", "-x,", "-e", "instructions:u,instructions:k", "-p", String(pid), "-D", "-1", "--control", "fd:3,4"],
      { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] },
    );
    this.#perf.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#report += text;
    });
  }

  static async start(pid: number): Promise<InstructionCounter> {
    const counter = new InstructionCounter(pid);
    await counter.#tell("enable");
    return counter;
  }

  async stop(): Promise<number> {
    await this.#tell("disable");
    const ended = once(this.#perf, "close");
    this.#perf.kill("SIGINT");
    await ended;
    return Array.from(this.#report.matchAll(/^(\d+),/gm), ([, count]) => Number(count)).reduce((a, b) => a + b, 0);
  }

  // perf acknowledges each command on the second pipe.
  async #tell(command: "enable" | "disable"): Promise<void> {
    const acknowledged = once(this.#perf.stdio[4]!, "data");
    (this.#perf.stdio[3] as Writable).write(`${command}\n`);
    await acknowledged;
  }
}
