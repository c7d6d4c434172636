import { createReadStream } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import { csvDocument } from "../../../lib/contracts/imports/csv-document.ts";
import {
  type CsvColumn,
  csvColumns,
  type CsvMapping,
  plainMapping,
} from "../../../lib/contracts/imports/csv-mapping.ts";
import { CsvError } from "../../../lib/contracts/imports/csv.ts";
import { apiCommand } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { importDocument, withImportOptions } from "./portability.ts";

/** Accounts from a table, with what its columns are said to be. */
export function csvCommands(program: Command): void {
  const imports = program.commands.find((command) => command.name() === "import")!;
  apiCommand(
    imports,
    "csv <file>",
    "create accounts from a table with one a line; - is standard input",
    async (context, [file = ""], options) =>
      importDocument(context, file, documentOf(file, mappingOf(options)), options),
    (command) =>
      withImportOptions(command)
        .option("--columns <names>", `what its columns are: ${csvColumns.join(", ")}, or - for one left out`, columnsOf)
        .option("--separator <character>", "between fields: a character, or `tab`")
        .option("--header", "the first line names the columns")
        .option("--default-host <host>", "of users that are named without one"),
  );
}

function columnsOf(text: string): (CsvColumn | null)[] {
  const columns = text.split(",").map((name) => {
    const column = csvColumns.find((each) => each === name.trim()) ?? null;
    if (column === null && name.trim() !== "-") throw new InvalidArgumentError(`There is no column ${name}.`);
    return column;
  });
  const named = columns.filter((column) => column !== null);
  if (new Set(named).size < named.length) throw new InvalidArgumentError("A column is there twice.");
  return columns;
}

function mappingOf({ columns, separator, header, defaultHost }: Record<string, unknown>): CsvMapping {
  return {
    separator: separator === "tab" ? "\t" : typeof separator === "string" ? separator : plainMapping.separator,
    hasHeader: header === true,
    columns: Array.isArray(columns) ? (columns as (CsvColumn | null)[]) : plainMapping.columns,
    host: typeof defaultHost === "string" ? defaultHost : plainMapping.host,
  };
}

async function* documentOf(file: string, mapping: CsvMapping): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const text = file === "-" ? process.stdin.setEncoding("utf8") : createReadStream(file, "utf8");
  try {
    for await (const piece of csvDocument(text, mapping, ({ line, reason }) =>
      console.error(`line ${line}: ${reason}`),
    ))
      yield encoder.encode(piece);
  } catch (error) {
    if (error instanceof CsvError) throw new CommandError(`${file}: ${error.message}`, exitCodes.usage);
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new CommandError(`${file}: no such file`, exitCodes.usage);
    throw error;
  }
}
