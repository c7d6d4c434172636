import { query, type Connection } from "./connection.ts";

/** How many messages wait, and since when the one that waits longest does. */
export function offlineTotalsOn({ db }: Connection) {
  const total = query<{ messages: number }>(db, "SELECT coalesce(sum(messages), 0) AS messages FROM offline_queue");
  const oldest = query<{ at: number }>(
    db,
    `SELECT m.at FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.waiting IS NOT NULL ORDER BY m.waiting LIMIT 1`,
  );
  const totalOfHost = query<{ messages: number; oldestAt: number | null }>(
    db,
    `SELECT coalesce(sum(q.messages), 0) AS messages, min((SELECT m.at FROM message m
        WHERE m.mailbox = b.id AND m.waiting IS NOT NULL ORDER BY m.waiting LIMIT 1)) AS oldestAt
      FROM offline_queue q JOIN mailbox b ON b.local = q.local AND b.host = q.host WHERE q.host = ?`,
  );

  return (host?: string): { messages: number; oldestAt: number | null } => {
    if (host === undefined) return { messages: total.get()?.messages ?? 0, oldestAt: oldest.get()?.at ?? null };
    const sums = totalOfHost.get(host);
    return { messages: sums?.messages ?? 0, oldestAt: sums?.oldestAt ?? null };
  };
}
