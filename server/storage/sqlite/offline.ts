import type { NewOutboxEvent, OfflineMessage, OfflineStore } from "../ports.ts";
import { change, insert, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { outboxIntakeOn } from "./outbox-intake.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const OWNER = "local = ? AND host = ?";
const LIVE = "(expires_at IS NULL OR expires_at > ?)";
const COLUMNS = 'id, sender AS "from", type, at, xml';

/**
 * The queue row carries what the limits and the console ask for (how many, how large), kept in the transaction of each
 * message; it is there exactly while messages wait. An account without a queue row is looked up before it gets one, so a
 * message that was under way while its account was removed cannot wait for the next owner of the name.
 */
export function offlineOn(connection: Connection): Sync<OfflineStore> {
  const { db } = connection;
  const grow = change(
    db,
    `UPDATE offline_queue SET messages = messages + 1, bytes = bytes + ?
      WHERE ${OWNER} AND messages < ? AND bytes <= ?`,
  );
  const begin = change(
    db,
    `INSERT INTO offline_queue (local, host, messages, bytes) SELECT local, host, 1, ? FROM account
      WHERE ${OWNER} ON CONFLICT DO NOTHING`,
  );
  const shrink = change(db, `UPDATE offline_queue SET messages = messages - ?, bytes = bytes - ? WHERE ${OWNER}`);
  const dropEmpty = change(db, `DELETE FROM offline_queue WHERE ${OWNER} AND messages <= 0`);
  const store = insert(
    db,
    "INSERT INTO offline_message (host, local, sender, type, at, expires_at, bytes, xml) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const waiting = query<OfflineMessage>(
    db,
    `SELECT ${COLUMNS} FROM offline_message WHERE ${OWNER} AND id > ? AND ${LIVE} ORDER BY id ${LIMIT}`,
  );
  const page = query<OfflineMessage & { bytes: number }>(
    db,
    `SELECT ${COLUMNS}, bytes FROM offline_message WHERE ${OWNER} AND id > ? ORDER BY id ${LIMIT}`,
  );
  const sumUpTo = query<{ messages: number; bytes: number }>(
    db,
    `SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM offline_message WHERE ${OWNER} AND id <= ?`,
  );
  const removeUpTo = change(db, `DELETE FROM offline_message WHERE ${OWNER} AND id <= ?`);
  const queueOf = query<{ messages: number; bytes: number }>(
    db,
    `SELECT messages, bytes FROM offline_queue WHERE ${OWNER}`,
  );
  const total = query<{ messages: number }>(db, "SELECT coalesce(sum(messages), 0) AS messages FROM offline_queue");
  const oldest = query<{ at: number }>(db, "SELECT at FROM offline_message ORDER BY id LIMIT 1");
  const totalOfHost = query<{ messages: number; oldestAt: number | null }>(
    db,
    `SELECT coalesce(sum(messages), 0) AS messages, min((SELECT at FROM offline_message m
        WHERE m.local = q.local AND m.host = q.host ORDER BY id LIMIT 1)) AS oldestAt
      FROM offline_queue q WHERE host = ?`,
  );
  const expired = query<{ id: number; host: string; local: string; bytes: number }>(
    db,
    `SELECT id, host, local, bytes FROM offline_message WHERE expires_at <= ? ORDER BY expires_at ${LIMIT}`,
  );
  const removeOne = change(db, "DELETE FROM offline_message WHERE id = ?");
  const intake = outboxIntakeOn(connection);

  const take = (host: string, local: string, messages: number, bytes: number): void => {
    shrink(messages, bytes, local, host);
    dropEmpty(local, host);
  };

  const counted = (event: NewOutboxEvent, host: string, local: string): NewOutboxEvent => {
    const { payload, unreadAt } = event;
    const messages = queueOf.get(local, host)?.messages ?? 0;
    return { ...event, payload: `${payload.slice(0, unreadAt)}${messages}${payload.slice(unreadAt)}` };
  };

  return {
    commit: (unit) => {
      const { host, local, message } = unit;
      if (message !== null) {
        const bytes = Buffer.byteLength(message.xml);
        if (bytes > unit.maxBytes || unit.maxMessages < 1) return "full";
        const hasRoom =
          grow(bytes, local, host, unit.maxMessages, unit.maxBytes - bytes) === 1 || begin(bytes, local, host) === 1;
        if (!hasRoom) return "full";
        store(host, local, message.from, message.type, message.at, message.expiresAt, bytes, message.xml);
      }
      for (const event of unit.forwards) intake(event.unreadAt === undefined ? event : counted(event, host, local));
      return "stored";
    },
    read: (host, local, after, limit) => waiting.all(local, host, after, connection.now(), limit),
    acknowledge: (host, local, upTo) => {
      const gone = sumUpTo.get(local, host, upTo);
      if (gone === undefined || gone.messages === 0) return 0;
      removeUpTo(local, host, upTo);
      take(host, local, gone.messages, gone.bytes);
      return gone.messages;
    },
    depth: (host, local) => {
      const queue = queueOf.get(local, host);
      return { messages: queue?.messages ?? 0, bytes: queue?.bytes ?? 0 };
    },
    totals: (host) => {
      if (host === undefined) return { messages: total.get()?.messages ?? 0, oldestAt: oldest.get()?.at ?? null };
      const sums = totalOfHost.get(host);
      return { messages: sums?.messages ?? 0, oldestAt: sums?.oldestAt ?? null };
    },
    list: (host, local, request) => {
      const limit = pageLimit(request);
      const [after] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [0];
      const rows = page.all(local, host, after, limit + 1);
      return pageOf(rows, limit, (row) => [row.id], queueOf.get(local, host)?.messages ?? 0);
    },
    removeExpired: (now, limit) => {
      const rows = expired.all(now, limit);
      for (const { id, host, local, bytes } of rows) {
        removeOne(id);
        take(host, local, 1, bytes);
      }
      return rows.length;
    },
  };
}
