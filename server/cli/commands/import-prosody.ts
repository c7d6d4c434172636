import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { prosodyAccounts, prosodyDocument, prosodyRooms } from "../../../lib/contracts/imports/prosody-document.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { importDocument, withImportOptions } from "./portability.ts";

/** Accounts and rooms of a Prosody, from the files that it keeps them in. */
export function prosodyCommands(program: Command): void {
  const imports = program.commands.find((command) => command.name() === "import")!;
  apiCommand(
    imports,
    "prosody <directory>",
    "create accounts and rooms from Prosody's data directory (storage internal); stop Prosody before",
    async (context, [directory = ""], options) => importDocument(context, directory, documentOf(directory), options),
    withImportOptions,
  );
}

async function* documentOf(directory: string): AsyncGenerator<Uint8Array> {
  const paths = await readdir(directory, { recursive: true }).catch((error: unknown) => {
    throw new CommandError(`${directory}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  });
  const accounts = prosodyAccounts(paths);
  if (accounts.length === 0)
    throw new CommandError(
      `${directory}: there is no account of a Prosody in it (HOST/accounts/USER.dat)`,
      exitCodes.usage,
    );
  const encoder = new TextEncoder();
  const pieces = prosodyDocument(
    accounts,
    (path) => createReadStream(join(directory, path), "utf8"),
    ({ path, reason }) => console.error(`${path}: ${reason}`),
    prosodyRooms(paths),
  );
  for await (const piece of pieces) yield encoder.encode(piece);
}
