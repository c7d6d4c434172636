import { randomInt } from "node:crypto";
import type { MessageKey, OfflineMessage, OfflineStore, OfflineUnit } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { offlineLeaveOn, OWNER, queueShrinkOn, type Leaving } from "./offline-leave.ts";
import { offlineQueuesOn } from "./offline-queues.ts";
import { offlineTotalsOn } from "./offline-totals.ts";
import { offlineWalkOn } from "./offline-walk.ts";
import { outboxAckOn } from "./outbox-ack.ts";
import { outboxIntakeOn } from "./outbox-intake.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { peerHash } from "./peer-hash.ts";

const LIVE = "(expires_at IS NULL OR expires_at > ?)";
const COLUMNS = "id, salt, waiting, archived, peer, type, at, xml";
const saltLimit = 2 ** 48 - 1;

interface Record {
  readonly id: number;
  readonly salt: number;
  readonly waiting: number;
  readonly archived: number;
  readonly peer: string;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}
interface Shown extends Record {
  readonly bytes: number;
  readonly expiresAt: number | null;
}

/**
 * The queue row carries what the limits and the console ask for (how many, how large), kept in the transaction of each
 * message; it is there exactly while messages wait. An account without a queue row is looked up before it gets one, so a
 * message that was under way while its account was removed cannot wait for the next owner of the name.
 */
