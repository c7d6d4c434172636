import type { SQLInputValue } from "node:sqlite";
import type { ArchivedMessage, ArchivePage, ArchiveQuery, MessageKey } from "../ports.ts";
import { textMatch } from "./archive-text.ts";
import { LIMIT, query, statementCache, type Connection } from "./connection.ts";
import { peerHash } from "./peer-hash.ts";

const COLUMNS = "m.id, m.salt, m.peer, m.is_own AS own, m.type, m.at, m.bytes, m.xml";
/** In the order of the index: SQLite goes through the tables of a CROSS JOIN as they are written. */
const ARCHIVED = "archive_entry e CROSS JOIN message m ON m.id = e.id";

interface Record {
  readonly id: number;
  readonly salt: number;
  readonly peer: string;
  readonly own: number;
  readonly type: string;
  readonly at: number;
  readonly bytes: number;
  readonly xml: string;
}
interface Condition {
  readonly sql: string;
  readonly values: SQLInputValue[];
}

/**
 * Pages of one mailbox. The index (`archive-index.ts`) carries what is filtered by, except for words: these are looked for
 * in the text of one row after the other, which costs the few who search and not everybody who writes.
 */
export function archiveQueryOn({ db }: Connection) {
  const statement = statementCache<Record>(db);
  const count = statementCache<{ messages: number }>(db);
  const known = query<Record>(
    db,
    `SELECT ${COLUMNS} FROM message m WHERE id = ? AND mailbox = ? AND salt = ? AND archived = 1`,
  );

  /** undefined: one of them is not there. */
  const look = (mailbox: number, keys: readonly MessageKey[]): Record[] | undefined => {
    const records = keys.flatMap(({ id, salt }) => known.get(id, mailbox, salt) ?? []);
    return records.length === keys.length ? records : undefined;
  };

  const counted = ({ sql, values }: Condition, matches: (xml: string) => boolean, hasText: boolean): number => {
    if (!hasText)
      return count(`SELECT count(*) AS messages FROM ${source(sql)} WHERE ${sql}`).get(...values)?.messages ?? 0;
    let messages = 0;
    for (const { xml } of statement(`SELECT ${COLUMNS} FROM ${ARCHIVED} WHERE ${sql}`).iterate(...values)) {
      if (matches(xml)) messages += 1;
    }
    return messages;
  };

  return (wanted: ArchiveQuery, mailbox: number): ArchivePage | null => {
    const { keys, after = [], before = [], from, limit, maxBytes, text } = wanted;
    if (look(mailbox, [...after, ...before]) === undefined) return null;
    const chosen = keys === undefined ? undefined : look(mailbox, keys);
    if (keys !== undefined && chosen === undefined) return null;
    const matches = text === undefined ? always : textMatch(text);
    const filter = filterOf(wanted, mailbox);
    const bounds: Condition = {
      sql: "e.id > ? AND e.id < ?",
      values: [
        Math.max(-1, ...after.map(({ id }) => id)),
        Math.min(Number.MAX_SAFE_INTEGER, ...before.map(({ id }) => id)),
      ],
    };
    const only = chosen === undefined ? none : idsIn(chosen);
    const all = join([filter, only]);
    if (limit === 0) {
      const messages = counted(all, matches, text !== undefined);
      return { items: [], isComplete: messages === 0, count: messages };
    }
    const within = join([filter, only, bounds]);
    const order = from === "start" ? "ASC" : "DESC";
    const sql = `SELECT ${COLUMNS} FROM ${ARCHIVED} WHERE ${within.sql} ORDER BY e.id ${order}`;
    // Words may be in few of many rows: those are gone through one by one.
    const rows =
      text === undefined
        ? statement(`${sql} ${LIMIT}`).all(...within.values, limit + 1)
        : statement(sql).iterate(...within.values);
    const items: ArchivedMessage[] = [];
    let bytes = 0;
    let isComplete = true;
    for (const record of rows) {
      if (!matches(record.xml)) continue;
      if (items.length === limit || (items.length > 0 && bytes + record.bytes > maxBytes)) {
        isComplete = false;
        break;
      }
      bytes += record.bytes;
      items.push(messageOf(record));
    }
    if (from === "end") items.reverse();
    return { items, isComplete, count: null };
  };
}

/** The messages themselves are only looked at where a condition is about them. */
const source = (sql: string): string => (sql.includes("m.") ? ARCHIVED : "archive_entry e");
const always = (): boolean => true;
const none: Condition = { sql: "", values: [] };

function filterOf({ with: peer, start, end }: ArchiveQuery, mailbox: number): Condition {
  const conditions: Condition[] = [{ sql: "e.mailbox = ?", values: [mailbox] }];
  // An archived message's id is its time.
  if (start !== undefined) conditions.push({ sql: "e.id >= ?", values: [start * 1000] });
  if (end !== undefined) conditions.push({ sql: "e.id < ?", values: [(Math.floor(end) + 1) * 1000] });
  if (peer !== undefined) conditions.push({ sql: "e.peer_hash = ?", values: [peerHash(peer)] });
  if (peer?.includes("/") === true) conditions.push({ sql: "m.peer = ?", values: [peer] });
  // All resources of a bare address: '0' is the character after '/'.
  else if (peer !== undefined) {
    conditions.push({ sql: "(m.peer = ? OR (m.peer > ? AND m.peer < ?))", values: [peer, `${peer}/`, `${peer}0`] });
  }
  return join(conditions);
}

function idsIn(records: readonly Record[]): Condition {
  const ids = records.map(({ id }) => id);
  return { sql: "e.id IN (SELECT value FROM json_each(?))", values: [JSON.stringify(ids)] };
}

function join(conditions: readonly Condition[]): Condition {
  const real = conditions.filter(({ sql }) => sql !== "");
  return { sql: real.map(({ sql }) => sql).join(" AND "), values: real.flatMap(({ values }) => values) };
}

function messageOf({ id, salt, peer, own, type, at, xml }: Record): ArchivedMessage {
  return { key: { id, salt }, peer, isOwn: own === 1, type, at, xml };
}
