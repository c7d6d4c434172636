import { query, type Connection } from "./connection.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, type EventRecord } from "./outbox-state.ts";

/**
 * Notes at the events of a user (bare JID) that a client has confirmed the kept messages with the ids `first` to `last`, and
 * answers how many there were. To be called in the transaction that lets go of the messages; costs one look into an index
 * where no event is about them.
 */
export type OutboxAck = (user: string, first: number, last: number, at: number) => number;

export function outboxAckOn(connection: Connection): OutboxAck {
  const { db, holds } = connection;
  const unacked = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_user
      WHERE user = ? AND message >= ? AND message <= ? AND acked_at IS NULL`,
  );
  const ledger = outboxLedgerOn(connection);
  return (user, first, last, at) => {
    const events = unacked.all(user, first, last);
    for (const event of events) {
      ledger.ack(event, at);
      holds.replace({ ...event, ackedAt: at });
    }
    return events.length;
  };
}
