import type { OfflineQueue, OfflineStore } from "../ports.ts";
import { LIMIT, statementCache, type Connection, type Sync } from "./connection.ts";
import { waitingParts } from "./outbox-share.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const EDGE = `(SELECT m.at FROM message m INDEXED BY message_queue WHERE m.mailbox = b.id AND m.waiting IS NOT NULL`;
const PENDING = `(SELECT sum(${waitingParts("t.target", "p.jid")
  .map((part) => `(SELECT count(*) FROM ${part})`)
  .join(" + ")}) FROM fwd_target t)`;

interface Record extends Omit<OfflineQueue, "pendingForwards"> {
  readonly pendingForwards: number | null;
}

/** Accounts for which messages wait. What costs a look for each account is looked up for those of the page only. */
export function offlineQueuesOn({ db }: Connection): Sync<OfflineStore>["queues"] {
  const statement = statementCache<Record>(db);
  return ({ hosts, search, order }, request) => {
    const limit = pageLimit(request);
    const after = decodeCursor<[number, string, string]>(request.cursor, ["number", "string", "string"]);
    const isByName = order === "jid";
    const terms: string[] = [];
    const values: (string | number)[] = [];
    if (after !== undefined) {
      const [messages, local, host] = after;
      if (isByName) terms.push("(q.local, q.host) > (?, ?)");
      else terms.push("(-q.messages, q.local, q.host) > (?, ?, ?)");
      values.push(...(isByName ? [] : [-messages]), local, host);
    }
    if (hosts !== undefined) {
      terms.push("q.host IN (SELECT value FROM json_each(?))");
      values.push(JSON.stringify(hosts));
    }
    if (search !== undefined && search !== "") {
      terms.push("instr(q.local || '@' || q.host, ?)");
      values.push(search);
    }
    const rows = statement(
      `SELECT p.host, p.local, p.messages, p.bytes, ${EDGE} ORDER BY m.waiting LIMIT 1) AS oldestAt,
          ${EDGE} ORDER BY m.waiting DESC LIMIT 1) AS newestAt, ${PENDING} AS pendingForwards
        FROM (SELECT q.*, q.local || '@' || q.host AS jid FROM offline_queue q
          ${terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`}
          ORDER BY ${isByName ? "" : "q.messages DESC,"} q.local, q.host ${LIMIT}) p
        JOIN mailbox b ON b.local = p.local AND b.host = p.host`,
    ).all(...values, limit + 1);
    const queues = rows.map((row) => ({ ...row, pendingForwards: row.pendingForwards ?? 0 }));
    return pageOf(queues, limit, ({ messages, local, host }) => [messages, local, host]);
  };
}
