import { isRow, type LiveRow, LiveRows } from "./live-rows.ts";
import type { LiveStream, TopicOptions } from "./live.ts";
import { OlderRows } from "./older-rows.ts";

export type Stream = Pick<LiveStream, "run" | "getState" | "subscribe">;
export type Subscription = ReturnType<LiveStream["subscribe"]>;

/** What a render needs to know; a new one for each animation frame in which something changed. */
export interface LiveLogView {
  version: number;
  status: "loading" | "ready" | "error";
  error: unknown;
  /** Rows, newest first: `row(0)` is the newest. */
  count: number;
  isFollowing: boolean;
  /** New and failed rows since the list was frozen. */
  fresh: number;
  failed: number;
  hasOlder: boolean;
  isLoadingOlder: boolean;
}

export interface LogPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** What tells rows apart. */
export interface RowsOf<T> {
  readonly keyOf: (row: T) => string | number;
  /** Which of two is newer, where a row changes; left out: the one that is read. */
  readonly newer?: (row: T, known: T) => T;
  /** Live rows that are kept. */
  readonly capacity?: number;
}

/** The newest rows of logs that were left, by what they were asked for: whoever comes back sees them while they are read anew. */
const left = new Map<string, readonly object[]>();
const maxLeft = 8;
const rowsLeft = 100;

/** With the socket down the list is read without waiting for a subscription. */
const patienceMs = 1500;

/** A log that goes on: live rows on top of pages of older ones, which can be frozen while they are read. */
export abstract class LiveLog<T extends object, View extends LiveLogView> {
  protected readonly live: Stream;
  protected readonly rows: LiveRows<T>;
  protected subscription: Subscription | undefined;
  readonly #of: RowsOf<T>;
  readonly #older: OlderRows<T>;
  readonly #listeners = new Set<() => void>();
  #nextCursor: string | null = null;
  #status: LiveLogView["status"] = "loading";
  #error: unknown = null;
  #isLoadingOlder = false;
  /** Position where the list ends while it is frozen; null: it follows. */
  #frozenAt: number | null = null;
  /** Since it was frozen: rows that are not in the list, and failed ones. */
  #unseen = 0;
  #failed = 0;
  /** What the server counted instead of sending it: the next subscription tells it again. */
  #counted = { events: 0, failed: 0 };
  #frame: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #generation = 0;
  #view: View | undefined;

  constructor(live: Stream, of: RowsOf<T>) {
    this.live = live;
    this.#of = of;
    this.rows = new LiveRows<T>(of.keyOf, of.capacity);
    this.#older = new OlderRows<T>(of.keyOf, this.rows);
  }

  /** What it is asked for, as a key; null: nothing of it can be read again. */
  protected abstract get query(): string | null;
  protected abstract subscribe(): Subscription;
  /** Rows older than the cursor, newest first; null: the newest. */
  protected abstract read(cursor: string | null): Promise<LogPage<T>>;
  protected abstract shown(view: LiveLogView): View;

