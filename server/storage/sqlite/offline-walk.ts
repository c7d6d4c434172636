import type { SQLInputValue } from "node:sqlite";
import type { OfflineFilter, OfflineStep, OfflineStore } from "../ports.ts";
import { change, LIMIT, statementCache, type Connection, type Sync } from "./connection.ts";
import { offlineLeaveOn, type Leaving } from "./offline-leave.ts";

interface Found extends Leaving {
  readonly waiting: number;
  readonly host: string;
  readonly local: string;
}

/** Walks through messages that wait, a bounded number of rows at a time, whether they match or not. */
export function offlineWalkOn(connection: Connection): Pick<Sync<OfflineStore>, "matching" | "discard" | "extend"> {
  const { db, mailboxes } = connection;
  const counts = statementCache<{ seen: number; last: number; messages: number; bytes: number }>(db);
  const found = statementCache<Found & { hit: number }>(db);
  const leave = offlineLeaveOn(connection);
  const keep = change(
    db,
    "UPDATE message SET expires_at = ?1 WHERE id = ?2 AND expires_at IS NOT NULL AND (?1 IS NULL OR expires_at < ?1)",
  );

  /** The rows of a step, with `hit`: it matches. */
  const step = (filter: OfflineFilter, after: number, limit: number): { sql: string; values: SQLInputValue[] } => {
    const { user } = filter;
    const { where, values } = conditionOf(filter);
    const mailbox = user === undefined ? [] : [mailboxes.find(user.host, user.local) ?? -1];
    const sql = `SELECT m.id, m.waiting, m.bytes, b.host, b.local, ${where} AS hit FROM message m
      JOIN mailbox b ON b.id = m.mailbox
      WHERE ${user === undefined ? "" : "m.mailbox = ? AND"} m.waiting > ? ORDER BY m.waiting ${LIMIT}`;
    return { sql, values: [...values, ...mailbox, after, limit] };
  };

  return {
    matching: (filter, after, limit) => {
      const { sql, values } = step(filter, after, limit);
      const [row] = counts(
        `SELECT count(*) AS seen, max(waiting) AS last, coalesce(sum(hit), 0) AS messages,
          coalesce(sum(iif(hit, bytes, 0)), 0) AS bytes FROM (${sql})`,
      ).all(...values);
      const { seen = 0, last = 0, messages = 0, bytes = 0 } = row ?? {};
      return { messages, bytes, upTo: seen < limit ? null : last };
    },
    discard: (filter, after, limit) => {
      const { sql, values } = step(filter, after, limit);
      const rows = found(sql).all(...values);
      const hits = rows.filter(isHit);
      for (const [, own] of Map.groupBy(hits, ({ host, local }) => `${local}@${host}`)) {
        leave(own[0]!.host, own[0]!.local, own);
      }
      return told(hits, rows, limit);
    },
    extend: (filter, until, after, limit) => {
      const { sql, values } = step(filter, after, limit);
      const rows = found(sql).all(...values);
      const hits = rows.filter((row) => isHit(row) && keep(until, row.id) > 0);
      return told(hits, rows, limit);
    },
  };
}

const isHit = ({ hit }: { readonly hit: number }): boolean => hit === 1;

function told(hits: readonly Found[], rows: readonly Found[], limit: number): OfflineStep {
  return {
    messages: hits.length,
    bytes: hits.reduce((sum, { bytes }) => sum + bytes, 0),
    upTo: rows.length < limit ? null : rows.at(-1)!.waiting,
  };
}

function conditionOf({ hosts, ids, from, before }: OfflineFilter): { where: string; values: SQLInputValue[] } {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (term: string, ...termValues: SQLInputValue[]): void => {
    terms.push(term);
    values.push(...termValues);
  };
  if (hosts !== undefined) add("b.host IN (SELECT value FROM json_each(?))", JSON.stringify(hosts));
  if (ids !== undefined) add("m.waiting IN (SELECT value FROM json_each(?))", JSON.stringify(ids));
  if (from !== undefined) add("(m.peer = ? OR substr(m.peer, 1, length(?) + 1) = ? || '/')", from, from, from);
  if (before !== undefined) add("m.at < ?", before);
  return { where: terms.length === 0 ? "TRUE" : `(${terms.join(" AND ")})`, values };
}
