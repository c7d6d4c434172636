import { createReadStream } from "node:fs";
import type { Command } from "commander";
import { openfireDocument, openfireFacts } from "../../../lib/contracts/imports/openfire-document.ts";
import { XmlDataError } from "../../../lib/contracts/imports/xml-elements.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { importDocument, withImportOptions } from "./portability.ts";

/** Accounts of an Openfire, from the file that its plugin User Import/Export writes in Openfire's own format. */
export function openfireCommands(program: Command): void {
  const imports = program.commands.find((command) => command.name() === "import")!;
  apiCommand(
    imports,
    "openfire <file>",
    "create accounts from what Openfire's plugin User Import/Export wrote in its own format",
    async (context, [file = ""], options) =>
      importDocument(context, file, documentOf(file, options["domain"]), options),
    (command) =>
      withImportOptions(command).option(
        "--domain <name>",
        "what Openfire served, which the file does not say; left out: the domain of most contacts",
      ),
  );
}

async function* documentOf(file: string, given: unknown): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const refused = (reason: string) => new CommandError(`${file}: ${reason}`, exitCodes.usage);
  try {
    const { accounts, domain } = await openfireFacts(createReadStream(file, "utf8"));
    if (accounts === 0) throw refused("there is no account in it");
    const served = typeof given === "string" ? given : domain;
    if (served === "") throw refused("it does not say of which domain the accounts are: --domain does");
    for await (const piece of openfireDocument(createReadStream(file, "utf8"), served)) yield encoder.encode(piece);
  } catch (error) {
    if (error instanceof XmlDataError) throw refused(error.message);
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw refused("no such file");
    throw error;
  }
}