  readonly getView = (): View => (this.#view ??= this.#comeBack());

  readonly onView = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.subscription = this.subscribe();
    this.#waitThenLoad();
    return () => {
      this.#leave();
      this.#generation++;
      clearTimeout(this.#patience);
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
      this.subscription?.end();
    };
  }

  row(index: number): LiveRow<T> | undefined {
    const live = this.#liveCount;
    return index < live ? this.rows.at(this.#end - 1 - index) : this.#older.at(index - live);
  }

  /** A number for the row that does not change when newer ones come: one less than that of the row above it. */
  positionOf(index: number): number {
    return this.#end - 1 - index;
  }

  /** A row that is in the list, by its key. */
  find(key: string | number): T | undefined {
    return this.rows.get(key) ?? this.#older.get(key);
  }

  freeze(): void {
    if (this.#frozenAt === null) this.#setFrozen(this.rows.end);
  }

  follow(): void {
    if (this.#frozenAt !== null) this.#setFrozen(null);
  }

  /** Freezes it for somebody who does not want to see what comes. */
  pause(): void {
    this.freeze();
  }

  readonly retry = (): void => {
    this.#status = "loading";
    this.load();
    this.changed();
  };

  readonly loadOlder = (): void => {
    if (this.#nextCursor === null || this.#isLoadingOlder) return;
    this.#isLoadingOlder = true;
    this.changed();
    void this.#page(this.#nextCursor).finally(() => {
      this.#isLoadingOlder = false;
      this.changed();
    });
  };

  protected get isFrozen(): boolean {
    return this.#frozenAt !== null;
  }

  /** Rows that came since the list was frozen. */
  protected get unread(): number {
    return this.#frozenAt === null ? 0 : this.rows.end - this.#frozenAt;
  }

  /** Counts what came since the list was frozen; `unseen`: rows that are not in the list. */
  protected count(failed: number, unseen = 0): void {
    this.#failed += failed;
    this.#unseen += unseen;
  }

  /** Counts what the server counts instead of sending rows. */
  protected countUnsent(events: number, failed: number): void {
    this.#counted.events += events;
    this.#counted.failed += failed;
    this.changed();
  }

  /** The subscription stands, so nothing is missed between the page and the stream. */
  protected ready(): void {
    this.#counted = { events: 0, failed: 0 };
    if (this.#status === "loading" || this.#patience !== undefined) this.load();
    this.changed();
  }

  /** A row further down is brought up to date where it stands. false: there is none. */
  protected replaceOlder(row: T): boolean {
    return this.#older.replace(row);
  }

  /** Reads the newest page again; live rows stay. */
  protected load(): void {
    this.#stopWaiting();
    void this.#page(null);
  }

  /** Reads the newest page in place of the live rows. */
  protected reload(): void {
    this.rows.clear();
    if (this.#frozenAt !== null) this.#frozenAt = this.rows.end;
    this.load();
  }

  /** Begins anew, with other options from the same cursor on. */
  protected restart(options: TopicOptions): void {
    this.#generation++;
    this.rows.clear();
    this.#older.clear();
    this.#nextCursor = null;
    this.#frozenAt = null;
    this.#status = "loading";
    this.subscription?.update(options);
    this.#waitThenLoad();
    this.changed();
  }

  protected changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#view = this.#look(this.getView().version + 1);
      for (const listener of this.#listeners) listener();
    });
  }

  get #end(): number {
    return this.#frozenAt ?? this.rows.end;
  }

  get #liveCount(): number {
    return Math.max(0, this.#end - this.rows.dropped);
  }

  #setFrozen(position: number | null): void {
    this.#frozenAt = position;
    this.#failed = 0;
    this.#unseen = 0;
    this.#counted = { events: 0, failed: 0 };
    this.changed();
  }

  #waitThenLoad(): void {
    this.#stopWaiting();
    const ms = this.live.getState().status === "open" ? patienceMs / 3 : patienceMs;
    this.#patience = setTimeout(() => this.load(), ms);
  }

  #stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  async #page(cursor: string | null): Promise<void> {
    const generation = this.#generation;
    try {
      const page = await this.read(cursor);
      if (generation !== this.#generation) return;
      if (cursor === null) this.#older.renew(page.items, this.#of.newer ?? ((row) => row));
      else this.#older.append(page.items);
      this.#nextCursor = page.nextCursor;
      this.#status = "ready";
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#error = error;
      if (this.#status !== "ready") this.#status = "error";
    }
    this.changed();
  }

  #leave(): void {
    const { query } = this;
    if (query === null || this.#status !== "ready") return;
    const rows: T[] = [];
    for (let index = 0; rows.length < rowsLeft; index++) {
      const row = this.row(index);
      if (row === undefined) break;
      if (isRow(row)) rows.push(row);
    }
    left.delete(query);
    left.set(query, rows);
    for (const oldest of left.keys()) if (left.size > maxLeft) left.delete(oldest);
  }

  #comeBack(): View {
    const rows = this.query === null ? undefined : (left.get(this.query) as readonly T[] | undefined);
    if (rows !== undefined) {
      this.#older.append(rows);
      this.#status = "ready";
    }
    return this.#look(0);
  }

  #look(version: number): View {
    return this.shown({
      version,
      status: this.#status,
      error: this.#error,
      count: this.#liveCount + this.#older.count,
      isFollowing: this.#frozenAt === null,
      fresh: this.#frozenAt === null ? 0 : this.unread + this.#unseen + this.#counted.events,
      failed: this.#failed + this.#counted.failed,
      hasOlder: this.#nextCursor !== null,
      isLoadingOlder: this.#isLoadingOlder,
    });
  }
}
