import { createWriteStream, type WriteStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Command } from "commander";
import type { z } from "zod";
import { maxPartLength } from "../../../lib/contracts/import-limits.ts";
import type { DataPart, ImportReport } from "../../../lib/contracts/portability.ts";
import { apiCommand, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";

type Part = z.infer<typeof DataPart>;
/** Below what one call takes, for JSON writes some characters as two. */
const pieceLength = maxPartLength / 4;

const withParts = (command: Command): Command =>
  command
    .option("--no-archive", "without the archived messages")
    .option("--no-offline", "without the waiting messages");

/** What an import of whatever kind can be told. */
export const withImportOptions = (command: Command): Command =>
  withParts(command)
    .option("--dry-run", "read and report, change nothing")
    .option("--update", "accounts that exist are given what the file has")
    .option("--fail", "accounts that exist count as failed")
    .option("--host <names>", "other names for hosts of the file: OLD=NEW, separated by commas");

function partsOf({ archive, offline }: Record<string, unknown>): Part[] {
  return [...(offline === false ? [] : ["offline" as const]), ...(archive === false ? [] : ["archive" as const])];
}

/** Accounts with all they own as XEP-0227 files. */
export function portabilityCommands(program: Command): void {
  const exports = program.command("export").description("write accounts to a file (XEP-0227)");
  apiCommand(
    exports,
    "user <jid> [file]",
    "write one account; without a file, to standard output",
    async (context, [jid = "", file = "-"], options) =>
      write(context, { host: jid.slice(jid.lastIndexOf("@") + 1), jid }, file, partsOf(options)),
    withParts,
  );
  apiCommand(
    exports,
    "host <host> [file]",
    "write all accounts of a host; without a file, to standard output",
    async (context, [host = "", file = "-"], options) => write(context, { host }, file, partsOf(options)),
    withParts,
  );

  const imports = program.commands.find((command) => command.name() === "import")!;
  apiCommand(
    imports,
    "xep0227 <file>",
    "create accounts from a XEP-0227 file; - is standard input",
    async (context, [file = ""], options) => importDocument(context, file, await source(file), options),
    withImportOptions,
  );
}

async function write(
  { api }: Context,
  what: { host: string; jid?: string },
  file: string,
  parts: Part[],
): Promise<void> {
  const first = await api.portability.export({ ...what, parts });
  const out = file === "-" ? process.stdout : createWriteStream(file, { mode: 0o600, flags: "w" });
  let part = first;
  for (;;) {
    await put(out, part.text);
    if (file !== "-" && process.stderr.isTTY) process.stderr.write(`\r${part.accounts} accounts …`);
    if (part.next === null) break;
    part = await api.portability.exportPart({ id: first.id, next: part.next });
  }
  if (file === "-") return;
  await new Promise<void>((resolve) => (out as WriteStream).end(resolve));
  if (process.stderr.isTTY) process.stderr.write("\n");
  console.log(`${part.accounts} accounts written to ${file}`);
}

function put(out: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    out.once("error", reject);
    out.write(text, () => {
      out.off("error", reject);
      resolve();
    });
  });
}

/** Imports a XEP-0227 document; `name` is what it is called in messages. */
export async function importDocument(
  context: Context,
  name: string,
  document: AsyncIterable<Uint8Array>,
  options: Record<string, unknown>,
): Promise<void> {
  const { api, print } = context;
  const onConflict = options["update"] === true ? "update" : options["fail"] === true ? "fail" : "skip";
  const begun = await api.portability.import({
    dryRun: options["dryRun"] === true,
    onConflict,
    parts: partsOf(options),
    hosts: renamed(options["host"]),
  });
  const { id } = begun;
  let report: ImportReport = begun;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
    let text = "";
    for await (const bytes of document) {
      text += decoder.decode(bytes, { stream: true });
      while (text.length >= pieceLength && report.state === "receiving") {
        const end = boundary(text);
        report = await api.portability.importPart({ id, text: text.slice(0, end) });
        text = text.slice(end);
      }
      if (report.state !== "receiving") break;
      if (process.stderr.isTTY) process.stderr.write(`\r${counted(report)} accounts …`);
    }
    if (report.state === "receiving" && text !== "") report = await api.portability.importPart({ id, text });
    report = await api.portability.importEnd({ id });
  } catch (error) {
    await api.portability.importEnd({ id, isComplete: false }).catch(() => undefined);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new CommandError(`${name}: no such file`, exitCodes.usage);
    if (error instanceof TypeError) throw new CommandError(`${name}: it is not UTF-8`, exitCodes.usage);
    throw error;
  }
  if (process.stderr.isTTY) process.stderr.write("\n");
  print(report, () => lines(report));
  if (report.state === "failed" || report.accounts.failed > 0) process.exitCode = exitCodes.negative;
}

/** Opened before anything is begun: whoever names no file has begun nothing. */
async function source(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === "-") return process.stdin;
  try {
    return (await open(file)).createReadStream();
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
}

/** The last place of a piece that does not cut a character in two. */
function boundary(text: string): number {
  const unit = text.charCodeAt(pieceLength - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? pieceLength - 1 : pieceLength;
}

function renamed(text: unknown): Record<string, string> {
  if (typeof text !== "string") return {};
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [before = "", now = ""] = pair.split("=");
      if (before === "" || now === "") throw new CommandError("--host is OLD=NEW.", exitCodes.usage);
      return [before.trim(), now.trim()];
    }),
  );
}

const counted = ({ accounts: { created, updated, skipped, failed } }: ImportReport): number =>
  created + updated + skipped + failed;

function lines({ accounts, items, withoutPassword, unknown, problems, dryRun, error }: ImportReport): string[] {
  const { created, updated, skipped, failed } = accounts;
  return [
    `${created} created, ${updated} updated, ${skipped} left alone, ${failed} failed${dryRun ? " (nothing was changed)" : ""}`,
    Object.entries(items)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
    ...(withoutPassword === 0 ? [] : [`${withoutPassword} accounts need a password before anybody can log in`]),
    ...Object.entries(unknown).map(([name, count]) => `  not understood: ${name}, ${count} times`),
    ...problems.map(({ jid, reason }) => `  ${jid}: ${reason}`),
    ...(error === null ? [] : [`The file could not be read to its end: ${error}`]),
  ];
}
