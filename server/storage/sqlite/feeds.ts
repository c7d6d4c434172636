import type { AdminStore, AuditRow, FeedName, FeedRow } from "../ports.ts";
import { AUDIT_COLUMNS } from "./audit.ts";
import { LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { feedRetentionOn } from "./feed-retention.ts";
import { eventSummary, LOGGED_COLUMNS, type EventRecord } from "./outbox-state.ts";
import { DECISION_COLUMNS, registrationDecision, type DecisionRecord } from "./registrations.ts";

const TABLES: Readonly<Record<FeedName, string>> = {
  forward: "fwd_log",
  registration: "registration_decision",
  audit: "audit",
};

/** Of the feeds only the forward log is pruned here: registration decisions have their own retention, audit rows are kept. */
export function feedsOn(connection: Connection): Pick<Sync<AdminStore>, "feed" | "feedRange" | "pruneFeeds"> {
  const { db } = connection;
  const forward = query<EventRecord & { id: string; logId: number }>(
    db,
    `SELECT l.id AS logId, ${LOGGED_COLUMNS} FROM fwd_log l JOIN fwd_event e USING (seq)
      WHERE l.id > ? ORDER BY l.id ${LIMIT}`,
  );
  const decisions = query<DecisionRecord>(
    db,
    `SELECT ${DECISION_COLUMNS} FROM registration_decision WHERE id > ? ORDER BY id ${LIMIT}`,
  );
  const entries = query<AuditRow>(db, `SELECT ${AUDIT_COLUMNS} FROM audit WHERE id > ? ORDER BY id ${LIMIT}`);
  const ranges = new Map(
    Object.entries(TABLES).map(([name, table]) => [
      name,
      // An emptied table still knows its last id; the oldest row kept is then the one to come.
      query<{ oldest: number; head: number }>(
        db,
        `SELECT head, coalesce((SELECT min(id) FROM ${table}), head + 1) AS oldest FROM
          (SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = '${table}'), 0) AS head)`,
      ),
    ]),
  );
  const retention = feedRetentionOn(connection);

  const readers: Readonly<Record<FeedName, (after: number, limit: number) => FeedRow[]>> = {
    forward: (after, limit) =>
      forward.all(after, limit).map((row) => ({ feed: "forward", id: row.logId, event: eventSummary(row) })),
    registration: (after, limit) =>
      decisions
        .all(after, limit)
        .map((row) => ({ feed: "registration", id: row.id, decision: registrationDecision(row) })),
    audit: (after, limit) => entries.all(after, limit).map((entry) => ({ feed: "audit", id: entry.id, entry })),
  };

  return {
    feed: (name, after, limit) => readers[name](after, limit),
    feedRange: (name) => ranges.get(name)?.get() ?? { oldest: 1, head: 0 },
    pruneFeeds: (before, limit) => retention.prune(before, limit),
  };
}
