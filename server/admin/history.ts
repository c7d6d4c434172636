import type { Core } from "../core/core.ts";
import type { Overview } from "../../lib/contracts/server.ts";

const tickMs = 5_000;
const ticksPerMinute = 12;
const kept = 60;

/** What the overview draws: figures of the last hour by the minute, and the message rate of the last ten seconds. */
export class History {
  readonly #core: Core;
  readonly #online: number[] = [];
  readonly #messages: number[] = [];
  readonly #offline: number[] = [];
  readonly #forwards: number[] = [];
  readonly #timer: NodeJS.Timeout;
  // Counter and time of the last ticks, oldest first.
  readonly #ticks: { messages: number; at: number }[] = [];
  #messagesAtMinute = 0;
  #count = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  get messagesPerSecond(): number {
    const first = this.#ticks[0]!;
    const seconds = (performance.now() - first.at) / 1_000;
    if (seconds < 1) return 0;
    return Math.round(((this.#core.metrics.messagesIn - first.messages) / seconds) * 10) / 10;
  }

  samples(): Overview["history"] {
    return {
      online: [...this.#online],
      messages: [...this.#messages],
      offline: [...this.#offline],
      forwards: [...this.#forwards],
    };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#ticks.push({ messages: this.#core.metrics.messagesIn, at: performance.now() });
    if (this.#ticks.length > 3) this.#ticks.shift();
    if (this.#count % ticksPerMinute === 0) {
      this.#sample().catch((error: unknown) =>
        this.#core.log.for("admin").warn("the overview could not be sampled", { error: String(error) }),
      );
    }
    this.#count += 1;
  }

  async #sample(): Promise<void> {
    const { stores, sessions, metrics, clock } = this.#core;
    const messages = metrics.messagesIn;
    const [offline, targets] = await Promise.all([stores.offline.totals(), stores.outbox.stats(clock.now())]);
    append(this.#online, sessions.size);
    append(this.#messages, messages - this.#messagesAtMinute);
    append(this.#offline, offline.messages);
    append(
      this.#forwards,
      targets.reduce((sum, target) => sum + target.backlog, 0),
    );
    this.#messagesAtMinute = messages;
  }
}

function append(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > kept) samples.shift();
}
