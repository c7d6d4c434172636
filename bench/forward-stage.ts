import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { residentBytes, threadCpuUs } from "./counters.ts";
import { MessageWriter } from "./messages.ts";
import { freePort } from "./ports.ts";
import { bareJid, loginMany, pause, until, type LoadSession } from "./session.ts";
import { Sink } from "./sink.ts";
import type { Nightpost, NightpostOptions, RunningNightpost } from "./subjects.ts";
import { percentiles } from "./workload.ts";

/** A line of the report. */
export interface Row {
  readonly what: string;
  readonly value: string;
  /** What was promised; empty where nothing was. */
  readonly goal: string;
}

/** The least that a POST cost in the same run, and how long each measurement takes. */
export interface Terms {
  readonly nightpost: Nightpost;
  readonly seconds: number;
  readonly minutes: number;
  /** Messages a second. */
  readonly rates: readonly number[];
  /** The senders of `rate` come over direct TLS. */
  readonly isTls: boolean;
  readonly postCpuUs: number;
}

export type Scenario = (terms: Terms) => Promise<readonly Row[]>;

const senderCount = 4;
const firstRecipient = 1000;
const messageBytes = 200;
export const serverCore = availableParallelism() > 1 ? 0 : null;

/** A server that forwards everything to a web server in this process, and senders that keep a pace. */
export class Stage {
  readonly sink: Sink;
  readonly running: RunningNightpost;
  readonly recipients: number;
  readonly senders: readonly LoadSession[];
  readonly #writers: readonly MessageWriter[];
  #sent = 0;

  private constructor(sink: Sink, running: RunningNightpost, senders: readonly LoadSession[], recipients: number) {
    this.sink = sink;
    this.running = running;
    this.recipients = recipients;
    this.senders = senders;
    this.#writers = Array.from(
      { length: recipients },
      (_, index) => new MessageWriter(bareJid(firstRecipient + index), 0, messageBytes),
    );
  }

  /** `isTls`: the senders come over direct TLS. */
  static async start(
    nightpost: Nightpost,
    recipients = 2000,
    { isTls = false, ...options }: Partial<NightpostOptions> & { readonly isTls?: boolean } = {},
  ): Promise<Stage> {
    const port = await freePort();
    const sink = await Sink.start(port);
    const running = await nightpost.start({ core: serverCore, forwardTo: `http://127.0.0.1:${port}/`, ...options });
    const senders = await loginMany(senderCount, {
      port: isTls ? running.tlsPort : running.port,
      isTls,
      mechanism: "SCRAM-SHA-1",
    });
    return new Stage(sink, running, senders, recipients);
  }

  get pid(): number {
    return this.running.pid;
  }

  /**
   * Sends `rate` messages a second for so long, whatever the server does. Every message of a recipient comes from one sender,
   * so that the web server can tell their order.
   */
  async pace(rate: number, ms: number, meanwhile: (elapsedMs: number) => void = () => undefined): Promise<number> {
    const startedAt = performance.now();
    let done = 0;
    for (let elapsed = 0; elapsed < ms;) {
      await pause(1);
      elapsed = performance.now() - startedAt;
      const wanted = Math.floor((Math.min(elapsed, ms) * rate) / 1000);
      for (; done < wanted; done += 1) this.send();
      meanwhile(elapsed);
    }
    return done;
  }

  send(): void {
    const index = this.#sent % this.recipients;
    this.#sent += 1;
    this.sink.expect(index, performance.now());
    this.senders[index % senderCount]!.write(this.#writers[index]!.next());
  }

  /** How long a ping behind the messages takes: it is answered when they are on disk. */
  async confirmedMs(): Promise<number> {
    const startedAt = performance.now();
    await this.senders[0]!.ping();
    return performance.now() - startedAt;
  }

  /** Begins to count anew, as the web server has seen everything. Recipients' numbers go on. */
  async stop(): Promise<void> {
    for (const sender of this.senders) await sender.close();
    await this.running.stop();
    await this.sink.stop();
  }
}

/** Sends, without the numbers being judged, until what is hot is compiled. */
export async function warm(stage: Stage, ms = 4_000): Promise<void> {
  const before = stage.sink.received;
  const sent = await stage.pace(800, ms);
  await until(() => stage.sink.received >= before + sent);
  stage.sink.latencies = [];
}

/** CPU of the server by thread, per operation, from a reading before. */
export function perOperation(
  before: ReadonlyMap<string, number>,
  pid: number,
  operations: number,
): Map<string, number> {
  const groups = new Map([
    ["main", 0],
    ["store", 0],
    ["forward", 0],
    ["engine", 0],
  ]);
  for (const [name, us] of threadCpuUs(pid)) {
    const group = groupOf(name);
    groups.set(group, groups.get(group)! + (us - (before.get(name) ?? 0)) / operations);
  }
  return groups;
}

/** `engine`: what collects garbage and compiles for all threads. */
function groupOf(name: string): string {
  if (name === "node-MainThread" || name === "libuv-worker") return "main";
  if (name.startsWith("store")) return "store";
  return name === "forward" ? "forward" : "engine";
}

export function cpuText(groups: ReadonlyMap<string, number>): string {
  const total = [...groups.values()].reduce((sum, us) => sum + us, 0);
  const parts = Array.from(groups, ([name, us]) => `${name} ${us.toFixed(0)}`);
  return `${total.toFixed(0)} µs (${parts.join(", ")})`;
}

export function latencyText(latencies: readonly number[]): string {
  const { p50, p99, p999 } = percentiles(latencies);
  return `${p50.toFixed(2)} / ${p99.toFixed(1)} / ${p999.toFixed(1)} ms`;
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
export const rss = (stage: Stage): number => residentBytes(stage.pid);

/** What a bare loop of POSTs through undici costs here and now. */
export async function barePost(seconds: number): Promise<{ readonly cpuUs: number; readonly perSecond: number }> {
  const port = await freePort();
  const sink = await Sink.start(port);
  sink.onRequest = () => undefined;
  const file = fileURLToPath(new URL("post.ts", import.meta.url));
  const args = [file, `http://127.0.0.1:${port}`, String(seconds)];
  const [command, all] =
    serverCore === null ? [process.execPath, args] : ["taskset", ["-c", String(serverCore), process.execPath, ...args]];
  const child = spawn(command, all, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child, "close");
  await sink.stop();
  return JSON.parse(output) as { cpuUs: number; perSecond: number };
}
