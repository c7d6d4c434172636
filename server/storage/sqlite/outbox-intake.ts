import type { NewOutboxEvent } from "../ports.ts";
import { change, query, type Connection } from "./connection.ts";
import { ACTIVE } from "./device-count.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { OVERFLOW, outboxOverflowOn } from "./outbox-overflow.ts";
import { STATE_NUMBER } from "./outbox-state.ts";

/**
 * Puts an event at the end of its lane, or one for each of the user's devices at the target at the ends of theirs, all about
 * the kept message `message`. An id that is already known is left as it is. Answers how many are new.
 */
export type OutboxIntake = (event: NewOutboxEvent, message: number | null) => number;

export function outboxIntakeOn(connection: Connection): OutboxIntake {
  const { db, activeDevices, news, offers } = connection;
  const insertEvent = db.prepare(
    `INSERT INTO fwd_event (id, target, rule, lane, host, user, sender, type, content_type, bytes, created_at, expires_at,
        max_attempts, state, attempts, due_at, updated_at, error, class, cancel_on, device, message)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const insertPayload = change(db, "INSERT INTO fwd_payload (seq, payload) VALUES (?, ?)");
  const devicesOf = query<{ id: string }>(
    db,
    `SELECT id FROM device WHERE user = ? AND target = ? AND ${ACTIVE} ORDER BY seq`,
  );
  const unreadOf = query<{ messages: number }>(db, "SELECT messages FROM offline_queue WHERE local = ? AND host = ?");
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);
  const overflow = outboxOverflowOn(connection);

  const counted = ({ payload, unreadAt, user, host }: NewOutboxEvent): string => {
    if (unreadAt === undefined) return payload;
    const unread = unreadOf.get(user.slice(0, user.indexOf("@")), host)?.messages ?? 0;
    return `${payload.slice(0, unreadAt)}${unread}${payload.slice(unreadAt)}`;
  };

  const enter = (event: NewOutboxEvent, device: string | null, payload: string, message: number | null): boolean => {
    const id = device === null ? event.id : `${event.id}_${device}`;
    const lane = device === null ? event.lane : `${event.lane}/${device}`;
    const bytes = Buffer.byteLength(payload);
    const dueAt = Math.round(event.dueAt);
    const victim = event.failed === undefined ? overflow.victimOf(event, lane, device) : null;
    const error = event.failed ?? (victim === "itself" ? OVERFLOW : null);
    const isDead = error !== null;
    const state = isDead ? STATE_NUMBER.dead : STATE_NUMBER.queued;
    const updatedAt = isDead ? connection.now() : event.createdAt;
    const { changes, lastInsertRowid } = insertEvent.run(
      id,
      event.target,
      event.rule,
      lane,
      event.host,
      event.user,
      event.from,
      event.type,
      event.contentType,
      bytes,
      event.createdAt,
      event.expiresAt,
      event.maxAttempts,
      state,
      dueAt,
      updatedAt,
      error,
      event.class,
      event.cancelOn,
      device,
      message,
    );
    if (changes === 0) return false;
    const seq = Number(lastInsertRowid);
    insertPayload(seq, payload);
    const record = {
      ...event,
      id,
      lane,
      seq,
      bytes,
      dueAt,
      state,
      attempts: 0,
      freeAttempts: 0,
      replayedAfter: null,
      updatedAt,
      status: null,
      ms: null,
      error,
      device,
      providerId: null,
      ackedAt: null,
    };
    if (!isDead && lanes.open(record, dueAt) && offers.has(event.target))
      news.opened.push({ target: event.target, lane });
    ledger.enter(record);
    if (victim !== null && victim !== "itself") overflow.drop(victim);
    return true;
  };

  return (event, message) => {
    if (event.toDevices !== true) return enter(event, null, counted(event), message) ? 1 : 0;
    if (!activeDevices.all().has(event.target)) return 0;
    const all = devicesOf.all(event.user, event.target);
    const devices = event.onlyDevice === undefined ? all : all.filter(({ id }) => id === event.onlyDevice);
    if (devices.length === 0) return 0;
    const payload = counted(event);
    let entered = 0;
    for (const { id } of devices) if (enter(event, id, payload, message)) entered++;
    return entered;
  };
}
