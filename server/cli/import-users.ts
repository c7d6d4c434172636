import { CsvError } from "../../lib/contracts/imports/csv.ts";
import type { Context } from "./context.ts";
import { csvRecords } from "./csv.ts";
import { CommandError, exitCodes } from "./exit.ts";

const batchSize = 1000;
/** Batches under way at once: one is hashed or written while the next is on its way. */
const inFlight = 2;

interface Entry {
  readonly line: number;
  readonly local: string;
  readonly host: string;
  readonly password: string;
}
interface Report {
  created: number;
  updated: number;
  skipped: number;
  readonly failed: { line: number; jid: string; reason: string }[];
}

/** Reads `user,host,password` lines and creates the accounts in batches. Accounts that exist are left alone. */
export async function importUsers(context: Context, file: string, onConflict: "skip" | "update"): Promise<void> {
  const report: Report = { created: 0, updated: 0, skipped: 0, failed: [] };
  const running = new Set<Promise<void>>();
  let batch: Entry[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const work = send(context, batch, onConflict, report).finally(() => running.delete(work));
    running.add(work);
    batch = [];
    if (running.size >= inFlight) await Promise.race(running);
  };
  try {
    for await (const { line, fields } of csvRecords(file)) {
      const [local = "", host = "", password = ""] = fields.map((field, index) => (index < 2 ? field.trim() : field));
      if (line === 1 && local === "user" && host === "host") continue;
      if (fields.length !== 3 || local === "" || host === "" || password === "") {
        report.failed.push({ line, jid: `${local}@${host}`, reason: "expected three fields: user,host,password" });
        continue;
      }
      batch.push({ line, local, host, password });
      if (batch.length === batchSize) await flush();
    }
    await flush();
    await Promise.all(running);
  } catch (error) {
    await Promise.allSettled(running);
    if (error instanceof CsvError) throw new CommandError(`${file}: ${error.message}`, exitCodes.usage);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new CommandError(`${file}: no such file`, exitCodes.usage);
    throw error;
  }
  if (process.stderr.isTTY) process.stderr.write("\n");
  context.print(report, () => [
    `${report.created} created, ${report.updated} updated, ${report.skipped} left alone, ${report.failed.length} failed`,
    ...report.failed.slice(0, 100).map(({ line, jid, reason }) => `  line ${line}: ${jid}: ${reason}`),
  ]);
  if (report.failed.length > 0) process.exitCode = exitCodes.negative;
}

async function send(
  context: Context,
  batch: readonly Entry[],
  onConflict: "skip" | "update",
  report: Report,
): Promise<void> {
  const result = await context.api.users.importBatch({
    users: batch.map(({ local, host, password }) => ({ local, host, password })),
    onConflict,
  });
  report.created += result.created;
  report.updated += result.updated;
  report.skipped += result.skipped;
  const lines = new Map(batch.map((entry) => [`${entry.local}@${entry.host}`, entry.line]));
  for (const { jid, reason } of result.failed) report.failed.push({ line: lines.get(jid) ?? 0, jid, reason });
  if (process.stderr.isTTY) process.stderr.write(`\r${report.created + report.updated + report.skipped} accounts …`);
}
