import type { ForwardFilter } from "../contracts/forward.ts";
import type { ForwardEvent } from "../contracts/forward-event.ts";
import { client } from "./client.ts";
import { type Gap, LiveRows, type LiveRow } from "./live-rows.ts";
import type { LiveStream } from "./live.ts";
import { type Sampled, SampledOut } from "./sampled-out.ts";

type Status = "loading" | "ready" | "error";

/** What a render needs to know; a new one for each animation frame in which something changed. */
export interface ForwardLogView {
  version: number;
  status: Status;
  error: unknown;
  /** Rows, newest first: `row(0)` is the newest. */
  count: number;
  isFollowing: boolean;
  /** New and failed events since the list was frozen. */
  fresh: number;
  failed: number;
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** While only a sample is shown. */
  sampled: Sampled | null;
}

const pageSize = 100;
const failures: ReadonlySet<string> = new Set(["dead", "expired", "retrying"]);
/** With the socket down the list is read without waiting for a subscription. */
const patienceMs = 1500;

/** The forward log of one filter: live rows on top of pages of older ones, which can be frozen while they are read. */
export class ForwardLog {
  readonly #live: LiveStream;
  readonly #rows = new LiveRows<ForwardEvent>((event) => event.id);
  readonly #sampledOut = new SampledOut(this.#rows);
  readonly #listeners = new Set<() => void>();
  #older: ForwardEvent[] = [];
  #olderPositions = new Map<string, number>();
  #nextCursor: string | null = null;
  #filter: ForwardFilter;
  #isComplete: boolean;
  #status: Status = "loading";
  #error: unknown = null;
  #isLoadingOlder = false;
  /** Position where the list ends while it is frozen; null: it follows. */
  #frozenAt: number | null = null;
  #failed = 0;
  #counted = 0;
  #frame: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #subscription: ReturnType<LiveStream["subscribe"]> | undefined;
  #view: ForwardLogView;

  /** `isComplete`: every row, however much comes; else a sample will do. */
  constructor(live: LiveStream, filter: ForwardFilter, isComplete: boolean) {
    this.#live = live;
    this.#filter = filter;
    this.#isComplete = isComplete;
    this.#view = this.#look(0);
  }

  readonly getView = (): ForwardLogView => this.#view;

