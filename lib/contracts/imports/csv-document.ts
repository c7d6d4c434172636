import { csvRecords } from "./csv.ts";
import { xmlElement } from "./xml-text.ts";

/** A line that makes no account. */
export interface CsvFault {
  readonly line: number;
  readonly reason: string;
}

/** Lines `user,host,password` as a XEP-0227 document, piece by piece. Lines that are none are told and left out. Throws CsvError. */
export async function* csvDocument(
  text: AsyncIterable<string>,
  failed: (fault: CsvFault) => void,
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0">`;
  for await (const { line, fields } of csvRecords(text)) {
    const [local = "", host = "", password = ""] = fields.map((field, index) => (index < 2 ? field.trim() : field));
    if (line === 1 && local === "user" && host === "host") continue;
    if (fields.length === 3 && local !== "" && host !== "" && password !== "")
      yield xmlElement("host", { jid: host }, xmlElement("user", { name: local, password }));
    else failed({ line, reason: "expected three fields: user,host,password" });
  }
  yield "</server-data>";
}
