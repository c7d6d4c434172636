import { inspect } from "node:util";
import type { Log, LogRecord } from "./log.ts";

/** A record with its number, which grows by one from record to record. */
export interface NumberedRecord extends LogRecord {
  readonly id: number;
}

/** Warnings and errors of a module on a host since the server started; host "": of none in particular. */
export interface ModuleFaults {
  readonly warnings: number;
  readonly errors: number;
}

const capacity = 10_000;
/** A field or message that is longer is cut: the whole book takes some megabytes at most. */
const maxText = 2_000;
const maxTallies = 10_000;

/**
 * The newest records of the log, in memory. Their numbers begin with the time at which the book was made, so that those
 * of an earlier run of the server are not taken for any of this one.
 */
export class LogBook {
  readonly #records: NumberedRecord[] = [];
  readonly #faults = new Map<string, { warnings: number; errors: number }>();
  readonly #listeners = new Set<(record: NumberedRecord) => void>();
  /** The number before the first record of this run. */
  readonly #start: number;
  #head: number;

  constructor(log: Log, start = Date.now()) {
    this.#start = start;
    this.#head = start;
    log.tap((record) => this.#take(record));
  }

  /** The newest number; one below the first record while there is none. */
  get head(): number {
    return this.#head;
  }

  get oldest(): number {
    return this.#head - this.#records.length + 1;
  }

  /** The same of this run of the server: earlier ones are there to be read, not to be followed. */
  get oldestOfRun(): number {
    return Math.max(this.oldest, this.#start + 1);
  }

  /** The record of a number; undefined: it is no longer kept, or not there yet. */
  get(id: number): NumberedRecord | undefined {
    return this.#records[id - this.oldest];
  }

  /** Modules that have written something, in alphabetical order. */
  modules(): string[] {
    return [...new Set(this.#records.map(({ module }) => module))].toSorted();
  }

  faults(module: string, host: string): ModuleFaults {
    return this.#faults.get(`${module} ${host}`) ?? { warnings: 0, errors: 0 };
  }

  /** Puts records of an earlier run before all others, oldest first. For the start, before anybody has read. */
  precede(records: readonly LogRecord[]): void {
    const kept = records.slice(-Math.max(0, capacity - this.#records.length));
    const first = this.oldest - kept.length;
    this.#records.unshift(...kept.map((record, index) => ({ ...record, id: first + index })));
  }

  onRecord(listener: (record: NumberedRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take(record: LogRecord): void {
    this.#head += 1;
    const numbered = { ...cut(record), id: this.#head };
    this.#records.push(numbered);
    // A tenth at a time: taking out one by one would move the whole list for each record.
    if (this.#records.length > capacity) this.#records.splice(0, capacity / 10);
    if (record.level === "warn" || record.level === "error") this.#count(record);
    for (const listener of this.#listeners) listener(numbered);
  }

  #count({ module, level, fields }: LogRecord): void {
    // What the hooks say of a handler counts for its module.
    const of = module === "hooks" && typeof fields["handler"] === "string" ? fields["handler"] : module;
    const key = `${of} ${typeof fields["host"] === "string" ? fields["host"] : ""}`;
    let faults = this.#faults.get(key);
    if (faults === undefined) {
      if (this.#faults.size >= maxTallies) return;
      this.#faults.set(key, (faults = { warnings: 0, errors: 0 }));
    }
    if (level === "error") faults.errors += 1;
    else faults.warnings += 1;
  }
}

/** With values that are plain data and of bounded size. */
function cut(record: LogRecord): LogRecord {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record.fields)) fields[key] = plain(value);
  return { ...record, message: short(record.message), fields };
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return short(value);
  if (value instanceof Error) return short(value.message);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  const text = jsonOf(value);
  return text.length <= maxText ? (JSON.parse(text) as unknown) : short(text);
}

// A log that throws would take down what it tells of.
function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(inspect(value));
  }
}

function short(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}
