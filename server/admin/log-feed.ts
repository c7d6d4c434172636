import type { LogRecord } from "../../lib/contracts/log.ts";
import type { LogBook, NumberedRecord } from "../core/log-book.ts";
import { liveRow, type Feed, type LiveRow } from "./live-feed.ts";
import { timestamp } from "./timestamp.ts";

const pageSize = 500;

/** The log as viewers follow it: what they missed for a while is still in memory. */
export class LogFeed implements Feed {
  readonly #book: LogBook;

  constructor(book: LogBook) {
    this.#book = book;
  }

  get head(): number {
    return this.#book.head;
  }

  after(id: number): readonly LiveRow[] | null {
    if (id < this.#book.oldestOfRun - 1) return null;
    return this.#rows(id, this.#book.head);
  }

  page(after: number): Promise<readonly LiveRow[]> {
    const first = Math.max(after, this.#book.oldestOfRun - 1);
    return Promise.resolve(this.#rows(first, Math.min(this.#book.head, first + pageSize)));
  }

  range(): Promise<{ oldest: number; head: number }> {
    return Promise.resolve({ oldest: this.#book.oldestOfRun, head: this.#book.head });
  }

  #rows(after: number, upTo: number): LiveRow[] {
    const rows: LiveRow[] = [];
    for (let id = after + 1; id <= upTo; id += 1) rows.push(logRow(this.#book.get(id)!));
    return rows;
  }
}

export function logRow(record: NumberedRecord): LiveRow {
  return liveRow({ topic: "log", id: record.id, data: logRecord(record) });
}

export function logRecord({ id, at, level, module, message, fields }: NumberedRecord): LogRecord {
  return { id, at: timestamp(at), level, module, message, fields: { ...fields } };
}
