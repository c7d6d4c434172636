import { change, insert, type Connection } from "./connection.ts";
import { eventSummary, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

/** The one place that changes an event's state: the row, the feed and the tally move together. */
export interface OutboxLedger {
  /** `event` as it is from now on; `from` is the number of the state it leaves. false: it has left that state already. */
  move(event: EventRecord, from: number): boolean;
  /** A new event, already in its table. */
  enter(event: EventRecord): void;
}

export function outboxLedgerOn({ db, news }: Connection): OutboxLedger {
  const update = change(
    db,
    `UPDATE fwd_event SET state = ?, attempts = ?, due_at = ?, expires_at = ?, updated_at = ?, status = ?, ms = ?, error = ?
      WHERE seq = ? AND state = ?`,
  );
  const log = insert(
    db,
    "INSERT INTO fwd_log (at, seq, state, attempts, due_at, status, ms, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );

  const publish = (event: EventRecord, from: number): void => {
    const { updatedAt, seq, state, attempts, dueAt, status, ms, error, target, host, createdAt } = event;
    const id = log(updatedAt, seq, state, attempts, dueAt, status, ms, error);
    if (news.isFollowed) news.feed.push({ feed: "forward", id, event: eventSummary(event) });
    if (state === STATE_NUMBER.queued) news.queued.add(target);
    news.moves.push({ target, host, createdAt, from, to: state });
  };

  return {
    move: (event, from) => {
      const { state, attempts, dueAt, expiresAt, updatedAt, status, ms, error, seq } = event;
      if (update(state, attempts, dueAt, expiresAt, updatedAt, status, ms, error, seq, from) === 0) return false;
      publish(event, from);
      return true;
    },
    enter: (event) => publish(event, -1),
  };
}
