import { peakSeries } from "../../lib/contracts/charts.ts";
import type { Overview } from "../../lib/contracts/server.ts";
import type { Core } from "../core/core.ts";
import type { ForwardService } from "../forward/service.ts";
import type { Sample, SampledRange } from "../storage/ports.ts";
import { foldSamples } from "../storage/ports/sample-fold.ts";
import { Meter } from "./metrics/readings.ts";
import { RecentSamples } from "./recent-samples.ts";

export const tickMs = 5_000;
const minuteMs = 60_000;
/** The last hour by the tick, in memory. */
const kept = 720;
/** What is kept in the store: a month of these. */
const storedMs = 300_000;

/**
 * Measures the server: the last hour by five seconds in memory, five minutes at a time in the store. What was not measured
 * while the server was down is missing there, and shown as a gap.
 */
export class History {
  readonly #core: Core;
  readonly #meter: Meter;
  readonly #samples: RecentSamples;
  readonly #listeners = new Set<(sample: Sample) => void>();
  #timer: NodeJS.Timeout | null = null;
  #storedUntil: number;

  constructor(core: Core, forward: Pick<ForwardService, "health">) {
    this.#core = core;
    this.#meter = new Meter(core, forward);
    this.#samples = new RecentSamples(kept, core.metrics.startedAt);
    this.#storedUntil = slotOf(core.clock.now());
  }

  start(): void {
    const tick = (): void => {
      // On the beat of the clock, so that every tick has a slot of its own.
      this.#timer = setTimeout(tick, tickMs - (Date.now() % tickMs)).unref();
      this.measure(performance.now()).catch((error: unknown) =>
        this.#core.log.for("admin").warn("the server could not be measured", { error: String(error) }),
      );
    };
    tick();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#meter.stop();
  }

  /** One tick; `at` on a clock that does not jump, milliseconds. */
  async measure(at: number): Promise<void> {
    const values = await this.#meter.read(at);
    const sample = { at: this.#core.clock.now(), startedAt: this.#core.metrics.startedAt, values };
    this.#samples.add(sample.at, values);
    for (const listener of this.#listeners) listener(sample);
    await this.#store(sample.at);
  }

  /** Hears of each sample as it is made. */
  follow(listener: (sample: Sample) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get messagesPerSecond(): number {
    const rates = this.latest("messages", 2);
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
    return Math.round(mean * 10) / 10;
  }

  /** The last values of a series, oldest first; ticks at which it was not measured are left out. */
  latest(series: string, ticks: number): number[] {
    return this.#samples.latest(series, ticks);
  }

  /** The last hour, from what is in memory. */
  recent(): SampledRange {
    const newest = this.#samples.newestAt ?? this.#core.clock.now();
    // In the middle of its slot, so that a tick that is a little late stays in its own.
    const to = newest - (newest % tickMs) + tickMs / 2;
    return foldSamples(this.#samples, { from: to - kept * tickMs, to, stepMs: tickMs, peaks: peakSeries });
  }

  /** What the overview draws: figures of the last hour by the minute. */
  samples(): Overview["history"] {
    const to = this.#core.clock.now() + 1;
    const { values } = foldSamples(this.#samples, { from: to - 60 * minuteMs, to, stepMs: minuteMs, peaks: [] });
    const of = (name: string): number[] => (values[name] ?? []).flatMap((value) => value ?? []);
    const backlog = Object.keys(values).filter((name) => name.startsWith("backlog:"));
    const forwards = Array.from({ length: 60 }, (_, slot) => {
      const each = backlog.flatMap((name) => values[name]?.[slot] ?? []);
      return each.length === 0 ? null : each.reduce((sum, value) => sum + value, 0);
    });
    return {
      online: of("sessions"),
      messages: of("messages"),
      offline: of("offline-messages"),
      forwards: forwards.flatMap((value) => value ?? []),
    };
  }

  // The slot that has just ended goes to the store as one sample.
  async #store(now: number): Promise<void> {
    const end = slotOf(now);
    const from = this.#storedUntil;
    if (end <= from) return;
    this.#storedUntil = end;
    const { startedAt } = this.#core.metrics;
    const range = { from: end - storedMs, to: end, stepMs: storedMs, peaks: peakSeries };
    const folded = Object.entries(foldSamples(this.#samples, range).values);
    const values = Object.fromEntries(
      folded.flatMap(([name, [value]]) =>
        value === null || value === undefined ? [] : [[name, Number(value.toPrecision(6))]],
      ),
    );
    if (folded.length > 0) await this.#core.stores.series.append({ at: range.from, startedAt, values });
  }
}

const slotOf = (at: number): number => at - (at % storedMs);
