import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ExportFormat } from "../../lib/contracts/exports.ts";

/** How much is joined before it is written, in characters. */
const chunkSize = 64 * 1024;

const types: Record<ExportFormat, string> = {
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8; header=present",
};

export function isRows(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/** Headers for rows as a file of this name. */
export function rowHeaders(name: string, format: ExportFormat): Record<string, string> {
  return { "content-type": types[format], "content-disposition": `attachment; filename="${name}.${format}"` };
}

/** Writes rows as they come, no faster than they are read. Rejects when they fail; stops when nobody reads any more. */
export async function writeRows(
  rows: AsyncIterable<unknown>,
  format: ExportFormat,
  response: ServerResponse,
): Promise<void> {
  let columns: string[] | null = null;
  let text = "";
  for await (const row of rows) {
    if (response.destroyed) return;
    const record = Object(row) as Record<string, unknown>;
    if (format === "ndjson") text += `${JSON.stringify(record)}\n`;
    else {
      if (columns === null) {
        columns = Object.keys(record);
        text += csvLine(columns);
      }
      text += csvLine(columns.map((column) => record[column]));
    }
    if (text.length < chunkSize) continue;
    const hasRoom = response.write(text);
    text = "";
    if (!hasRoom && !response.destroyed) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end(text);
}

/** RFC 4180 2. What a spreadsheet would take for a formula is text for it after an apostrophe. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => csvField(value)).join(",")}\r\n`;
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
