import type { CancelOn, Outbox } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Query, type Sync } from "./connection.ts";
import type { Needless } from "./outbox-holds.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, STATE_NUMBER, WAITING, type EventRecord } from "./outbox-state.ts";

export interface OutboxCancellation {
  /** Cancels one event that waits; false: there is none, or an attempt is under way and cannot be called back. */
  one(id: string, now: number): boolean;
  /** Ends at most `limit` events of a target, attempts under way included: their outcome will be ignored. */
  someOfTarget(target: string, as: "cancelled" | "dead", now: number, limit: number): number;
  /** Cancels what waits for an account's user and forgets its content. */
  ofAccount(host: string, local: string, now: number): void;
  /** Cancels what waits for a device that gets nothing any more, attempts under way included. */
  ofDevice(device: string, now: number): void;
  /** Cancels events whose message the device's own client has by now; what is under way is not recalled. */
  needless(events: readonly EventRecord[], now: number): void;
  readonly forUser: Sync<Outbox>["cancelFor"];
  readonly cancellable: Sync<Outbox>["cancellable"];
}

/** As the partial index says it. */
const CANCELLABLE = `${WAITING} AND (cancel_on <> 'never' OR class = 'call')`;
/** The column has the full JID. */
const FROM_BARE = "(sender = ?2 OR substr(sender, 1, length(?2) + 1) = ?2 || '/')";

export function outboxCancellationOn(connection: Connection): OutboxCancellation {
  const { db, holds } = connection;
  const byId = query<EventRecord>(db, `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE id = ? AND ${WAITING}`);
  const ofTarget = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e WHERE target = ? AND ${WAITING} ORDER BY lane, seq ${LIMIT}`,
  );
  const ofUser = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_user WHERE user = ? AND host = ? AND ${WAITING}`,
  );
  const ofDevice = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_device WHERE device = ? AND ${WAITING} ORDER BY seq`,
  );
  const cancellable = (condition: string): Query<EventRecord> =>
    query(
      db,
      `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_cancellable
        WHERE user = ?1 AND ${CANCELLABLE} AND ${condition}`,
    );
  const untilOnline = cancellable("cancel_on = 'online'");
  const untilRead = cancellable(`cancel_on = 'read' AND ${FROM_BARE}`);
  const calls = cancellable(`class = 'call' AND ${FROM_BARE}`);
  const reasons = query<{ user: string; from: string; cancelOn: CancelOn }>(
    db,
    `SELECT DISTINCT user, sender AS "from", cancel_on AS cancelOn FROM fwd_event INDEXED BY fwd_event_cancellable
      WHERE ${CANCELLABLE} AND cancel_on <> 'never'`,
  );
  const forget = change(db, "UPDATE fwd_payload SET payload = '' WHERE seq = ?");
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);

  const endAll = (events: readonly EventRecord[], state: number, now: number, error?: string): void => {
    for (const event of events)
      ledger.move({ ...event, state, updatedAt: now, error: error ?? event.error }, event.state);
    lanes.refreshOf(events);
  };
  const cancelAll = (events: readonly EventRecord[], now: number, error?: string): void =>
    endAll(events, STATE_NUMBER.cancelled, now, error);

  const ofReason = (user: string, why: Parameters<Outbox["cancelFor"]>[1]): EventRecord[] => {
    if (why.kind === "online") return untilOnline.all(user);
    return (why.kind === "read" ? untilRead : calls).all(user, why.from);
  };

  return {
    one: (id, now) => {
      const event = byId.get(id);
      if (event === undefined || holds.isSending(event)) return false;
      cancelAll([event], now);
      return true;
    },
    someOfTarget: (target, as, now, limit) => {
      const events = ofTarget.all(target, limit);
      endAll(events, STATE_NUMBER[as], now, "the target was removed");
      return events.length;
    },
    ofAccount: (host, local, now) => {
      // Events of the first versions name the user by the local part.
      const events = [...ofUser.all(`${local}@${host}`, host), ...ofUser.all(local, host)];
      cancelAll(events, now);
      for (const { seq } of events) forget(seq);
    },
    ofDevice: (device, now) => cancelAll(ofDevice.all(device), now, "device is gone"),
    needless: (events, now) => {
      const waiting = events.filter((event) => !holds.isSending(event));
      cancelAll(waiting, now, "the device's own client has the message");
    },
    forUser: (user, why, now) => {
      const reason = REASONS[why.kind];
      const found = ofReason(user, why);
      const waiting = found.filter((event) => !holds.isSending(event));
      cancelAll(waiting, now, reason.unsent);
      for (const event of found) holds.markNeedless(event, reason);
      return waiting.length;
    },
    cancellable: () => reasons.all(),
  };
}

const REASONS: Readonly<Record<Parameters<Outbox["cancelFor"]>[1]["kind"], Needless>> = {
  online: { unsent: "recipient came online", sent: "sent while the recipient came online" },
  read: { unsent: "recipient has read it", sent: "sent while the recipient was reading it" },
  call: { unsent: "the call is over", sent: "sent while the call was ending" },
};
