import { type LiveRow, LiveRows } from "./live-rows.ts";
import type { EventOf, LiveStream, TopicOptions } from "./live.ts";

type Topic = "log" | "stanzas";
type Stream = Pick<LiveStream, "run" | "getState" | "subscribe">;

/** What a render needs to know; a new one for each animation frame in which something changed. */
export interface LiveTailView {
  version: number;
  status: "loading" | "ready" | "error";
  error: unknown;
  count: number;
  isFollowing: boolean;
  /** New and failed rows since the list was frozen. */
  fresh: number;
  failed: number;
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** The server follows it no more. */
  isOver: boolean;
}

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
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
  page?: (cursor: string | null, options: TopicOptions) => Promise<Page<T>>;
}

const capacity = 20_000;
/** With the socket down the list is read without waiting for a subscription. */
const patienceMs = 1500;

/** A log that goes on: live rows on top of older ones, which can be frozen while they are read. */
export class LiveTail<T extends object, Name extends Topic> {
  readonly #live: Stream;
  readonly #of: TailOf<T, Name>;
  readonly #rows: LiveRows<T>;
  readonly #listeners = new Set<() => void>();
  #options: TopicOptions;
  #older: T[] = [];
  #nextCursor: string | null = null;
  #status: LiveTailView["status"] = "loading";
  #error: unknown = null;
  #isLoadingOlder = false;
  #isOver = false;
  #startedAt: string | null = null;
  /** Position where the list ends while it is frozen; null: it follows. */
  #frozenAt: number | null = null;
  #failed = 0;
  #frame: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #subscription: ReturnType<LiveStream["subscribe"]> | undefined;
  #view: LiveTailView;

  constructor(live: Stream, of: TailOf<T, Name>, options: TopicOptions) {
    this.#live = live;
    this.#of = of;
    this.#rows = new LiveRows<T>(of.keyOf, capacity);
    this.#options = options;
    this.#view = this.#look(0);
  }

  readonly getView = (): LiveTailView => this.#view;

  readonly onView = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.#subscription = this.#live.subscribe(
      this.#of.topic,
      {
        onEvents: (events) => this.#take(events.map(this.#of.rowOf)),
        onReady: (resumed) => this.#ready(resumed),
        onGap: (from, to) => {
          this.#rows.mark({ gap: true, from, to });
          this.#changed();
        },
        // Without older rows there is nothing to go on with; of others the server tells what it has.
        onReset: () => {
          if (this.#of.page === undefined) this.#isOver = true;
          this.#changed();
        },
      },
      this.#options,
    );
    this.#waitThenLoad();
    return () => {
      this.#generation++;
      clearTimeout(this.#patience);
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
      this.#subscription?.end();
    };
  }

  /** Another filter from now on, and the list again. */
  setOptions(options: TopicOptions): void {
    this.#options = options;
    this.#generation++;
    this.#rows.clear();
    this.#older = [];
    this.#nextCursor = null;
    this.#frozenAt = null;
    this.#status = "loading";
    this.#subscription?.update(options);
    this.#waitThenLoad();
    this.#changed();
  }

  row(index: number): LiveRow<T> | undefined {
    const end = this.#frozenAt ?? this.#rows.end;
    const live = Math.max(0, end - this.#rows.dropped);
    return index < live ? this.#rows.at(end - 1 - index) : this.#older[index - live];
  }

  keyOf(index: number): string {
    const end = this.#frozenAt ?? this.#rows.end;
    const live = Math.max(0, end - this.#rows.dropped);
    return index < live ? `n${end - 1 - index}` : `o${index - live}`;
  }

  /** A row that is in the list, by its key. */
  find(key: string | number): T | undefined {
    return this.#rows.get(key) ?? this.#older.find((row) => this.#of.keyOf(row) === key);
  }

  freeze(): void {
    if (this.#frozenAt !== null) return;
    this.#frozenAt = this.#rows.end;
    this.#failed = 0;
    this.#changed();
  }

  follow(): void {
    if (this.#frozenAt === null) return;
    this.#frozenAt = null;
    this.#failed = 0;
    this.#changed();
  }

  readonly retry = (): void => {
    this.#status = "loading";
    void this.#load(null);
    this.#changed();
  };

  readonly loadOlder = (): void => {
    if (this.#nextCursor === null || this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    this.#changed();
    void this.#load(this.#nextCursor).finally(() => {
      this.#isLoadingOlder = false;
      this.#changed();
    });
  };

  #ready(resumed: boolean): void {
    const run = this.#live.run;
    if (resumed && run !== null) {
      if (this.#startedAt === run.startedAt) this.#rows.mark({ reconnected: true, at: new Date().toISOString() });
      else this.#rows.mark({ restarted: true, at: run.startedAt, downMs: run.outageMs });
    }
    this.#startedAt = run?.startedAt ?? null;
    if (this.#status === "loading" || this.#patience) void this.#load(null);
    this.#changed();
  }

  #waitThenLoad(): void {
    clearTimeout(this.#patience);
    const ms = this.#live.getState().status === "open" ? patienceMs / 3 : patienceMs;
    this.#patience = setTimeout(() => void this.#load(null), ms);
  }

  async #load(cursor: string | null): Promise<void> {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const generation = this.#generation;
    try {
      const page = await this.#of.page?.(cursor, this.#options);
      if (generation !== this.#generation) return;
      const known = new Set(cursor === null ? [] : this.#older.map(this.#of.keyOf));
      const fresh = (page?.items ?? []).filter((row) => {
        const key = this.#of.keyOf(row);
        return !known.has(key) && !this.#rows.has(key);
      });
      this.#older = cursor === null ? fresh : [...this.#older, ...fresh];
      this.#nextCursor = page?.nextCursor ?? null;
      this.#status = "ready";
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#error = error;
      if (this.#status !== "ready") this.#status = "error";
    }
    this.#changed();
  }

  #take(rows: readonly T[]): void {
    const older = new Set(this.#older.map(this.#of.keyOf));
    for (const row of rows) {
      if (older.has(this.#of.keyOf(row))) continue;
      const missed = this.#of.missedBefore?.(row) ?? 0;
      if (missed > 0) this.#rows.mark({ gap: true, from: 1, to: missed, sampledOut: missed });
      this.#rows.put([row]);
      if (this.#frozenAt !== null && this.#of.isFailure(row)) this.#failed++;
    }
    this.#changed();
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#view = this.#look(this.#view.version + 1);
      for (const listener of this.#listeners) listener();
    });
  }

  #look(version: number): LiveTailView {
    const end = this.#frozenAt ?? this.#rows.end;
    return {
      version,
      status: this.#status,
      error: this.#error,
      count: Math.max(0, end - this.#rows.dropped) + this.#older.length,
      isFollowing: this.#frozenAt === null,
      fresh: this.#frozenAt === null ? 0 : this.#rows.end - this.#frozenAt,
      failed: this.#failed,
      hasOlder: this.#nextCursor !== null,
      isLoadingOlder: this.#isLoadingOlder,
      isOver: this.#isOver,
    };
  }
}
