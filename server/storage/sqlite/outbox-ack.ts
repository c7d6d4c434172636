import { query, type Connection } from "./connection.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, isWaiting, type EventRecord } from "./outbox-state.ts";

/**
 * Notes at the events of a user (bare JID) that a client has confirmed the kept messages with the ids `first` to `last`, and
 * answers how many there were; what still waits for the device that the client's `resource` registered is cancelled. To be
 * called in the transaction that lets go of the messages; costs one look into an index where no event is about them.
 */
export type OutboxAck = (user: string, first: number, last: number, at: number, resource: string | undefined) => number;

export function outboxAckOn(connection: Connection): OutboxAck {
  const { db, holds } = connection;
  const unacked = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_user
      WHERE user = ? AND message >= ? AND message <= ? AND acked_at IS NULL`,
  );
  const isOf = query<object>(db, "SELECT 1 FROM device WHERE id = ? AND resource = ?");
  const ledger = outboxLedgerOn(connection);
  const cancellation = outboxCancellationOn(connection);
  return (user, first, last, at, resource) => {
    const events = unacked.all(user, first, last);
    const needless: EventRecord[] = [];
    for (const event of events) {
      ledger.ack(event, at);
      const acked = { ...event, ackedAt: at };
      holds.replace(acked);
      if (resource === undefined || event.device === null || !isWaiting(event.state)) continue;
      if (isOf.get(event.device, resource) !== undefined) needless.push(acked);
    }
    if (needless.length > 0) cancellation.needless(needless, at);
    return events.length;
  };
}
