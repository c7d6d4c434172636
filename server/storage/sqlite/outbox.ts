import type { AttemptRecord, Outbox } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";
import { outboxHistogramOn } from "./outbox-histogram.ts";
import { outboxLanesOn } from "./outbox-lanes.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { outboxListOn } from "./outbox-list.ts";
import { outboxRetentionOn } from "./outbox-retention.ts";
import { EVENT_COLUMNS, eventSummary, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";
import { outboxStatsOn } from "./outbox-stats.ts";

export type SyncOutbox = Sync<Omit<Outbox, "cancelTarget">> & {
  /** Cancels at most `limit` events; the driver repeats it until none is left. */
  readonly cancelSome: (target: string, now: number, limit: number) => number;
};

const RETRIABLE: ReadonlySet<number> = new Set([
  STATE_NUMBER.queued,
  STATE_NUMBER.retrying,
  STATE_NUMBER.held,
  STATE_NUMBER.dead,
]);

export function outboxOn(connection: Connection): SyncOutbox {
  const { db } = connection;
  const byId = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq) WHERE id = ?`,
  );
  const attemptsOf = query<{ record: string }>(db, "SELECT record FROM fwd_attempt WHERE seq = ? ORDER BY number");
  const openLane = change(db, "INSERT INTO fwd_lane (target, lane, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const { claim, settle, release, reclaim, refresh } = outboxLanesOn(connection);
  const cancellation = outboxCancellationOn(connection);
  const ledger = outboxLedgerOn(connection);

  return {
    claim,
    settle,
    release,
    reclaim,
    ...outboxStatsOn(connection),
    find: (id) => {
      const event = byId.get(id);
      if (event === undefined) return null;
      const attemptList = attemptsOf.all(event.seq).map(({ record }) => JSON.parse(record) as AttemptRecord);
      return { ...eventSummary(event), payload: event.payload, attemptList };
    },
    list: outboxListOn(connection),
    histogram: outboxHistogramOn(connection),
    retry: (id, now) => {
      const event = byId.get(id);
      if (event === undefined || !RETRIABLE.has(event.state)) return false;
      const state = event.attempts > 0 ? STATE_NUMBER.retrying : STATE_NUMBER.queued;
      // One that has outlived its time gets as long again as it had; else the dispatcher would drop it unattempted.
      const expiresAt = event.expiresAt > now ? event.expiresAt : now + (event.expiresAt - event.createdAt);
      ledger.move({ ...event, state, dueAt: now, expiresAt, updatedAt: now }, event.state);
      openLane(event.target, event.lane, now);
      refresh(event.target, event.lane);
      return true;
    },
    cancel: cancellation.one,
    cancelSome: cancellation.someOfTarget,
    prune: outboxRetentionOn(connection),
  };
}
