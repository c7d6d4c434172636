import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { CsvError } from "../../lib/contracts/imports/csv.ts";
import { csvRecords } from "./csv.ts";

const directory = mkdtempSync(join(tmpdir(), "nightpost-csv-"));
const file = join(directory, "users.csv");
afterAll(() => rmSync(directory, { recursive: true }));

async function read(text: string): Promise<{ line: number; fields: readonly string[] }[]> {
  writeFileSync(file, text);
  return Array.fromAsync(csvRecords(file));
}
const fieldsOf = async (text: string): Promise<(readonly string[])[]> => (await read(text)).map(({ fields }) => fields);

describe("csvRecords", () => {
  it.each([
    ["plain fields", "a,b,c\n", [["a", "b", "c"]]],
    [
      "CRLF and no end of the last line",
      "a,b\r\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "empty fields",
      ",,\na,,\n",
      [
        ["", "", ""],
        ["a", "", ""],
      ],
    ],
    ["an empty last field at the end", "a,", [["a", ""]]],
    ["empty lines, which are no records", "\n\r\na\n\n", [["a"]]],
    ["quoted fields", '"a,b","c ""d""",""\n', [["a,b", 'c "d"', ""]]],
    ["a quoted line end", '"a\r\nb",c\n', [["a\r\nb", "c"]]],
    ["an empty quoted field alone", '""\n', [[""]]],
    ["a byte order mark", "\uFEFFuser,host\n", [["user", "host"]]],
    ["a byte order mark before a quote", '\uFEFF"user",host\n', [["user", "host"]]],
    ["letters beyond the first plane", "😀,b\n", [["😀", "b"]]],
    ["a carriage return inside of a field", "a\rb,c\n", [["a\rb", "c"]]],
  ])("reads %s", async (_what, text, records) => expect(await fieldsOf(text)).toEqual(records));

  it("says on which line a record begins", async () => {
    expect((await read('a\n"b\nc"\nd\n')).map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it.each([
    ['a\nb"c\n', /^line 2: a quote in the middle/],
    ['"a"b\n', /^line 1: text after a quoted field/],
    ['a\n"b\nc', /^line 2: a quoted field is not closed/],
    [`a\n${"x".repeat(70_000)}`, /^line 2: a field is longer/],
  ])("refuses %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toBeInstanceOf(CsvError);
  });

  it("reads back whatever was written by the rules of RFC 4180", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "\r\n", " ", "ß", "😀") });
    const records = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(records, fc.constantFrom("\n", "\r\n"), async (wanted, lineEnd) => {
        const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
        const written = wanted.map((fields) => fields.map(quote).join(",") + lineEnd).join("");
        expect(await fieldsOf(written)).toEqual(wanted);
      }),
    );
  });
});
