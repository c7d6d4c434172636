import { Worker, type MessagePort } from "node:worker_threads";
import type { Log } from "../core/log.ts";
import type { DeviceRow } from "../storage/ports.ts";
import type { ForwardAlert, ForwardRunner, ResolvedTarget, TargetState, TestResult } from "./service.ts";
import type { Command, ForwardThreadOptions, Notice } from "./thread-protocol.ts";
import type { Publish, TestOptions } from "./transport.ts";
import { noVault, type Vault } from "./vault.ts";

const firstPauseMs = 500;
const maxPauseMs = 30_000;
/** A thread that ran this long was sound: the next start does not wait long. */
const soundAfterMs = 60_000;
/** Young objects are nearly all there is: with room for more of them the thread grows by 40 MB and is no faster. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 };
/** The thread gives attempts under way 5 s and then writes their outcomes. */
const closeLimitMs = 8_000;

export interface RemoteOptions {
  /** A new port to the store thread, for each start of the forward thread. */
  connectStore(): MessagePort;
  readonly log: Log;
  readonly version: string;
  readonly retryMs: readonly number[];
}

type PublishNotice = Extract<Notice, { kind: "publish" }>;
type VaultNotice = Extract<Notice, { kind: "recall" | "keep" }>;
type Answer = Exclude<Extract<Notice, { call: number }>, PublishNotice | VaultNotice>;

/**
 * The dispatcher in a thread of its own, started when there is something to do for it. When the thread dies it is started
 * again, after a pause that doubles from 0.5 to 30 s: what it had claimed is taken back, and chat does not notice.
 */
