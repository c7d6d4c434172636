import type { SQLInputValue } from "node:sqlite";
import { maxCountedMessages, type RoomFilter, type RoomReport, type Rooms } from "../ports/rooms.ts";
import { LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { ROOM_COLUMNS, roomSummary, type SummaryRecord } from "./room-summary.ts";

type ReportRecord = SummaryRecord & { readonly id: number };

/** Rooms for admins. What has to be looked up elsewhere is looked up for the rows of the page only. */
export function roomReportOn({ db, mailboxes }: Connection): Sync<Rooms>["report"] {
  const rows = statementCache<ReportRecord>(db);
  const totals = statementCache<{ n: number }>(db);
  const listed = query<{ n: number }>(db, "SELECT count(*) AS n FROM room_affiliation WHERE room = ?");
  const last = query<{ at: number }>(
    db,
    "SELECT at FROM message WHERE id = (SELECT max(id) FROM archive_entry WHERE mailbox = ?)",
  );
  const counted = query<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM (SELECT 1 FROM archive_entry WHERE mailbox = ? LIMIT ${maxCountedMessages + 1})`,
  );

  const reportOf = ({ id, ...record }: ReportRecord): RoomReport => {
    const mailbox = mailboxes.find(record.host, record.local) ?? -1;
    return {
      ...roomSummary(record),
      affiliations: listed.get(id)?.n ?? 0,
      lastMessageAt: last.get(mailbox)?.at ?? null,
      messages: counted.get(mailbox)?.n ?? 0,
    };
  };

  return (filter, page) => {
    const limit = pageLimit(page);
    const { sql, values } = conditionOf(filter);
    const [host, local] = decodeCursor<[string, string]>(page.cursor, ["string", "string"]) ?? ["", ""];
    const found = rows(
      `SELECT ${ROOM_COLUMNS}, id FROM room WHERE (host, local) > (?, ?) AND ${sql} ORDER BY host, local ${LIMIT}`,
    ).all(host, local, ...values, limit + 1);
    const total = totals(`SELECT count(*) AS n FROM room WHERE ${sql}`).get(...values)?.n ?? 0;
    const { items, nextCursor } = pageOf(found, limit, (row) => [row.host, row.local], total);
    return { items: items.map(reportOf), nextCursor, total };
  };
}

function conditionOf(filter: RoomFilter): { readonly sql: string; readonly values: SQLInputValue[] } {
  const { hosts, search = "", isPersistent, unusedSince, among } = filter;
  const terms = ["host IN (SELECT value FROM json_each(?))"];
  const values: SQLInputValue[] = [JSON.stringify(hosts)];
  if (search !== "") {
    const text = search.toLowerCase();
    terms.push("(instr(local || '@' || host, ?) > 0 OR instr(lower(name), ?) > 0)");
    values.push(text, text);
  }
  if (isPersistent !== undefined) {
    terms.push("is_persistent = ?");
    values.push(Number(isPersistent));
  }
  if (unusedSince !== undefined) {
    terms.push("used_at < ?");
    values.push(unusedSince);
  }
  if (among !== undefined) {
    terms.push(`local || '@' || host ${among.is ? "IN" : "NOT IN"} (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(among.rooms));
  }
  return { sql: terms.join(" AND "), values };
}
