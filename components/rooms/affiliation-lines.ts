import type { RoomMember } from "../../lib/contracts/rooms.ts";
import { roomAffiliations } from "../../lib/contracts/words.ts";

export interface AffiliationLine {
  jid: string;
  affiliation: RoomMember["affiliation"] | "none";
  nick?: string;
  reason?: string;
}

/** A line that cannot be imported; `text` is its second field. */
export interface BadLine {
  line: number;
  text: string;
}

/** Lines `address,affiliation[,nickname[,reason]]`; a first line that begins with `jid` names the columns. */
export function affiliationLines(text: string): { lines: AffiliationLine[]; bad: BadLine[] } {
  const lines: AffiliationLine[] = [];
  const bad: BadLine[] = [];
  for (const [index, row] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (row.trim() === "") continue;
    const [jid = "", word = "", nick = "", ...rest] = fieldsOf(row);
    if (index === 0 && jid === "jid") continue;
    const affiliation = word === "none" ? word : roomAffiliations.find((each) => each === word);
    const reason = rest.join(",");
    if (affiliation === undefined || jid === "") bad.push({ line: index + 1, text: word });
    else lines.push({ jid, affiliation, ...(nick ? { nick } : {}), ...(reason ? { reason } : {}) });
  }
  return { lines, bad };
}

/** Fields of one line, quoted or not (RFC 4180); a quoted one ends with its line here. */
function fieldsOf(row: string): string[] {
  const fields: string[] = [];
  // A comma before each, also the first: a match that takes nothing would skip what comes next.
  for (const match of `,${row}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g))
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
  return fields;
}