  readonly onView = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.#subscription = this.#live.subscribe(
      "forward",
      {
        onEvents: (events) => this.#take(events.map((event) => event.data)),
        onReady: (resumed) => {
          this.#sampledOut.end();
          if (resumed) this.#rows.mark({ reconnected: true, at: new Date().toISOString() });
          if (this.#status === "loading" || this.#patience) void this.#load();
          this.#changed();
        },
        onGap: (from, to) => this.#mark({ gap: true, from, to }),
        onReset: (oldest) => {
          this.#mark({ gap: true, from: 0, to: oldest - 1 });
          void this.#load();
        },
        onCounters: (counters) => {
          this.#counted += counters.events;
          this.#failed += counters.failed;
          this.#changed();
        },
        onSampled: (frame) => {
          this.#sampledOut.take(frame);
          if (this.#frozenAt !== null) {
            this.#counted += frame.events - frame.shown;
            for (const state of failures) this.#failed += frame.outcomes[state] ?? 0;
          }
          this.#changed();
        },
      },
      { filter: this.#filter, sample: !this.#isComplete },
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

  /** Another filter from the same cursor on. */
  setFilter(filter: ForwardFilter): void {
    this.#filter = filter;
    this.#forget();
    this.#subscription?.update({ filter, sample: !this.#isComplete });
    this.#waitThenLoad();
    this.#changed();
  }

  /** Every row from now on, and the list again from the store; or a sample will do again. */
  setComplete(isComplete: boolean): void {
    if (this.#isComplete === isComplete) return;
    this.#isComplete = isComplete;
    const wasSampled = this.#sampledOut.now !== null;
    this.#sampledOut.end();
    this.#subscription?.update({ filter: this.#filter, sample: !isComplete });
    if (wasSampled) this.fill();
    this.#changed();
  }

  row(index: number): LiveRow<ForwardEvent> | undefined {
    const end = this.#frozenAt ?? this.#rows.end;
    const live = Math.max(0, end - this.#rows.dropped);
    return index < live ? this.#rows.at(end - 1 - index) : this.#older[index - live];
  }

  /** A name for the row that does not change when newer ones come. */
  keyOf(index: number): string {
    const end = this.#frozenAt ?? this.#rows.end;
    const live = Math.max(0, end - this.#rows.dropped);
    return index < live ? `n${end - 1 - index}` : `o${index - live}`;
  }

  freeze(): void {
    if (this.#frozenAt !== null) return;
    this.#frozenAt = this.#rows.end;
    this.#failed = 0;
    this.#counted = 0;
    this.#changed();
  }

  follow(): void {
    if (this.#frozenAt === null) return;
    this.#frozenAt = null;
    this.#failed = 0;
    this.#counted = 0;
    this.#changed();
  }

  /** Fills gaps: reads the list again from the store, where nothing is missing and all is in order. */
  readonly fill = (): void => {
    this.#rows.clear();
    this.#sampledOut.forgetMark();
    if (this.#frozenAt !== null) this.#frozenAt = this.#rows.end;
    void this.#load();
  };

  readonly retry = (): void => {
    this.#status = "loading";
    void this.#load();
    this.#changed();
  };

  readonly loadOlder = (): void => {
    if (this.#nextCursor === null || this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    this.#changed();
    void this.#page(this.#nextCursor).finally(() => {
      this.#isLoadingOlder = false;
      this.#changed();
    });
  };

  #waitThenLoad(): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(
      () => void this.#load(),
      this.#live.getState().status === "open" ? patienceMs / 3 : patienceMs,
    );
  }

  async #load(): Promise<void> {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    await this.#page(null);
  }

  async #page(cursor: string | null): Promise<void> {
    const generation = this.#generation;
    try {
      const page = await client.forward.list({
        ...this.#filter,
        limit: pageSize,
        ...(cursor === null ? {} : { cursor }),
      });
      if (generation !== this.#generation) return;
      if (cursor === null) this.#replaceOlder(page.items);
      else this.#appendOlder(page.items);
      this.#nextCursor = page.nextCursor;
      this.#status = "ready";
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#error = error;
      if (this.#status !== "ready") this.#status = "error";
    }
    this.#changed();
  }

  #appendOlder(events: ForwardEvent[]): void {
    for (const event of events) {
      if (this.#rows.has(event.id) || this.#olderPositions.has(event.id)) continue;
      this.#olderPositions.set(event.id, this.#older.length);
      this.#older.push(event);
    }
  }

  #replaceOlder(events: ForwardEvent[]): void {
    const before = new Map(this.#older.map((event) => [event.id, event]));
    this.#older = [];
    this.#olderPositions = new Map();
    // What the stream said of a row while the page was on its way is newer than the page.
    this.#appendOlder(events.map((event) => newer(event, before.get(event.id))));
  }

  #take(events: ForwardEvent[]): void {
    const fresh: ForwardEvent[] = [];
    for (const event of events) {
      const position = this.#olderPositions.get(event.id);
      // A row further down is brought up to date where it stands.
      if (position === undefined) fresh.push(event);
      else this.#older[position] = event;
      // While it is sampled, the counters are exact and the rows are not.
      if (this.#frozenAt !== null && this.#sampledOut.now === null && failures.has(event.state)) this.#failed++;
    }
    this.#rows.put(fresh);
    this.#changed();
  }

  #mark(gap: Gap): void {
    this.#rows.mark(gap);
    this.#changed();
  }

  #forget(): void {
    this.#generation++;
    this.#rows.clear();
    this.#sampledOut.end();
    this.#older = [];
    this.#olderPositions = new Map();
    this.#nextCursor = null;
    this.#frozenAt = null;
    this.#status = "loading";
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#view = this.#look(this.#view.version + 1);
      for (const listener of this.#listeners) listener();
    });
  }

  #look(version: number): ForwardLogView {
    const end = this.#frozenAt ?? this.#rows.end;
    return {
      version,
      status: this.#status,
      error: this.#error,
      count: Math.max(0, end - this.#rows.dropped) + this.#older.length,
      isFollowing: this.#frozenAt === null,
      fresh: this.#frozenAt === null ? 0 : this.#rows.end - this.#frozenAt + this.#counted,
      failed: this.#failed,
      hasOlder: this.#nextCursor !== null,
      isLoadingOlder: this.#isLoadingOlder,
      sampled: this.#sampledOut.now,
    };
  }
}

const newer = (a: ForwardEvent, b: ForwardEvent | undefined): ForwardEvent => (b && b.updatedAt > a.updatedAt ? b : a);
