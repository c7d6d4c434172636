import { closeSync, openSync, writeSync } from "node:fs";
import { formatRecord, type LogRecord, type LogSink } from "../core/log.ts";
import { BootError } from "./boot-error.ts";

const colours = { debug: "\u001b[2m", info: "", warn: "\u001b[33m", error: "\u001b[31m" } as const;

/**
 * Where log records are written: standard error, or a file that `reopen` opens anew after a rotation. A record that cannot be
 * written, because nobody reads any more or the disk is full, is lost: a server does not end, or go round in circles, for
 * that.
 */
export interface LogOutput {
  readonly sink: LogSink;
  reopen(): void;
}

/** @throws {BootError} when the file cannot be opened. */
export function openLogOutput(file: string | null): LogOutput {
  // Without a listener the error would be thrown, logged, and with that come again.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  if (file === null) return { sink: process.stderr.isTTY ? coloured : plain, reopen: () => undefined };
  let handle = open(file);
  return {
    sink(record) {
      try {
        writeSync(handle, `${formatRecord(record)}\n`);
      } catch (error) {
        process.stderr.write(`the log file ${file} cannot be written: ${String(error)}\n${formatRecord(record)}\n`);
      }
    },
    reopen: () => {
      const old = handle;
      handle = open(file);
      closeSync(old);
    },
  };
}

const plain: LogSink = (record) => void process.stderr.write(`${formatRecord(record)}\n`);

function coloured(record: LogRecord): void {
  process.stderr.write(`${colours[record.level]}${formatRecord(record)}\u001b[0m\n`);
}

function open(file: string): number {
  try {
    return openSync(file, "a", 0o640);
  } catch (error) {
    throw new BootError(
      `The log file ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
