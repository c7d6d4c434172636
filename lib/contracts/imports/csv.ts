/** A line of the file that is not CSV (RFC 4180). */
export class CsvError extends Error {
  override name = "CsvError";
}

const maxFieldLength = 65_536;
const maxFields = 1000;

export interface CsvRecord {
  /** The line it begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Records of a CSV text (RFC 4180: quoted fields, doubled quotes, CRLF or LF). `separator`: of fields. Throws CsvError. */
export async function* csvRecords(text: AsyncIterable<string>, separator = ","): AsyncGenerator<CsvRecord> {
  let fields: string[] = [];
  let field = "";
  let state: "start" | "plain" | "quoted" | "quote" = "start";
  // A carriage return is part of the line end if a line feed follows it, else of the field.
  let hasReturn = false;
  let line = 1;
  let begin = 1;
  for await (const chunk of text) {
    for (const char of chunk) {
      if (field.length > maxFieldLength)
        throw new CsvError(`line ${begin}: a field is longer than ${maxFieldLength} characters`);
      if (char === "\n") line += 1;
      if (state === "quoted") {
        if (char === '"') state = "quote";
        else field += char;
        continue;
      }
      if (hasReturn && char !== "\n") {
        if (state === "quote") throw new CsvError(`line ${line}: text after a quoted field`);
        field += "\r";
        state = "plain";
      }
      hasReturn = char === "\r";
      if (hasReturn) continue;
      if (char === '"') {
        if (state === "plain") throw new CsvError(`line ${line}: a quote in the middle of a field`);
        if (state === "quote") field += '"';
        state = "quoted";
      } else if (char === separator) {
        if (fields.length === maxFields) throw new CsvError(`line ${begin}: it has more than ${maxFields} fields`);
        fields.push(field);
        field = "";
        state = "start";
      } else if (char === "\n") {
        if (state !== "start" || fields.length > 0 || field !== "") yield { line: begin, fields: [...fields, field] };
        fields = [];
        field = "";
        state = "start";
        begin = line;
      } else {
        if (char === "\uFEFF" && begin === 1 && fields.length === 0 && field === "") continue;
        if (state === "quote") throw new CsvError(`line ${line}: text after a quoted field`);
        field += char;
        state = "plain";
      }
    }
  }
  if (state === "quoted") throw new CsvError(`line ${begin}: a quoted field is not closed`);
  if (state !== "start" || fields.length > 0) yield { line: begin, fields: [...fields, field] };
}
