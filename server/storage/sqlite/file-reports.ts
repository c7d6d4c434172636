import type { SQLInputValue } from "node:sqlite";
import type { FileFilter, FileRow, Files, FileUsage } from "../ports.ts";
import { LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { unless } from "./term.ts";

/** Columns of a FileRow. */
export const FILE_COLUMNS = `id, host, local, name, media_type AS mediaType, size, created_at AS createdAt,
  keep_until AS keepUntil, ends_at AS endsAt, stored_at AS storedAt, place`;

type Total = Pick<FileUsage, "host" | "local" | "bytes">;

/** Files and what they take, for admins. */
export function fileReportsOn({
  db,
}: Pick<Connection, "db">): Pick<Sync<Files>, "list" | "usageOfHosts" | "usageOfAccounts"> {
  const rows = statementCache<FileRow>(db);
  const totals = statementCache<{ n: number }>(db);
  const ofHosts = query<Total>(db, "SELECT host, local, bytes FROM file_total WHERE local = '' ORDER BY host");
  const ofAccounts = statementCache<Total>(db);
  const filesOfHost = query<{ files: number; newestAt: number }>(
    db,
    "SELECT count(*) AS files, ifnull(max(created_at), 0) AS newestAt FROM file WHERE host = ?",
  );
  const filesOfAccount = query<{ files: number; newestAt: number }>(
    db,
    "SELECT count(*) AS files, ifnull(max(created_at), 0) AS newestAt FROM file WHERE host = ? AND local = ?",
  );
  const none = { files: 0, newestAt: 0 };

  return {
    list: (filter, page) => {
      const limit = pageLimit(page);
      const { sql, values } = conditionOf(filter);
      const [at, id] = decodeCursor<[number, string]>(page.cursor, ["number", "string"]) ?? [
        Number.MAX_SAFE_INTEGER,
        "",
      ];
      const found = rows(
        `SELECT ${FILE_COLUMNS} FROM file WHERE (created_at, id) < (?, ?) AND ${sql}
          ORDER BY created_at DESC, id DESC ${LIMIT}`,
      ).all(at, id, ...values, limit + 1);
      const total = totals(`SELECT count(*) AS n FROM file WHERE ${sql}`).get(...values)?.n ?? 0;
      return pageOf(found, limit, (row) => [row.createdAt, row.id], total);
    },
    usageOfHosts: () => ofHosts.all().map((total) => ({ ...total, ...(filesOfHost.get(total.host) ?? none) })),
    usageOfAccounts: (hosts, page) => {
      const limit = pageLimit(page);
      const [bytes, host, local] = decodeCursor<[number, string, string]>(page.cursor, [
        "number",
        "string",
        "string",
      ]) ?? [Number.MAX_SAFE_INTEGER, "", ""];
      const isOfHosts = hosts === undefined ? "" : "AND host IN (SELECT value FROM json_each(?))";
      const found = ofAccounts(
        `SELECT host, local, bytes FROM file_total WHERE local <> '' AND (-bytes, host, local) > (?, ?, ?) ${isOfHosts}
          ORDER BY -bytes, host, local ${LIMIT}`,
      ).all(-bytes, host, local, ...(hosts === undefined ? [] : [JSON.stringify(hosts)]), limit + 1);
      const totalsOfPage = pageOf(found, limit, (row) => [row.bytes, row.host, row.local]);
      const items = totalsOfPage.items.map((total) => ({
        ...total,
        ...(filesOfAccount.get(total.host, total.local) ?? none),
      }));
      return { ...totalsOfPage, items };
    },
  };
}

/** Each with one parameter, the present time. */
const STATES: Readonly<Record<NonNullable<FileFilter["state"]>, string>> = {
  ended: "ends_at <= ?",
  waiting: "ends_at > ? AND stored_at IS NULL",
  stored: "ends_at > ? AND stored_at IS NOT NULL",
};

function conditionOf({ hosts, local, search = "", state, isNotState, now }: FileFilter): {
  readonly sql: string;
  readonly values: SQLInputValue[];
} {
  const terms = ["1"];
  const values: SQLInputValue[] = [];
  const add = (sql: string, ...given: SQLInputValue[]): void => {
    terms.push(sql);
    values.push(...given);
  };
  if (hosts !== undefined) add("host IN (SELECT value FROM json_each(?))", JSON.stringify(hosts));
  if (local !== undefined) add("local = ?", local);
  if (search !== "") {
    const text = search.toLowerCase();
    add("(instr(lower(name), ?) > 0 OR instr(media_type, ?) > 0)", text, text);
  }
  if (state !== undefined) add(unless(isNotState, STATES[state]), now);
  return { sql: terms.join(" AND "), values };
}
