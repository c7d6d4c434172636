import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Command } from "commander";
import { ejabberdDocument } from "../../../lib/contracts/imports/ejabberd-document.ts";
import { type DumpFile, EjabberdDump } from "../../../lib/contracts/imports/ejabberd-dump.ts";
import { ErlangDataError } from "../../../lib/contracts/imports/erlang-data.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { importDocument, withImportOptions } from "./portability.ts";

/** Accounts and rooms of an ejabberd, from the text that it writes of its tables. */
export function ejabberdCommands(program: Command): void {
  const imports = program.commands.find((command) => command.name() === "import")!;
  apiCommand(
    imports,
    "ejabberd <files...>",
    "create accounts and rooms from what `ejabberdctl dump` or `dump_table` wrote",
    async (context, files, options) => importDocument(context, files.join(", "), documentOf(files), options),
    withImportOptions,
  );
}

async function* documentOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  const handles: FileHandle[] = [];
  try {
    for (const path of paths) handles.push(await opened(path));
    const dump = await EjabberdDump.of(handles.map((handle, index) => fileOf(handle, paths[index]!)));
    if (dump.accounts.length === 0 && dump.rooms.length === 0)
      throw new ErlangDataError("there is neither an account nor a room in it");
    const encoder = new TextEncoder();
    const failed = ({ place, reason }: { place: string; reason: string }) => console.error(`${place}: ${reason}`);
    for await (const piece of ejabberdDocument(dump, failed, Date.now())) yield encoder.encode(piece);
  } catch (error) {
    if (error instanceof ErlangDataError)
      throw new CommandError(`${paths.join(", ")}: ${error.message}`, exitCodes.usage);
    throw error;
  } finally {
    for (const handle of handles) await handle.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw new CommandError(`${path}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
}

function fileOf(handle: FileHandle, name: string): DumpFile {
  return {
    name,
    pieces: () => createReadStream(name),
    async slice(start, end) {
      const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      return buffer;
    },
  };
}
