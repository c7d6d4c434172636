import { createHash } from "node:crypto";
import type { AdminStore, AuditRow } from "../ports.ts";
import { insert, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

export const AUDIT_COLUMNS = "id, at, actor, address, action, object, result, detail, request_id AS requestId";

/** Writes an audit row and answers with its id. Each row's hash covers the one before it, so none can be changed or left out. */
export function auditTrailOn({ db, news }: Connection): (entry: Omit<AuditRow, "id">) => number {
  const newest = query<{ id: number; hash: string }>(db, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1");
  const append = insert(
    db,
    `INSERT INTO audit (id, at, actor, address, action, object, result, detail, request_id, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (fields) => {
    const { at, actor, address, action, object, result, detail, requestId } = fields;
    const previous = newest.get() ?? { id: 0, hash: "" };
    const entry = { id: previous.id + 1, at, actor, address, action, object, result, detail, requestId };
    const hash = chainHash(previous.hash, entry);
    append(entry.id, at, actor, address, action, object, result, detail, requestId, hash);
    if (news.isFollowed) news.feed.push({ feed: "audit", id: entry.id, entry });
    return entry.id;
  };
}

export function auditOn(connection: Connection): Pick<Sync<AdminStore>, "audit" | "auditList" | "auditBreak"> {
  const { db } = connection;
  const rows = statementCache<AuditRow>(db);
  const chain = query<AuditRow & { hash: string }>(db, `SELECT ${AUDIT_COLUMNS}, hash FROM audit ORDER BY id`);
  const count = query<{ n: number }>(db, "SELECT count(*) AS n FROM audit");

  return {
    audit: auditTrailOn(connection),
    auditList: (filter, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const { actor, action, search } = filter;
      const terms = ["id < ?"];
      const values: (string | number)[] = [before];
      if (actor !== undefined) {
        terms.push("actor = ?");
        values.push(actor);
      }
      if (action !== undefined) {
        terms.push("action = ?");
        values.push(action);
      }
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
      let previous = { id: 0, hash: "" };
      for (const { hash, ...entry } of chain.iterate()) {
        if (entry.id !== previous.id + 1 || hash !== chainHash(previous.hash, entry)) return entry.id;
        previous = { id: entry.id, hash };
      }
      return null;
    },
  };
}

function chainHash(previous: string, entry: AuditRow): string {
  const { id, at, actor, address, action, object, result, detail, requestId } = entry;
  const text = JSON.stringify([previous, id, at, actor, address, action, object, result, detail, requestId]);
  return createHash("sha256").update(text).digest("hex");
}
