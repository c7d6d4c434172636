import type { DeadFilter } from "../ports.ts";
import { LIMIT, query, statementCache, type Connection } from "./connection.ts";
import { outboxCondition, type OutboxCondition } from "./outbox-filter.ts";
import { EVENT_COLUMNS, FAILED, type EventRecord } from "./outbox-state.ts";

/** Events looked through for one step at most, so that a rare match holds up nobody for long. */
const maxScan = 5000;

export interface OutboxFailed {
  count(filter: DeadFilter): number;
  /** At most `limit` matches after the seq `after`. `upTo` is where the next step goes on; null: none is left. */
  step(filter: DeadFilter, after: number, limit: number): { rows: EventRecord[]; upTo: number | null };
}

/** What died or expired, by filter, in the order of the outbox. */
export function outboxFailedOn({ db }: Pick<Connection, "db">): OutboxFailed {
  const boundary = query<{ seq: number }>(
    db,
    `SELECT seq FROM fwd_event INDEXED BY fwd_event_failed WHERE ${FAILED} AND seq > ?
      ORDER BY seq LIMIT 1 OFFSET ${maxScan - 1}`,
  );
  const counts = statementCache<{ n: number }>(db);
  const events = statementCache<EventRecord>(db);

  return {
    count: (filter) => {
      const { where, values } = failedCondition(filter);
      return counts(`SELECT count(*) AS n FROM fwd_event e WHERE ${where}`).get(...values)?.n ?? 0;
    },
    step: (filter, after, limit) => {
      const { where, values } = failedCondition(filter);
      // A selection is found by its ids; everything else in the order of the outbox, a stretch at a time.
      const isSelection = filter.ids !== undefined;
      const end = isSelection ? undefined : boundary.get(after)?.seq;
      const rows = events(
        `SELECT ${EVENT_COLUMNS} FROM fwd_event e ${isSelection ? "" : "INDEXED BY fwd_event_failed"}
          WHERE e.seq > ? AND e.seq <= ? AND ${where} ORDER BY e.seq ${LIMIT}`,
      ).all(after, end ?? Number.MAX_SAFE_INTEGER, ...values, limit);
      const isFull = rows.length === limit;
      return { rows, upTo: isFull ? rows.at(-1)!.seq : (end ?? null) };
    },
  };
}

function failedCondition({
  ids,
  diedUntil,
  withExpired,
  isForWebServers,
  ...filter
}: DeadFilter): Pick<OutboxCondition, "where" | "values"> {
  const not = filter.not?.filter((name) => name !== "state");
  const { where, values } = outboxCondition({ ...filter, not, ...(withExpired === true ? {} : { state: "dead" }) }, []);
  const kind = isForWebServers === true ? " AND e.device IS NULL" : "";
  const over = `${where} AND e.${FAILED} AND e.updated_at <= ?${kind}`;
  if (ids === undefined) return { where: over, values: [...values, diedUntil] };
  const selected = "e.id IN (SELECT value FROM json_each(?))";
  return { where: `${over} AND ${selected}`, values: [...values, diedUntil, JSON.stringify(ids)] };
}
