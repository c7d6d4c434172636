import { type CsvAccount, csvAccount, type CsvMapping } from "./csv-mapping.ts";
import { type CsvRecord, csvRecords } from "./csv.ts";
import { personCard } from "./person-card.ts";
import { xmlElement } from "./xml-text.ts";

/** A line that makes no account. */
export interface CsvFault {
  readonly line: number;
  readonly reason: string;
}

/** Lines of a table as a XEP-0227 document, piece by piece. Lines that make no account are told and left out. Throws CsvError. */
export async function* csvDocument(
  text: AsyncIterable<string>,
  mapping: CsvMapping,
  failed: (fault: CsvFault) => void,
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0">`;
  for await (const record of csvAccountRecords(text, mapping)) {
    const account = csvAccount(record, mapping);
    if (typeof account === "string") failed({ line: record.line, reason: account });
    else yield xmlElement("host", { jid: account.host }, userElement(account));
  }
  yield "</server-data>";
}

/** The records of a table but for the one that names the columns. Throws CsvError. */
export async function* csvAccountRecords(
  text: AsyncIterable<string>,
  { separator, hasHeader }: CsvMapping,
): AsyncGenerator<CsvRecord> {
  let isFirst = true;
  for await (const record of csvRecords(text, separator)) {
    if (!isFirst || !hasHeader) yield record;
    isFirst = false;
  }
}

function userElement({ user, password, name, email }: CsvAccount): string {
  return xmlElement("user", { name: user, password: password ?? undefined }, personCard(name, email));
}
