import type { Outbox } from "../ports.ts";
import { LIMIT, query, statementCache, type Connection } from "./connection.ts";
import { outboxCondition } from "./outbox-filter.ts";
import { EVENT_COLUMNS, eventSummary, STATES, type EventRecord } from "./outbox-state.ts";
import type { Informed } from "./outbox.ts";
import { decodeCursor, encodeCursor, pageLimit, pageOf } from "./page.ts";

/** At most so many events are looked through for one page: about 100 ms. The cursor says where to go on. */
const maxScan = 100_000;

/** The forward log, newest first. A page that ends early because of maxScan is short but has a next cursor. */
export function outboxListOn({ db, holds }: Connection): Informed<Outbox["list"]> {
  const statement = statementCache<EventRecord>(db);
  const newest = query<{ seq: number }>(db, "SELECT coalesce(max(seq), 0) AS seq FROM fwd_event");
  const boundary = query<{ seq: number; createdAt: number }>(
    db,
    "SELECT seq, created_at AS createdAt FROM fwd_event WHERE seq < ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
  );
  const countOf = query<{ n: number }>(
    db,
    `SELECT coalesce(sum(${STATES.join(" + ")}), 0) AS n FROM fwd_target WHERE ? IS NULL OR target = ?`,
  );

  return (filter, request, sending = holds.sending()) => {
    const limit = pageLimit(request);
    const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [(newest.get()?.seq ?? 0) + 1];
    const { where, values, isIndexed } = outboxCondition(filter, sending);
    const source = isIndexed ? "" : "e.seq > ? AND";
    const end = isIndexed ? undefined : boundary.get(before, maxScan - 1);
    const rows = statement(
      `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE ${source} e.seq < ? AND ${where} ORDER BY e.seq DESC ${LIMIT}`,
    ).all(...(isIndexed ? [] : [(end?.seq ?? 0) - 1]), before, ...values, limit + 1);

    const { user, device, state, class: kind, reason, search, since, until, hosts, target, not } = filter;
    const isCounted =
      user === undefined &&
      device === undefined &&
      state === undefined &&
      kind === undefined &&
      reason === undefined &&
      !search &&
      (not?.length ?? 0) === 0 &&
      hosts === undefined;
    const total =
      isCounted && since === undefined && until === undefined
        ? (countOf.get(target ?? null, target ?? null)?.n ?? null)
        : null;
    const events = rows.map((row) => eventSummary(row, sending.includes(row.seq)));
    const page = pageOf(events, limit, (event) => [event.seq], total);
    const isCutShort = page.nextCursor === null && end !== undefined && end.createdAt >= (since ?? 0);
    return isCutShort ? { ...page, nextCursor: encodeCursor([end.seq]) } : page;
  };
}
