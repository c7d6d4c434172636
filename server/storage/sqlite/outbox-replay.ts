import type { SQLInputValue } from "node:sqlite";
import type { DeadFilter, Outbox } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { outboxCondition, type OutboxCondition } from "./outbox-filter.ts";
import type { OutboxLanes } from "./outbox-lanes.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

/** Dead events looked through for one step at most, so that a rare match holds up no commit. */
const maxScan = 5000;
const retriable: ReadonlySet<number> = new Set([
  STATE_NUMBER.queued,
  STATE_NUMBER.retrying,
  STATE_NUMBER.held,
  STATE_NUMBER.dead,
]);

type OutboxReplay = Pick<Sync<Outbox>, "retry" | "countDead" | "replay">;

/** Attempts that somebody asks for: one event now, or dead events by filter. */
export function outboxReplayOn(connection: Connection, { refresh }: Pick<OutboxLanes, "refresh">): OutboxReplay {
  const { db, holds } = connection;
  const byId = query<EventRecord>(db, `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE id = ?`);
  const boundary = query<{ seq: number }>(
    db,
    `SELECT seq FROM fwd_event INDEXED BY fwd_event_dead WHERE state = ${STATE_NUMBER.dead} AND seq > ?
      ORDER BY seq LIMIT 1 OFFSET ${maxScan - 1}`,
  );
  const openLane = change(db, "INSERT INTO fwd_lane (target, lane, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const noteReplay = change(db, "UPDATE fwd_event SET replayed_after = ? WHERE seq = ?");
  const counts = statementCache<{ n: number }>(db);
  const events = statementCache<EventRecord>(db);
  const ledger = outboxLedgerOn(connection);

  const makeDue = (event: EventRecord, now: number): void => {
    const isDead = event.state === STATE_NUMBER.dead;
    const replayedAfter = isDead ? event.attempts : event.replayedAfter;
    if (isDead) noteReplay(replayedAfter, event.seq);
    const state = event.attempts > 0 ? STATE_NUMBER.retrying : STATE_NUMBER.queued;
    // One that has outlived its time gets as long again as it had; else the dispatcher would drop it unattempted.
    const expiresAt = event.expiresAt > now ? event.expiresAt : now + (event.expiresAt - event.createdAt);
    ledger.move({ ...event, state, replayedAfter, dueAt: now, expiresAt, updatedAt: now }, event.state);
    openLane(event.target, event.lane, now);
  };

  const nextDead = (filter: DeadFilter, after: number, limit: number): { rows: EventRecord[]; upTo: number | null } => {
    const { where, values } = deadCondition(filter);
    // A selection is found by its ids; everything else in the order of the outbox, a stretch at a time.
    const isSelection = filter.ids !== undefined;
    const end = isSelection ? undefined : boundary.get(after)?.seq;
    const rows = events(
      `SELECT ${EVENT_COLUMNS} FROM fwd_event e ${isSelection ? "" : "INDEXED BY fwd_event_dead"}
        WHERE e.seq > ? AND e.seq <= ? AND ${where} ORDER BY e.seq ${LIMIT}`,
    ).all(after, end ?? Number.MAX_SAFE_INTEGER, ...values, limit);
    const isFull = rows.length === limit;
    return { rows, upTo: isFull ? rows.at(-1)!.seq : (end ?? null) };
  };

  return {
    retry: (id, now) => {
      const event = byId.get(id);
      if (event === undefined || !retriable.has(event.state) || holds.isSending(event)) return false;
      makeDue(event, now);
      refresh(event.target, event.lane);
      return true;
    },
    countDead: (filter) => {
      const { where, values } = deadCondition(filter);
      return counts(`SELECT count(*) AS n FROM fwd_event e WHERE ${where}`).get(...values)?.n ?? 0;
    },
    replay: (filter, after, now, limit) => {
      const { rows, upTo } = nextDead(filter, after, limit);
      const lanes = new Map<string, EventRecord>();
      const targets = new Set<string>();
      for (const event of rows) {
        makeDue(event, now);
        lanes.set(`${event.target}\n${event.lane}`, event);
        targets.add(event.target);
      }
      for (const { target, lane } of lanes.values()) refresh(target, lane);
      return { replayed: rows.length, targets: [...targets], upTo };
    },
  };
}

function deadCondition({ ids, diedUntil, ...filter }: DeadFilter): Pick<OutboxCondition, "where" | "values"> {
  const { where, values } = outboxCondition({ ...filter, state: "dead" }, []);
  const all: SQLInputValue[] = [...values, diedUntil];
  if (ids === undefined) return { where: `${where} AND e.updated_at <= ?`, values: all };
  const selected = "e.id IN (SELECT value FROM json_each(?))";
  return { where: `${where} AND e.updated_at <= ? AND ${selected}`, values: [...all, JSON.stringify(ids)] };
}
