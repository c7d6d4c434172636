import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { LogRecord } from "../core/log.ts";

/** As much as the log has in memory, of lines as they usually are. */
const maxBytes = 2 * 1024 * 1024;
const line = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (debug|info|warn|error) +([^\s:]+): (.*)$/;
const lastField = /^(.*) ([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|[\w.:@/+-]+|[{[].*[}\]])$/;

/** The end of the log file: what an earlier run of the server wrote, oldest first. Nothing without a file, or if it cannot be read. */
export function earlierRecords(file: string | null): LogRecord[] {
  if (file === null) return [];
  const text = endOf(file);
  return text.split("\n").flatMap((one) => parseRecord(one) ?? []);
}

/** A line of the log as the record that it was; undefined: it is another kind of line. */
export function parseRecord(text: string): LogRecord | undefined {
  const [, at, level, module, rest] = line.exec(text) ?? [];
  if (at === undefined || level === undefined || module === undefined || rest === undefined) return undefined;
  const fields: [string, unknown][] = [];
  let message = rest;
  for (let match = lastField.exec(message); match !== null; match = lastField.exec(message)) {
    fields.unshift([match[2]!, valueOf(match[3]!)]);
    message = match[1]!;
  }
  return {
    at: Date.parse(at),
    level: level as LogRecord["level"],
    module,
    message,
    fields: Object.fromEntries(fields),
  };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function endOf(file: string): string {
  try {
    const handle = openSync(file, "r");
    try {
      const { size } = fstatSync(handle);
      const start = Math.max(0, size - maxBytes);
      const buffer = Buffer.alloc(size - start);
      const read = readSync(handle, buffer, 0, buffer.length, start);
      const text = buffer.toString("utf8", 0, read);
      // The first line may have lost its beginning.
      return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
    } finally {
      closeSync(handle);
    }
  } catch {
    return "";
  }
}
