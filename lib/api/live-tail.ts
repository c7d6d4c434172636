import { LiveLog, type LiveLogView, type LogPage, type Stream, type Subscription } from "./live-log.ts";
import type { EventOf, TopicOptions } from "./live.ts";

type Topic = "log" | "stanzas";

export interface LiveTailView extends LiveLogView {
  /** The server follows it no more. */
  isOver: boolean;
}

/** What tells one kind of log from another. */
export interface TailOf<T extends object, Name extends Topic> {
  topic: Name;
  keyOf: (row: T) => string | number;
  rowOf: (event: EventOf<Name>) => T;
  isFailure: (row: T) => boolean;
  /** Rows that came before this one and were not sent. */
  missedBefore?: (row: T) => number;
  /** Rows from before the page was opened, newest first; absent where none are kept. */
  page?: (cursor: string | null, options: TopicOptions) => Promise<LogPage<T>>;
}

const capacity = 20_000;

/** A log whose rows come once and stay as they are: the server's own, and watched stanzas. */
export class LiveTail<T extends object, Name extends Topic> extends LiveLog<T, LiveTailView> {
  readonly #of: TailOf<T, Name>;
  #options: TopicOptions;
  #isOver = false;
  #startedAt: string | null = null;

  constructor(live: Stream, of: TailOf<T, Name>, options: TopicOptions) {
    super(live, { keyOf: of.keyOf, capacity });
    this.#of = of;
    this.#options = options;
  }

  /** Another filter from now on, and the list again. */
  setOptions(options: TopicOptions): void {
    this.#options = options;
    this.restart(options);
  }

  protected override get query(): string | null {
    return this.#of.page === undefined ? null : `${this.#of.topic} ${JSON.stringify(this.#options)}`;
  }

  protected override subscribe(): Subscription {
    return this.live.subscribe(
      this.#of.topic,
      {
        onEvents: (events) => this.#take(events.map(this.#of.rowOf)),
        onReady: (resumed) => this.#standing(resumed),
        onGap: (from, to) => {
          this.rows.mark({ gap: true, from, to });
          this.changed();
        },
        // Without older rows there is nothing to go on with; of others the server tells what it has.
        onReset: () => {
          if (this.#of.page === undefined) this.#isOver = true;
          this.changed();
        },
      },
      this.#options,
    );
  }

  protected override async read(cursor: string | null): Promise<LogPage<T>> {
    return (await this.#of.page?.(cursor, this.#options)) ?? { items: [], nextCursor: null };
  }

  protected override shown(view: LiveLogView): LiveTailView {
    return { ...view, isOver: this.#isOver };
  }

  #standing(resumed: boolean): void {
    const { run } = this.live;
    if (resumed && run !== null) {
      if (this.#startedAt === run.startedAt) this.rows.mark({ reconnected: true, at: new Date().toISOString() });
      else this.rows.mark({ restarted: true, at: run.startedAt, downMs: run.outageMs });
    }
    this.#startedAt = run?.startedAt ?? null;
    this.ready();
  }

  #take(rows: readonly T[]): void {
    for (const row of rows) {
      if (this.replaceOlder(row)) continue;
      const missed = this.#of.missedBefore?.(row) ?? 0;
      if (missed > 0) this.rows.mark({ gap: true, from: 1, to: missed, sampledOut: missed });
      this.rows.put([row]);
      if (this.isFrozen && this.#of.isFailure(row)) this.count(1);
    }
    this.changed();
  }
}