export class RemoteRunner implements ForwardRunner {
  readonly retryMs: readonly number[];
  readonly #options: RemoteOptions;
  readonly #log: Log;
  readonly #listeners = new Set<(alert: ForwardAlert) => void>();
  readonly #calls = new Map<number, (answer: Answer) => void>();
  #publish: Publish = () => Promise.resolve({ kind: "timeout" });
  #vault: Vault = noVault;
  #lastCall = 0;
  #worker: Worker | null = null;
  #startedAt = 0;
  #isNeeded = false;
  #targets: ReadonlyMap<string, ResolvedTarget> = new Map();
  #waking = new Set<string>();
  #isWakingAll = false;
  #isWakeScheduled = false;
  #pauseMs = firstPauseMs;
  #restart: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RemoteOptions) {
    this.retryMs = options.retryMs;
    this.#options = options;
    this.#log = options.log.for("forward");
  }

  wake(targets?: Iterable<string>): void {
    if (targets === undefined) this.#isWakingAll = true;
    else for (const target of targets) this.#waking.add(target);
    if (this.#isWakingAll ? this.#targets.size > 0 : this.#waking.intersection(this.#targets).size > 0) this.#need();
    if (this.#isWakeScheduled) return;
    this.#isWakeScheduled = true;
    setImmediate(this.#sendWake);
  }

  /** The thread hears the store itself, once it runs. */
  queued(targets: readonly string[]): void {
    if (!this.#isNeeded && targets.some((target) => this.#targets.has(target))) this.#need();
  }

  configure(targets: ReadonlyMap<string, ResolvedTarget>): void {
    this.#targets = targets;
    // Every store begins with a target for app servers, and most servers never have anything for it.
    if ([...targets.values()].some(({ kind }) => kind !== "xep0357")) this.#need();
    this.#send({ kind: "configure", targets });
  }

  test(name: string, target: ResolvedTarget, device: DeviceRow | null, options: TestOptions = {}): Promise<TestResult> {
    this.#need();
    return this.#ask(
      (call) => ({ kind: "test", call, name, target, device, options }),
      (answer) => (answer.kind === "tested" ? answer.result : null),
    );
  }

  // A thread that does not run holds nothing.
  release(target: string): void {
    this.#send({ kind: "release", target });
  }

  health(): Promise<ReadonlyMap<string, TargetState>> {
    if (!this.#isNeeded) return Promise.resolve(new Map());
    return this.#ask(
      (call) => ({ kind: "health", call }),
      (answer) => (answer.kind === "health" ? answer.states : null),
    );
  }

  onAlert(listener: (alert: ForwardAlert) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onPublish(handler: Publish): void {
    this.#publish = handler;
  }

  useVault(vault: Vault): void {
    this.#vault = vault;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    worker.once("exit", () => resolve());
    this.#send({ kind: "close" });
    const limit = setTimeout(() => void worker.terminate(), closeLimitMs);
    await promise;
    clearTimeout(limit);
  }

  #need(): void {
    if (this.#isNeeded || this.#isClosed) return;
    this.#isNeeded = true;
    this.#start();
  }

  #start(): void {
    const { connectStore, version, retryMs } = this.#options;
    const store = connectStore();
    const workerData: ForwardThreadOptions = { store, version, retryMs };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData,
      transferList: [store],
      name: "forward",
      resourceLimits,
    });
    this.#worker = worker;
    this.#startedAt = performance.now();
    worker.on("message", (notice: Notice) => this.#take(notice));
    worker.on("error", (error: unknown) => {
      this.#log.error("the forward thread failed", { error: error instanceof Error ? error.stack : String(error) });
    });
    worker.on("exit", (code) => this.#ended(code));
    this.#send({ kind: "configure", targets: this.#targets });
  }

  #ended(code: number): void {
    this.#worker = null;
    for (const [call, take] of this.#calls) take({ kind: "refused", call, message: "the forward thread has ended" });
    this.#calls.clear();
    if (this.#isClosed) return;
    if (performance.now() - this.#startedAt > soundAfterMs) this.#pauseMs = firstPauseMs;
    this.#log.error("the forward thread ended and is started again", { code, pauseMs: this.#pauseMs });
    this.#restart = setTimeout(() => this.#start(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, maxPauseMs);
  }

  #take(notice: Notice): void {
    switch (notice.kind) {
      case "log":
        this.#log[notice.record.level](notice.record.message, notice.record.fields);
        break;
      case "alert":
        for (const listener of this.#listeners) listener(notice.alert);
        break;
      case "publish":
        void this.#forwardPublish(notice);
        break;
      case "recall":
      case "keep":
        void this.#openVault(notice);
        break;
      default: {
        const take = this.#calls.get(notice.call);
        this.#calls.delete(notice.call);
        take?.(notice);
      }
    }
  }

  async #forwardPublish({ call, host, jid, payload }: PublishNotice): Promise<void> {
    const worker = this.#worker;
    const answer = await this.#publish({ host, jid, payload }).catch((error: unknown) => {
      this.#log.error("a publish failed", { jid, error: String(error) });
      return { kind: "timeout" } as const;
    });
    // The numbers are those of the thread that asked.
    if (worker === this.#worker) this.#send({ kind: "published", call, answer });
  }

  async #openVault(notice: VaultNotice): Promise<void> {
    const worker = this.#worker;
    const { call, name } = notice;
    let text: string | null = null;
    if (notice.kind === "recall") text = await this.#vault.recall(name);
    else await this.#vault.keep(name, notice.text, notice.until);
    if (worker === this.#worker) this.#send({ kind: "kept", call, text });
  }

  #ask<T>(command: (call: number) => Command, read: (answer: Answer) => T | null): Promise<T> {
    if (this.#worker === null) return Promise.reject(new Error("the forward thread is not running"));
    const call = ++this.#lastCall;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#calls.set(call, (answer) => {
      const value = read(answer);
      if (value !== null) resolve(value);
      else reject(new Error(answer.kind === "refused" ? answer.message : "an answer of another kind"));
    });
    this.#send(command(call));
    return promise;
  }

  readonly #sendWake = (): void => {
    this.#isWakeScheduled = false;
    this.#send({ kind: "wake", targets: this.#isWakingAll ? null : this.#waking });
    this.#isWakingAll = false;
    this.#waking = new Set();
  };

  // With the thread down nothing is lost: it gets the targets, and looks for what is due, when it starts.
  #send(command: Command): void {
    this.#worker?.postMessage(command);
  }
}
