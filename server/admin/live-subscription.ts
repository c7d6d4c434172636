import type { LiveFrame, Topic } from "../../lib/contracts/events.ts";
import type { Caller } from "./caller.ts";
import { hostsOfTopic } from "./live-access.ts";
import type { Feed, LiveRow } from "./live-feed.ts";
import { isFailure, isWanted, type Subscribe } from "./live-filter.ts";
import { Sampling } from "./live-sampling.ts";

/** Where a subscription puts what it has to say. */
export interface Outlet {
  readonly caller: Caller;
  /** false: the viewer is too slow and nothing more fits. */
  push(topic: Topic, json: string): boolean;
  tell(frame: LiveFrame): void;
  /** Resolves when there is room again; false when the viewer has gone. */
  ready(): Promise<boolean>;
  /** There are counters to send, or a gap. */
  nudge(): void;
}

/** Older rows are not pushed at all: that is what pages are for. The console keeps as many. */
const maxCatchUp = 50_000;

/**
 * A topic as one viewer follows it. With a feed behind it every event is given once and in order: first from the store,
 * then from the ring, then as it is committed; what a slow viewer misses is named in one `gap`.
 */
export class Subscription {
  readonly topic: Topic;
  /** Of the topic `stanzas`: which watch it is. */
  readonly watch: string | undefined;
  readonly #outlet: Outlet;
  readonly #request: Subscribe;
  readonly #feed: Feed | null;
  readonly #sampling: Sampling | null;
  #cursor = 0;
  #isLive = false;
  #isEnded = false;
  #gap: { from: number; to: number } | null = null;
  #counted = { events: 0, failed: 0, sampled: 0 };

  constructor(outlet: Outlet, request: Subscribe, feed: Feed | null) {
    this.topic = request.topic;
    this.watch = request.watch;
    this.#outlet = outlet;
    this.#request = request;
    this.#feed = feed;
    this.#sampling = request.sample && feed !== null ? new Sampling(request.topic) : null;
  }

  end(): void {
    this.#isEnded = true;
  }

  async start(): Promise<void> {
    const feed = this.#feed;
    if (feed === null) {
      this.#outlet.tell({ type: "subscribed", topic: this.topic, head: 0, oldest: 0 });
      this.#isLive = true;
      return;
    }
    const { oldest, head } = await feed.range();
    if (this.#isEnded) return;
    const { since = head } = this.#request;
    this.#outlet.tell({ type: "subscribed", topic: this.topic, head, oldest });
    this.#cursor = since;
    if (since > head || since < oldest - 1) {
      this.#outlet.tell({ type: "reset", topic: this.topic, oldest });
      this.#cursor = since > head ? head : oldest - 1;
    }
    if (head - this.#cursor > maxCatchUp) {
      this.#outlet.tell({ type: "gap", topic: this.topic, from: this.#cursor + 1, to: head - maxCatchUp });
      this.#cursor = head - maxCatchUp;
    }
    await this.#catchUp(feed);
  }

  /** Rows that were just committed, or events of a topic without history. */
  take(rows: readonly LiveRow[]): void {
    if (!this.#isLive || this.#isEnded) return;
    for (const row of rows) {
      if (this.#feed === null) this.#give(row);
      else if (row.id === this.#cursor + 1) this.#give(row);
      else if (row.id > this.#cursor) {
        // Some rows were not announced: they are in the store.
        this.#isLive = false;
        void this.#catchUp(this.#feed);
        return;
      }
    }
  }

  /** Frames for when everything queued has been sent: what was sampled, the gap, the counters. */
  settle(): LiveFrame[] {
    const frames: LiveFrame[] = [];
    const sampled = this.#sampling?.settle((this.#gap?.from ?? this.#cursor + 1) - 1, this.#cursor, performance.now());
    if (sampled) frames.push(sampled);
    if (this.#gap !== null) frames.push({ type: "gap", topic: this.topic, ...this.#gap });
    this.#gap = null;
    if (this.#counted.events > 0) {
      frames.push({ type: "counters", topic: this.topic, head: this.#cursor, ...this.#counted });
      this.#counted = { events: 0, failed: 0, sampled: 0 };
    }
    return frames;
  }

  async #catchUp(feed: Feed): Promise<void> {
    for (let isDrained = false; ;) {
      // Nothing is awaited between this look at the ring and the switch to live: no row falls between the two.
      const recent = feed.after(this.#cursor);
      if (recent !== null || (isDrained && feed.head <= this.#cursor)) {
        for (const row of recent ?? []) this.#give(row);
        this.#isLive = true;
        return;
      }
      const rows = await feed.page(this.#cursor);
      if (this.#isEnded) return;
      for (const row of rows) this.#give(row);
      isDrained = rows.length === 0;
      if (!(await this.#outlet.ready()) || this.#isEnded) return;
    }
  }

  #give(row: LiveRow): void {
    if (this.#feed !== null) this.#cursor = row.id;
    if (!isWanted(row.event, this.#request, hostsOfTopic(this.topic, this.#outlet.caller))) return;
    if (!this.#request.rows) {
      this.#count(row, 0);
    } else if (this.#gap !== null) {
      this.#gap.to = row.id;
    } else if (this.#sampling !== null && !this.#samples(this.#sampling, row)) {
      this.#outlet.nudge();
    } else if (!this.#outlet.push(this.topic, row.json)) {
      if (this.#feed === null) this.#count(row, 1);
      else this.#gap = { from: row.id, to: row.id };
      if (this.#isLive) this.#sampling?.takeBack(row);
      this.#outlet.nudge();
    }
  }

  /** Only what has just happened is left out: what was asked for by a cursor is sent. */
  #samples(sampling: Sampling, row: LiveRow): boolean {
    if (!this.#isLive) sampling.remember(row);
    else {
      const begun = sampling.count(row, performance.now());
      if (begun !== null) this.#outlet.tell(begun);
      return sampling.admits(row);
    }
    return true;
  }

  #count({ event }: LiveRow, sampled: number): void {
    this.#counted.events += 1;
    this.#counted.sampled += sampled;
    if (isFailure(event)) this.#counted.failed += 1;
    this.#outlet.nudge();
  }
}
