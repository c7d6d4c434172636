import { readFileSync } from "node:fs";
import { CommandError, exitCodes } from "./exit.ts";

/** What a file has as text; `-` is standard input. A file that cannot be read ends the command as wrong usage. */
export function fileText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`, exitCodes.usage);
  }
}

/** A password or passphrase, which may begin and end with spaces, without the line break that editors add. */
export function passwordText(file: string): string {
  return fileText(file).replace(/\r?\n$/, "");
}