export function offlineOn(connection: Connection): Sync<OfflineStore> {
  const { db, mailboxes, archiveIndex } = connection;
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
  const store = change(
    db,
    `INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, expires_at, bytes, waiting, archived,
        was_waiting, xml)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 1, ?)
      ON CONFLICT DO UPDATE SET waiting = excluded.waiting, was_waiting = 1, expires_at = excluded.expires_at,
        bytes = excluded.bytes
      WHERE mailbox = excluded.mailbox AND waiting IS NULL`,
  );
  const waiting = query<Record>(
    db,
    `SELECT ${COLUMNS} FROM message WHERE mailbox = ? AND waiting > ? AND ${LIVE} ORDER BY waiting ${LIMIT}`,
  );
  const page = query<Shown>(
    db,
    `SELECT ${COLUMNS}, bytes, expires_at AS expiresAt FROM message WHERE mailbox = ? AND waiting > ? ORDER BY waiting ${LIMIT}`,
  );
  const upToNow = query<Leaving>(
    db,
    "SELECT id, bytes FROM message WHERE mailbox = ? AND waiting <= ? ORDER BY waiting",
  );
  const one = query<Record & { bytes: number }>(
    db,
    `SELECT ${COLUMNS}, bytes FROM message WHERE id = ? AND mailbox = ? AND salt = ? AND waiting IS NOT NULL`,
  );
  const between = query<object>(
    db,
    "SELECT 1 FROM message INDEXED BY message_queue WHERE mailbox = ? AND waiting IS NOT NULL AND id BETWEEN ? AND ? LIMIT 1",
  );
  const queueOf = query<{ messages: number; bytes: number }>(
    db,
    `SELECT messages, bytes FROM offline_queue WHERE ${OWNER}`,
  );
  const expired = query<Leaving & { host: string; local: string }>(
    db,
    `SELECT m.id, m.bytes, b.host, b.local FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.waiting IS NOT NULL AND m.expires_at <= ? ORDER BY m.expires_at ${LIMIT}`,
  );
  const intake = outboxIntakeOn(connection);
  const acked = outboxAckOn(connection);

  const take = queueShrinkOn(connection);
  /** They wait no more. */
  const finish = offlineLeaveOn(connection);
  /** A client has them: the events about them are told. Nearly always they are a range, which costs one look. */
  const confirm = (host: string, local: string, mailbox: number, rows: readonly Leaving[], resource?: string): void => {
    const ids = rows.map(({ id }) => id).toSorted((one, other) => one - other);
    finish(host, local, rows);
    const [first, last] = [ids[0]!, ids.at(-1)!];
    const isRange = rows.length === 1 || between.get(mailbox, first, last) === undefined;
    const user = `${local}@${host}`;
    if (isRange) acked(user, first, last, connection.now(), resource);
    else for (const id of ids) acked(user, id, id, connection.now(), resource);
  };

  /** The row's id; null: there is no room. */
  const keep = (unit: OfflineUnit, message: NonNullable<OfflineUnit["message"]>): number | null => {
    const { host, local } = unit;
    const bytes = Buffer.byteLength(message.xml);
    if (bytes > unit.maxBytes || unit.maxMessages < 1) return null;
    const hasRoom =
      grow(bytes, local, host, unit.maxMessages, unit.maxBytes - bytes) === 1 || begin(bytes, local, host) === 1;
    const mailbox = hasRoom ? mailboxes.open(host, local) : undefined;
    if (mailbox === undefined) return null;
    const place = mailboxes.nextNumber();
    const isArchived = message.archiveAs === undefined ? 0 : 1;
    const { id, salt } = message.archiveAs ?? { id: place, salt: randomInt(saltLimit) };
    const { from, type, at, expiresAt, xml } = message;
    const hash = peerHash(from);
    const isNew = store(id, mailbox, salt, from, hash, type, at, expiresAt, bytes, place, isArchived, xml) === 1;
    if (!isNew) take(host, local, 1, bytes);
    else if (isArchived === 1) archiveIndex.add(id, mailbox, hash);
    return id;
  };

  const find = (mailbox: number, keys: readonly MessageKey[]): (Record & { bytes: number })[] =>
    keys.flatMap(({ id, salt }) => one.get(id, mailbox, salt) ?? []);

  return {
    commit: (unit) => {
      const id = unit.message === null ? null : keep(unit, unit.message);
      if (unit.message !== null && id === null) return "full";
      for (const event of unit.forwards) intake(event, id);
      return "stored";
    },
    read: (host, local, after, limit) => {
      const mailbox = mailboxes.find(host, local);
      return mailbox === undefined ? [] : waiting.all(mailbox, after, connection.now(), limit).map(messageOf);
    },
    acknowledge: (host, local, upTo, resource) => {
      const mailbox = mailboxes.find(host, local);
      const rows = mailbox === undefined ? [] : upToNow.all(mailbox, upTo);
      if (rows.length > 0) confirm(host, local, mailbox!, rows, resource);
      return rows.length;
    },
    pick: (host, local, keys) => {
      const mailbox = mailboxes.find(host, local);
      return mailbox === undefined ? [] : find(mailbox, keys).map(messageOf);
    },
    remove: (host, local, keys) => {
      const mailbox = mailboxes.find(host, local);
      const rows = mailbox === undefined ? [] : find(mailbox, keys);
      const isWhole = new Set(rows.map(({ id }) => id)).size === keys.length;
      if (isWhole && rows.length > 0) confirm(host, local, mailbox!, rows);
      return isWhole;
    },
    depth: (host, local) => {
      const queue = queueOf.get(local, host);
      return { messages: queue?.messages ?? 0, bytes: queue?.bytes ?? 0 };
    },
    totals: offlineTotalsOn(connection),
    queues: offlineQueuesOn(connection),
    ...offlineWalkOn(connection),
    list: (host, local, request) => {
      const limit = pageLimit(request);
      const [after] = decodeCursor<[number]>(request.cursor ?? undefined, ["number"]) ?? [0];
      const mailbox = mailboxes.find(host, local);
      const rows = mailbox === undefined ? [] : page.all(mailbox, after, limit + 1);
      const messages = rows.map((row) => ({ ...messageOf(row), bytes: row.bytes, expiresAt: row.expiresAt }));
      return pageOf(messages, limit, (row) => [row.id], queueOf.get(local, host)?.messages ?? 0);
    },
    removeExpired: (now, limit) => {
      const rows = expired.all(now, limit);
      for (const row of rows) finish(row.host, row.local, [row]);
      return rows.length;
    },
  };
}

function messageOf({ id, salt, waiting, archived, peer, type, at, xml }: Record): OfflineMessage {
  return { id: waiting, key: { id, salt }, isArchived: archived === 1, from: peer, type, at, xml };
}
