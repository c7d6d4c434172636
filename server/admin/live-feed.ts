import type { LiveEvent } from "../../lib/contracts/events.ts";
import type { AdminStore, FeedName, FeedRow } from "../storage/ports.ts";
import { liveEvent } from "./live-event.ts";

/** An event with its text, which is made once for all viewers. */
export interface LiveRow {
  readonly id: number;
  readonly event: LiveEvent;
  readonly json: string;
}

const ringSize = 2_000;
const pageSize = 500;

export function liveRow(event: LiveEvent): LiveRow {
  return { id: event.id, event, json: JSON.stringify({ type: "event", event }) };
}

/** Rows that are numbered without a gap, so that a viewer is told of every one once. */
export interface Feed {
  /** The newest id seen since rows are told; 0: none. */
  readonly head: number;
  /** Everything after `id`, when that much is in memory. */
  after(id: number): readonly LiveRow[] | null;
  page(after: number): Promise<readonly LiveRow[]>;
  range(): Promise<{ oldest: number; head: number }>;
}

/** The newest rows of a feed in memory, and the older ones in the store. */
export class LiveFeed implements Feed {
  readonly #name: FeedName;
  readonly #store: AdminStore;
  // Ids in it grow by one from entry to entry.
  #ring: LiveRow[] = [];

  constructor(name: FeedName, store: AdminStore) {
    this.#name = name;
    this.#store = store;
  }

  /** Rows as the store commits them. */
  add(rows: readonly FeedRow[]): readonly LiveRow[] {
    const added = rows.map((row) => liveRow(liveEvent(row)));
    for (const row of added) {
      if (this.#ring.length > 0 && row.id !== this.head + 1) this.#ring = [];
      this.#ring.push(row);
    }
    if (this.#ring.length > 2 * ringSize) this.#ring = this.#ring.slice(-ringSize);
    return added;
  }

  /** Rows are not told any more: what is in the ring is no longer the newest. */
  forget(): void {
    this.#ring = [];
  }

  get head(): number {
    return this.#ring.at(-1)?.id ?? 0;
  }

  after(id: number): readonly LiveRow[] | null {
    const first = this.#ring[0]?.id;
    if (first === undefined || first > id + 1) return null;
    return this.#ring.slice(id + 1 - first);
  }

  async page(after: number): Promise<readonly LiveRow[]> {
    const rows = await this.#store.feed(this.#name, after, pageSize);
    return rows.map((row) => liveRow(liveEvent(row)));
  }

  range(): Promise<{ oldest: number; head: number }> {
    return this.#store.feedRange(this.#name);
  }
}
