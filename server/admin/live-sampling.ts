import type { LiveEvent, LiveFrame, Topic } from "../../lib/contracts/events.ts";
import type { LiveRow } from "./live-feed.ts";

/** Rows a second: sampling begins above `above`, ends below `below`, and then shows about `shown`. */
export const samplingRates = { above: 500, below: 350, shown: 100 };

const slotMs = 250;
const slots = 4;
const maxUnfinished = 2_000;

type Sampled = Extract<LiveFrame, { type: "sampled" }>;

interface Range {
  readonly from: number;
  events: number;
  shown: number;
  readonly outcomes: Map<string, number>;
}

/**
 * Which rows of a busy feed a viewer is sent. The choice is by event and not by row, so that an event in the list gets its
 * later states as well, and so do those that were sent before it became busy. Times are of one monotonic clock, in ms.
 */
export class Sampling {
  readonly #topic: Topic;
  /** Rows of the last second, by quarters of it. */
  readonly #counts = Array.from({ length: slots }, () => 0);
  #slot = 0;
  #oneIn = 1;
  #range: Range | null = null;
  /** Events that were sent and will have another state. */
  readonly #unfinished = new Set<string>();

  constructor(topic: Topic) {
    this.#topic = topic;
  }

  /** A row that is sent in any case. */
  remember({ event }: LiveRow): void {
    if (event.topic !== "forward") return;
    if (isFinal(event.data.state)) {
      this.#unfinished.delete(event.data.id);
      return;
    }
    this.#unfinished.add(event.data.id);
    if (this.#unfinished.size <= maxUnfinished) return;
    for (const oldest of this.#unfinished) {
      this.#unfinished.delete(oldest);
      return;
    }
  }

  /** Counts a row; answers what to say before it when sampling begins with it. */
  count(row: LiveRow, now: number): Sampled | null {
    this.#turn(now);
    this.#counts[this.#slot % slots]! += 1;
    let begun: Sampled | null = null;
    if (this.#range === null && this.#perSecond > samplingRates.above) {
      this.#oneIn = this.#share();
      this.#range = rangeFrom(row.id);
      begun = this.#frame(this.#range, row.id - 1);
    }
    if (this.#range !== null) {
      this.#range.events += 1;
      const outcome = outcomeOf(row.event);
      this.#range.outcomes.set(outcome, (this.#range.outcomes.get(outcome) ?? 0) + 1);
    }
    return begun;
  }

  admits(row: LiveRow): boolean {
    if (this.#range !== null) {
      const { event } = row;
      const isKnown = event.topic === "forward" && this.#unfinished.has(event.data.id);
      if (!isKnown && spread(event.topic === "forward" ? event.data.seq : row.id) >= 1 / this.#oneIn) return false;
      this.#range.shown += 1;
    }
    this.remember(row);
    return true;
  }

  /** The row that was admitted last could not be sent: it belongs to a gap. */
  takeBack({ event }: LiveRow): void {
    if (this.#range === null) return;
    this.#range.events -= 1;
    this.#range.shown -= 1;
    const outcome = outcomeOf(event);
    this.#range.outcomes.set(outcome, this.#range.outcomes.get(outcome)! - 1);
  }

  /** What was counted up to the row `to`; what comes next is counted from the row after `cursor` on. */
  settle(to: number, cursor: number, now: number): Sampled | null {
    if (this.#range === null) return null;
    this.#turn(now);
    const ended = this.#range;
    const isCalm = this.#perSecond < samplingRates.below;
    this.#oneIn = isCalm ? 1 : this.#share();
    this.#range = isCalm ? null : rangeFrom(cursor + 1);
    return this.#frame(ended, to);
  }

  #turn(now: number): void {
    const slot = Math.floor(now / slotMs);
    for (let left = Math.min(slots, slot - this.#slot); left > 0; left -= 1) {
      this.#slot = slot - left + 1;
      this.#counts[this.#slot % slots] = 0;
    }
  }

  get #perSecond(): number {
    return (this.#counts.reduce((sum, count) => sum + count, 0) * 1000) / (slots * slotMs);
  }

  #share(): number {
    return Math.max(2, Math.ceil(this.#perSecond / samplingRates.shown));
  }

  #frame({ from, events, shown, outcomes }: Range, to: number): Sampled {
    const counted = { events, shown, outcomes: Object.fromEntries(outcomes) };
    const perSecond = Math.round(this.#perSecond);
    return { type: "sampled", topic: this.#topic, from, to, ...counted, perSecond, oneIn: this.#oneIn };
  }
}

function rangeFrom(from: number): Range {
  return { from, events: 0, shown: 0, outcomes: new Map() };
}

/** In [0, 1), evenly for any arithmetic sequence: the events of one target may be every second one (Knuth 6.4). */
function spread(seq: number): number {
  return (Math.imul(seq, 0x9e3779b1) >>> 0) / 2 ** 32;
}

function isFinal(state: string): boolean {
  return state === "delivered" || state === "dead" || state === "expired" || state === "cancelled";
}

function outcomeOf(event: LiveEvent): string {
  if (event.topic === "forward") return event.data.state;
  if (event.topic === "registration") return event.data.verdict.allowed ? "allowed" : "denied";
  if (event.topic === "log") return event.data.level;
  return event.topic === "audit" ? event.data.result : "told";
}
