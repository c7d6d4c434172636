import type { ReportResolution, ReportRow, Reports } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const COLUMNS = `seq, id, host, reporter, jid, reason, text, consents, messages, at, resolved_at AS resolvedAt,
  resolved_by AS resolvedBy, resolution, note`;

interface Row extends Omit<ReportRow, "consents" | "messages" | "resolved"> {
  readonly seq: number;
  readonly consents: string;
  readonly messages: string;
  readonly resolvedAt: number | null;
  readonly resolvedBy: string | null;
  readonly resolution: ReportResolution | null;
}

export function reportsOn({ db }: Connection): Sync<Reports> {
  const count = query<{ n: number }>(db, "SELECT count(*) AS n FROM report");
  const ofReporter = query<{ n: number }>(db, "SELECT count(*) AS n FROM report WHERE reporter = ? AND at >= ?");
  const makeRoom = change(
    db,
    "DELETE FROM report WHERE seq = (SELECT seq FROM report WHERE resolved_at IS NOT NULL ORDER BY seq LIMIT 1)",
  );
  const add = change(
    db,
    `INSERT INTO report (id, host, reporter, jid, reason, text, consents, messages, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const byId = query<Row>(db, `SELECT ${COLUMNS} FROM report WHERE id = ?`);
  const listed = statementCache<Row>(db);
  const resolve = change(
    db,
    `UPDATE report SET resolved_at = ?, resolved_by = ?, resolution = ?, note = ?
      WHERE id = ? AND resolved_at IS NULL`,
  );
  const reopen = change(
    db,
    `UPDATE report SET resolved_at = NULL, resolved_by = NULL, resolution = NULL
      WHERE id = ? AND resolved_at IS NOT NULL`,
  );
  const openOn = query<{ count: number; oldestAt: number | null }>(
    db,
    `SELECT count(*) AS count, min(at) AS oldestAt FROM report
      WHERE resolved_at IS NULL AND (?1 IS NULL OR host IN (SELECT value FROM json_each(?1)))`,
  );
  const about = query<{ n: number }>(db, "SELECT count(*) AS n FROM report WHERE jid = ?");
  const prune = change(
    db,
    `DELETE FROM report WHERE seq IN (SELECT seq FROM report WHERE host = ? AND at < ? ORDER BY seq ${LIMIT})`,
  );

  return {
    add: ({ id, host, reporter, jid, reason, text, consents, messages, at }, limits) => {
      if ((ofReporter.get(reporter, limits.since)?.n ?? 0) >= limits.maxPerReporter) return false;
      if ((count.get()?.n ?? 0) >= limits.maxReports && makeRoom() === 0) return false;
      add(id, host, reporter, jid, reason, text, JSON.stringify(consents), JSON.stringify(messages), at);
      return true;
    },
    find: (id) => {
      const row = byId.get(id);
      return row === undefined ? null : reportRow(row);
    },
    list: ({ hosts, state, search }, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const terms = ["seq < ?"];
      const values: (string | number)[] = [before];
      if (hosts !== undefined) {
        terms.push("host IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(hosts));
      }
      if (state !== "all") terms.push(state === "open" ? "resolved_at IS NULL" : "resolved_at IS NOT NULL");
      if (search !== undefined && search !== "") {
        terms.push("instr(jid, ?) > 0");
        values.push(search);
      }
      const found = listed(`SELECT ${COLUMNS} FROM report WHERE ${terms.join(" AND ")} ORDER BY seq DESC ${LIMIT}`).all(
        ...values,
        limit + 1,
      );
      const page = pageOf(found, limit, ({ seq }) => [seq]);
      return { ...page, items: page.items.map(reportRow) };
    },
    resolve: (id, as, by, note, at) => resolve(at, by, as, note, id) === 1,
    reopen: (id) => reopen(id) === 1,
    open: (hosts) => openOn.get(hosts === undefined ? null : JSON.stringify(hosts)) ?? { count: 0, oldestAt: null },
    about: (jid) => about.get(jid)?.n ?? 0,
    prune: (host, before, limit) => prune(host, before, limit),
  };
}

function reportRow({ seq: _seq, consents, messages, resolvedAt, resolvedBy, resolution, ...row }: Row): ReportRow {
  return {
    ...row,
    consents: JSON.parse(consents) as string[],
    messages: JSON.parse(messages) as ReportRow["messages"],
    resolved:
      resolvedAt === null || resolution === null ? null : { at: resolvedAt, by: resolvedBy ?? "", as: resolution },
  };
}
