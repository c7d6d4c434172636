import { createHash } from "node:crypto";
import type { AdminStore, AuditRow, NewAuditRow } from "../ports.ts";
import { change, insert, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { unless } from "./term.ts";

export const AUDIT_COLUMNS =
  "id, at, actor, address, action, object, result, detail, request_id AS requestId, means, hash";
/** What is told of rows that were pruned: the chain begins after it. */
const ANCHOR = "SELECT id, hash FROM audit_pruned";

/** Writes an audit row and answers with its id. Each row's hash covers the one before it, so none can be changed or left out. */
export function auditTrailOn({ db, news }: Connection): (entry: NewAuditRow) => number {
  const newest = query<{ id: number; hash: string }>(
    db,
    `SELECT id, hash FROM audit UNION ALL ${ANCHOR} ORDER BY id DESC LIMIT 1`,
  );
  const append = insert(
    db,
    `INSERT INTO audit (id, at, actor, address, action, object, result, detail, request_id, means, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (fields) => {
    const { at, actor, address, action, object, result, detail, requestId, means } = fields;
    const previous = newest.get() ?? { id: 0, hash: "" };
    const unsigned = { id: previous.id + 1, at, actor, address, action, object, result, detail, requestId, means };
    const entry = { ...unsigned, hash: chainHash(previous.hash, unsigned) };
    append(entry.id, at, actor, address, action, object, result, detail, requestId, means, entry.hash);
    if (news.isFollowed) news.feed.push({ feed: "audit", id: entry.id, entry });
    return entry.id;
  };
}

export function auditOn(
  connection: Connection,
): Pick<Sync<AdminStore>, "audit" | "auditList" | "auditBreak" | "pruneAudit"> {
  const { db } = connection;
  const rows = statementCache<AuditRow>(db);
  const chain = query<AuditRow>(db, `SELECT ${AUDIT_COLUMNS} FROM audit ORDER BY id`);
  const count = query<{ n: number }>(db, "SELECT count(*) AS n FROM audit");
  const anchor = query<{ id: number; hash: string }>(db, ANCHOR);
  const oldest = query<{ id: number; at: number; hash: string }>(
    db,
    `SELECT id, at, hash FROM audit ORDER BY id ${LIMIT}`,
  );
  const moveAnchor = change(db, "UPDATE audit_pruned SET id = ?, hash = ?");
  const removeUpTo = change(db, "DELETE FROM audit WHERE id <= ?");

  return {
    audit: auditTrailOn(connection),
    auditList: (filter, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const { actor, action, result, search, since, until, not } = filter;
      const terms = ["id < ?"];
      const values: (string | number)[] = [before];
      const add = (term: string, value: string | number | undefined, isNot = false): void => {
        if (value === undefined) return;
        terms.push(unless(isNot, term));
        values.push(value);
      };
      add("actor = ?", actor, not?.includes("actor"));
      add("action = ?", action, not?.includes("action"));
      add("result = ?", result, not?.includes("result"));
      add("at >= ?", since);
      add("at < ?", until);
      if (search !== undefined && search !== "") {
        terms.push(
          "(instr(actor, ?) OR instr(action, ?) OR instr(object, ?) OR instr(detail, ?) OR instr(address, ?))",
        );
        values.push(search, search, search, search, search);
      }
      const found = rows(
        `SELECT ${AUDIT_COLUMNS} FROM audit WHERE ${terms.join(" AND ")} ORDER BY id DESC ${LIMIT}`,
      ).all(...values, limit + 1);
      const total = terms.length === 1 ? (count.get()?.n ?? null) : null;
      return pageOf(found, limit, (row) => [row.id], total);
    },
    auditBreak: () => {
      let head = anchor.get() ?? { id: 0, hash: "" };
      let looked = 0;
      for (const entry of chain.iterate()) {
        if (entry.id !== head.id + 1 || entry.hash !== chainHash(head.hash, entry))
          return { badId: entry.id, rows: looked, head };
        head = { id: entry.id, hash: entry.hash };
        looked += 1;
      }
      return { badId: null, rows: looked, head };
    },
    pruneAudit: (before, limit) => {
      const found = oldest.all(limit);
      const kept = found.findIndex(({ at }) => at >= before);
      const last = kept === -1 ? found.at(-1) : found[kept - 1];
      if (last === undefined) return 0;
      moveAnchor(last.id, last.hash);
      return removeUpTo(last.id);
    },
  };
}

function chainHash(previous: string, entry: Omit<AuditRow, "hash">): string {
  const { id, at, actor, address, action, object, result, detail, requestId, means } = entry;
  const covered = [previous, id, at, actor, address, action, object, result, detail, requestId];
  // Rows from before means were kept have the hash that they had then.
  const text = JSON.stringify(means === null ? covered : [...covered, means]);
  return createHash("sha256").update(text).digest("hex");
}
