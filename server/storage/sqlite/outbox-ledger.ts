import { change, insert, type Connection } from "./connection.ts";
import { eventSummary, isWaiting, NO_STATE, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

/** The one place that changes an event's state: the row, the feed, the tally and the room move together. */
export interface OutboxLedger {
  /** `event` as it is from now on; `from` is the number of the state it leaves. false: it has left that state already. */
  move(event: EventRecord, from: number): boolean;
  /** A new event, already in its table. */
  enter(event: EventRecord): void;
  /** A finished event belongs to another target from now on; nobody is told of it before it moves. */
  transfer(event: EventRecord, to: string): void;
  /** A client has confirmed the event's message; the event stands where it stood. */
  ack(event: EventRecord, at: number): void;
}

export function outboxLedgerOn({ db, news, room }: Connection): OutboxLedger {
  const update = change(
    db,
    `UPDATE fwd_event SET state = ?, attempts = ?, free_attempts = ?, due_at = ?, expires_at = ?, updated_at = ?, status = ?,
        ms = ?, error = ?, provider_id = ?
      WHERE seq = ? AND state = ?`,
  );
  const noteAck = change(db, "UPDATE fwd_event SET acked_at = ? WHERE seq = ?");
  const log = insert(
    db,
    "INSERT INTO fwd_log (at, seq, state, attempts, due_at, status, ms, error, acked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );

  const tell = (event: EventRecord): void => {
    const { updatedAt, seq, state, attempts, dueAt, status, ms, error, ackedAt } = event;
    const id = log(updatedAt, seq, state, attempts, dueAt, status, ms, error, ackedAt);
    if (news.isFollowed) news.feed.push({ feed: "forward", id, event: eventSummary(event) });
  };

  const publish = (event: EventRecord, from: number): void => {
    const { state, target, host, createdAt } = event;
    tell(event);
    if (state === STATE_NUMBER.queued) news.queued.set(target, (news.queued.get(target) ?? 0) + 1);
    const waited = isWaiting(from);
    if (waited !== isWaiting(state)) room.change(event, waited ? -1 : 1);
    news.moves.push({ target, host, createdAt, from, to: state });
  };

  return {
    move: (event, from) => {
      const { state, attempts, freeAttempts, dueAt, expiresAt, updatedAt, status, ms, error, providerId, seq } = event;
      const rows = update(
        state,
        attempts,
        freeAttempts,
        dueAt,
        expiresAt,
        updatedAt,
        status,
        ms,
        error,
        providerId,
        seq,
        from,
      );
      if (rows === 0) return false;
      publish(event, from);
      return true;
    },
    enter: (event) => publish(event, NO_STATE),
    transfer: ({ target, host, createdAt, state }, to) => {
      news.moves.push({ target, host, createdAt, from: state, to: NO_STATE });
      news.moves.push({ target: to, host, createdAt, from: NO_STATE, to: state });
    },
    ack: (event, at) => {
      noteAck(at, event.seq);
      tell({ ...event, ackedAt: at, updatedAt: at });
    },
  };
}
