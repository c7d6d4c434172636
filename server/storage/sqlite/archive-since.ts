import type { Archive, KeptMessage } from "../ports.ts";
import { LIMIT, query, type Connection, type Sync } from "./connection.ts";

/** Ids below are those of messages that are older than the table; above, an id is a time. */
const leastTime = 1e12;
const COLUMNS = 'm.id, b.host, b.local, m.peer AS "from", m.type, m.at, m.xml';
const HOSTS = "b.host IN (SELECT value FROM json_each(?))";

/** Messages that came while their owners were away, of whole hosts: of a time, in the order of their ids, or the latest. */
export function archiveSinceOn({ db }: Connection): Pick<Sync<Archive>, "since" | "latest"> {
  const early = query<KeptMessage>(
    db,
    `SELECT ${COLUMNS} FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.id > ? AND m.id < ${leastTime} AND m.was_waiting = 1 AND m.at BETWEEN ? AND ? AND ${HOSTS}
      ORDER BY m.id ${LIMIT}`,
  );
  const late = query<KeptMessage>(
    db,
    `SELECT ${COLUMNS} FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.id > ? AND m.id < ? AND m.was_waiting = 1 AND ${HOSTS} ORDER BY m.id ${LIMIT}`,
  );
  // By ids: of a history in which few were away, it must not look for them through the whole of it.
  const oldest = query<{ id: number | null }>(
    db,
    `SELECT min(id) AS id FROM (SELECT id FROM message WHERE id < ? ORDER BY id DESC ${LIMIT})`,
  );
  const latest = query<KeptMessage>(
    db,
    `SELECT ${COLUMNS} FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.id >= ? AND m.id < ? AND m.was_waiting = 1 AND ${HOSTS} ORDER BY m.id DESC`,
  );

  return {
    since: ({ hosts, since, until }, after, limit) => {
      const names = JSON.stringify(hosts);
      const first = after < leastTime ? early.all(after, since, until, names, limit) : [];
      const rest = limit - first.length;
      if (rest === 0) return first;
      const from = Math.max(after, leastTime, since * 1000 - 1);
      return [...first, ...late.all(from, (until + 1) * 1000, names, rest)];
    },
    latest: (hosts, before, looked) => {
      const next = oldest.get(before, looked)?.id ?? null;
      return { messages: next === null ? [] : latest.all(next, before, JSON.stringify(hosts)), next };
    },
  };
}
