import { createReadStream } from "node:fs";
import { stdin } from "node:process";
import { csvRecords as recordsOf, type CsvRecord } from "../../lib/contracts/imports/csv.ts";

/** Records of a CSV file; `-` is standard input. */
export function csvRecords(file: string): AsyncGenerator<CsvRecord> {
  const source = file === "-" ? stdin : createReadStream(file);
  source.setEncoding("utf8");
  return recordsOf(source as AsyncIterable<string>);
}
