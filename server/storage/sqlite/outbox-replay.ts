import type { Outbox } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { outboxFailedOn } from "./outbox-failed.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { outboxMessageOn } from "./outbox-message.ts";
import { EVENT_COLUMNS, eventSummary, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

const retriable: ReadonlySet<number> = new Set([
  STATE_NUMBER.queued,
  STATE_NUMBER.retrying,
  STATE_NUMBER.held,
  STATE_NUMBER.dead,
  STATE_NUMBER.expired,
]);

type OutboxReplay = Pick<Sync<Outbox>, "retry" | "countDead" | "replay" | "failed" | "reroute">;
type Body = NonNullable<Parameters<Outbox["retry"]>[2]>;

/** Attempts that somebody asks for: one event now, or dead events by filter, at their own target or at another. */
export function outboxReplayOn(connection: Connection): OutboxReplay {
  const { db, holds } = connection;
  const byId = query<EventRecord>(db, `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE id = ?`);
  const noteReplay = change(db, "UPDATE fwd_event SET replayed_after = ? WHERE seq = ?");
  const noteBody = change(db, "UPDATE fwd_event SET content_type = ?, bytes = ? WHERE seq = ?");
  const putPayload = change(db, "INSERT OR REPLACE INTO fwd_payload (seq, payload) VALUES (?, ?)");
  const isAtTarget = query<object>(
    db,
    `SELECT 1 FROM fwd_event e JOIN fwd_event other INDEXED BY fwd_event_by_user
        ON other.user = e.user AND other.message = e.message AND other.seq <> e.seq
      WHERE e.seq = ? AND other.target = ? LIMIT 1`,
  );
  const noteTarget = change(db, "UPDATE fwd_event SET target = ?, lane = ?, max_attempts = ? WHERE seq = ?");
  const failed = outboxFailedOn(connection);
  const { messageOf } = outboxMessageOn(connection);
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);

  const makeDue = (event: EventRecord, now: number): void => {
    const isBack = isOver(event);
    const replayedAfter = isBack ? event.attempts : event.replayedAfter;
    if (isBack) noteReplay(replayedAfter, event.seq);
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

  /** Dead or expired still, and about nothing that the target has an event for. */
  const isMovable = (event: EventRecord | undefined, target: string): event is EventRecord =>
    event !== undefined && isOver(event) && isAtTarget.get(event.seq, target) === undefined;

  return {
    retry: (id, now, body) => {
      const event = byId.get(id);
      if (event === undefined || !retriable.has(event.state) || holds.isSending(event)) return false;
      makeDue(body === undefined ? event : rewritten(event, body), now);
      lanes.refresh(event.target, event.lane);
      return true;
    },
    countDead: failed.count,
    replay: (filter, after, now, limit) => {
      const { rows, upTo } = failed.step(filter, after, limit);
      const targets = new Set<string>();
      for (const event of rows) {
        makeDue(event, now);
        targets.add(event.target);
      }
      lanes.refreshOf(rows);
      return { replayed: rows.length, targets: [...targets], upTo };
    },
    failed: (filter, after, limit) => {
      const { rows, upTo } = failed.step(filter, after, limit);
      return {
        events: rows.map((row) => ({ event: eventSummary(row), message: messageOf(row.id) })),
        upTo,
      };
    },
    reroute: ({ target, maxAttempts, ttlMs }, moves, now) => {
      const moved: EventRecord[] = [];
      for (const { id, lane, body } of moves) {
        const event = byId.get(id);
        if (!isMovable(event, target)) continue;
        noteTarget(target, lane, maxAttempts, event.seq);
        ledger.transfer(event, target);
        const kept = body === null ? event : rewritten(event, body);
        const there = { ...kept, target, lane, maxAttempts, expiresAt: now + ttlMs };
        makeDue(there, now);
        moved.push(there);
      }
      lanes.refreshOf(moved);
      return moved.length;
    },
  };
}

function isOver({ state }: EventRecord): boolean {
  return state === STATE_NUMBER.dead || state === STATE_NUMBER.expired;
}
