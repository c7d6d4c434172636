import assert from "node:assert/strict";
import { formatRecord, type LogRecord } from "../../server/core/log.ts";

/** Something that reads what a stranger wrote. */
export interface Target {
  readonly name: string;
  /** What words of its format may be put in. */
  readonly words: readonly (string | Buffer)[];
  /** Throws when there is a defect: what the reader may refuse with is caught here. */
  readonly run: (input: Buffer) => void | Promise<void>;
  /** What is asked after a batch of inputs, such as whether the server is still there. */
  readonly check?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
}

type Refusals = readonly (abstract new (...args: never[]) => Error)[];

/** Runs a reader that says no by one kind of error only. */
export function refusing(kinds: Refusals, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
  }
}

/** The same for a reader that takes its time. */
export async function refusingLater(kinds: Refusals, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
  }
}

/** A server has nothing to say of a fault of its own. */
export function assertQuiet(complaints: readonly LogRecord[]): void {
  const errors = complaints.filter(({ level }) => level === "error");
  assert.equal(errors.length, 0, errors.map((record) => formatRecord(record)).join("\n"));
}
