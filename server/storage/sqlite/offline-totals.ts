import { query, type Connection } from "./connection.ts";

interface Sums {
  readonly accounts: number;
  readonly messages: number;
  readonly bytes: number;
}
interface Totals extends Sums {
  readonly oldestAt: number | null;
}

const SUMS = "count(*) AS accounts, coalesce(sum(messages), 0) AS messages, coalesce(sum(bytes), 0) AS bytes";

/** How many messages wait, and since when the one that waits longest does. */
export function offlineTotalsOn({ db }: Connection) {
  const total = query<Sums>(db, `SELECT ${SUMS} FROM offline_queue`);
  const oldest = query<{ at: number }>(
    db,
    `SELECT m.at FROM message m JOIN mailbox b ON b.id = m.mailbox
      WHERE m.waiting IS NOT NULL ORDER BY m.waiting LIMIT 1`,
  );
  const totalOfHost = query<Totals>(
    db,
    `SELECT ${SUMS}, min((SELECT m.at FROM message m
        WHERE m.mailbox = b.id AND m.waiting IS NOT NULL ORDER BY m.waiting LIMIT 1)) AS oldestAt
      FROM offline_queue q JOIN mailbox b ON b.local = q.local AND b.host = q.host WHERE q.host = ?`,
  );

  // A sum without GROUP BY always has its row.
  return (host?: string): Totals =>
    host === undefined ? { ...total.get()!, oldestAt: oldest.get()?.at ?? null } : totalOfHost.get(host)!;
}
