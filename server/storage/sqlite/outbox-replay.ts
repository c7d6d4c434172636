import type { DeadFilter, Outbox } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { outboxCondition, type OutboxCondition } from "./outbox-filter.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, FAILED, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

/** Dead events looked through for one step at most, so that a rare match holds up no commit. */
const maxScan = 5000;
const retriable: ReadonlySet<number> = new Set([
  STATE_NUMBER.queued,
  STATE_NUMBER.retrying,
  STATE_NUMBER.held,
  STATE_NUMBER.dead,
  STATE_NUMBER.expired,
]);

type OutboxReplay = Pick<Sync<Outbox>, "retry" | "countDead" | "replay">;
type Body = NonNullable<Parameters<Outbox["retry"]>[2]>;

/** Attempts that somebody asks for: one event now, or dead events by filter. */
export function outboxReplayOn(connection: Connection): OutboxReplay {
  const { db, holds } = connection;
  const byId = query<EventRecord>(db, `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE id = ?`);
  const boundary = query<{ seq: number }>(
    db,
    `SELECT seq FROM fwd_event INDEXED BY fwd_event_failed WHERE ${FAILED} AND seq > ?
      ORDER BY seq LIMIT 1 OFFSET ${maxScan - 1}`,
  );
  const noteReplay = change(db, "UPDATE fwd_event SET replayed_after = ? WHERE seq = ?");
  const noteBody = change(db, "UPDATE fwd_event SET content_type = ?, bytes = ? WHERE seq = ?");
  const putPayload = change(db, "INSERT OR REPLACE INTO fwd_payload (seq, payload) VALUES (?, ?)");
  const counts = statementCache<{ n: number }>(db);
  const events = statementCache<EventRecord>(db);
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);

  const makeDue = (event: EventRecord, now: number): void => {
    const isOver = event.state === STATE_NUMBER.dead || event.state === STATE_NUMBER.expired;
    const replayedAfter = isOver ? event.attempts : event.replayedAfter;
    if (isOver) noteReplay(replayedAfter, event.seq);
    const state = event.attempts > 0 ? STATE_NUMBER.retrying : STATE_NUMBER.queued;
    // One that has outlived its time gets as long again as it had; else the dispatcher would drop it unattempted.
    const expiresAt = event.expiresAt > now ? event.expiresAt : now + (event.expiresAt - event.createdAt);
    ledger.move({ ...event, state, replayedAfter, dueAt: now, expiresAt, updatedAt: now }, event.state);
    lanes.open(event, now);
  };

  const rewritten = (event: EventRecord, { contentType, payload }: Body): EventRecord => {
    const bytes = Buffer.byteLength(payload);
    noteBody(contentType, bytes, event.seq);
    putPayload(event.seq, payload);
    return { ...event, contentType, bytes };
  };

  const nextDead = (filter: DeadFilter, after: number, limit: number): { rows: EventRecord[]; upTo: number | null } => {
    const { where, values } = deadCondition(filter);
    // A selection is found by its ids; everything else in the order of the outbox, a stretch at a time.
    const isSelection = filter.ids !== undefined;
    const end = isSelection ? undefined : boundary.get(after)?.seq;
    const rows = events(
      `SELECT ${EVENT_COLUMNS} FROM fwd_event e ${isSelection ? "" : "INDEXED BY fwd_event_failed"}
        WHERE e.seq > ? AND e.seq <= ? AND ${where} ORDER BY e.seq ${LIMIT}`,
    ).all(after, end ?? Number.MAX_SAFE_INTEGER, ...values, limit);
    const isFull = rows.length === limit;
    return { rows, upTo: isFull ? rows.at(-1)!.seq : (end ?? null) };
  };

  return {
    retry: (id, now, body) => {
      const event = byId.get(id);
      if (event === undefined || !retriable.has(event.state) || holds.isSending(event)) return false;
      makeDue(body === undefined ? event : rewritten(event, body), now);
      lanes.refresh(event.target, event.lane);
      return true;
    },
    countDead: (filter) => {
      const { where, values } = deadCondition(filter);
      return counts(`SELECT count(*) AS n FROM fwd_event e WHERE ${where}`).get(...values)?.n ?? 0;
    },
    replay: (filter, after, now, limit) => {
      const { rows, upTo } = nextDead(filter, after, limit);
      const targets = new Set<string>();
      for (const event of rows) {
        makeDue(event, now);
        targets.add(event.target);
      }
      lanes.refreshOf(rows);
      return { replayed: rows.length, targets: [...targets], upTo };
    },
  };
}

function deadCondition({
  ids,
  diedUntil,
  withExpired,
  ...filter
}: DeadFilter): Pick<OutboxCondition, "where" | "values"> {
  const not = filter.not?.filter((name) => name !== "state");
  const { where, values } = outboxCondition({ ...filter, not, ...(withExpired === true ? {} : { state: "dead" }) }, []);
  const over = `${where} AND e.${FAILED} AND e.updated_at <= ?`;
  if (ids === undefined) return { where: over, values: [...values, diedUntil] };
  const selected = "e.id IN (SELECT value FROM json_each(?))";
  return { where: `${over} AND ${selected}`, values: [...values, diedUntil, JSON.stringify(ids)] };
}
