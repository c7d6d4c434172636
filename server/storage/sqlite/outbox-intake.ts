import type { NewOutboxEvent } from "../ports.ts";
import { change, type Connection } from "./connection.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { STATE_NUMBER } from "./outbox-state.ts";

/** Puts an event at the end of its lane. An id that is already known is left as it is: false. */
export function outboxIntakeOn(connection: Connection): (event: NewOutboxEvent) => boolean {
  const { db } = connection;
  const insertEvent = db.prepare(
    `INSERT INTO fwd_event (id, target, rule, lane, host, user, sender, type, content_type, bytes, created_at, expires_at,
        max_attempts, state, attempts, due_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const insertPayload = change(db, "INSERT INTO fwd_payload (seq, payload) VALUES (?, ?)");
  // The lane of a waiting event is due when its head is: one more at the end changes nothing.
  const openLane = change(db, "INSERT INTO fwd_lane (target, lane, due) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const ledger = outboxLedgerOn(connection);

  return (event) => {
    const bytes = Buffer.byteLength(event.payload);
    const dueAt = Math.round(event.dueAt);
    const { changes, lastInsertRowid } = insertEvent.run(
      event.id,
      event.target,
      event.rule,
      event.lane,
      event.host,
      event.user,
      event.from,
      event.type,
      event.contentType,
      bytes,
      event.createdAt,
      event.expiresAt,
      event.maxAttempts,
      STATE_NUMBER.queued,
      dueAt,
      event.createdAt,
    );
    if (changes === 0) return false;
    const seq = Number(lastInsertRowid);
    insertPayload(seq, event.payload);
    openLane(event.target, event.lane, dueAt);
    ledger.enter({
      ...event,
      seq,
      bytes,
      dueAt,
      state: STATE_NUMBER.queued,
      attempts: 0,
      replayedAfter: null,
      updatedAt: event.createdAt,
      status: null,
      ms: null,
      error: null,
    });
    return true;
  };
}
