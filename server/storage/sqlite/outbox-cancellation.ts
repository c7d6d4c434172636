import { change, LIMIT, query, type Connection } from "./connection.ts";
import { outboxLanesOn } from "./outbox-lanes.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, STATE_NUMBER, WAITING, type EventRecord } from "./outbox-state.ts";

export interface OutboxCancellation {
  /** Cancels one event that waits; false: there is none, or an attempt is under way and cannot be called back. */
  one(id: string, now: number): boolean;
  /** Cancels at most `limit` events of a target, attempts under way included: their outcome will be ignored. */
  someOfTarget(target: string, now: number, limit: number): number;
  /** Cancels what waits for an account's user and forgets its content. */
  ofAccount(host: string, local: string, now: number): void;
}

export function outboxCancellationOn(connection: Connection): OutboxCancellation {
  const { db, holds } = connection;
  const byId = query<EventRecord>(db, `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE id = ? AND ${WAITING}`);
  const ofTarget = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE target = ? AND ${WAITING} ORDER BY lane, seq ${LIMIT}`,
  );
  const ofUser = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_user WHERE user IN (?, ?) AND host = ? AND ${WAITING}`,
  );
  const forget = change(db, "UPDATE fwd_payload SET payload = '' WHERE seq = ?");
  const ledger = outboxLedgerOn(connection);
  const lanes = outboxLanesOn(connection);

  const cancelAll = (events: readonly EventRecord[], now: number): void => {
    const touched = new Map<string, EventRecord>();
    for (const event of events) {
      ledger.move({ ...event, state: STATE_NUMBER.cancelled, updatedAt: now }, event.state);
      touched.set(`${event.target}\n${event.lane}`, event);
    }
    for (const { target, lane } of touched.values()) lanes.refresh(target, lane);
  };

  return {
    one: (id, now) => {
      const event = byId.get(id);
      if (event === undefined || holds.isSending(event)) return false;
      cancelAll([event], now);
      return true;
    },
    someOfTarget: (target, now, limit) => {
      const events = ofTarget.all(target, limit);
      cancelAll(events, now);
      return events.length;
    },
    ofAccount: (host, local, now) => {
      const events = ofUser.all(local, `${local}@${host}`, host);
      cancelAll(events, now);
      for (const { seq } of events) forget(seq);
    },
  };
}
