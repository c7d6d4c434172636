import type { SQLInputValue } from "node:sqlite";
import type { Outbox, OutboxFilter } from "../ports.ts";
import { query, statementCache, type Connection } from "./connection.ts";
import { outboxCondition, type OutboxCondition } from "./outbox-filter.ts";
import { STATES } from "./outbox-state.ts";
import { slotMs } from "./outbox-tally.ts";
import type { Informed } from "./outbox.ts";

type Bucket = Record<"delivered" | "retrying" | "held" | "dead" | "queued", number>;

/** What a viewer counts each state as: an attempt under way is not yet anything, an expired event is lost like a dead one. */
const SHOWN_AS: Readonly<Record<(typeof STATES)[number], keyof Bucket | null>> = {
  queued: "queued",
  sending: "queued",
  retrying: "retrying",
  held: "held",
  delivered: "delivered",
  dead: "dead",
  expired: "dead",
  cancelled: null,
};

/** Rows of the event table counted for one histogram at most, newest first, when the tally does not have the answer. */
const maxScan = 200_000;

/**
 * Events by when they were created and where they stand now. The tally answers in slots of `slotMs`, so a bucket's edge
 * is as sharp as that; a user, a search text or what is being sent needs the rows themselves.
 */
export function outboxHistogramOn({ db, holds }: Connection): Informed<Outbox["histogram"]> {
  const statement = statementCache<{ at: number; state: number; n: number }>(db);
  const slots = statementCache<{ slot: number } & Record<(typeof STATES)[number], number>>(db);
  const newest = query<{ seq: number }>(db, "SELECT coalesce(max(seq), 0) AS seq FROM fwd_event");

  const fromRows = (condition: OutboxCondition, from: number, until: number, count: Counter): void => {
    const { where, values, isIndexed } = condition;
    const floor = isIndexed ? 0 : (newest.get()?.seq ?? 0) - maxScan;
    const rows = statement(
      `SELECT e.created_at AS at, e.state, 1 AS n FROM fwd_event e
        WHERE e.seq > ? AND e.created_at >= ? AND e.created_at < ? AND ${where}`,
    ).all(floor, from, until, ...values);
    for (const { at, state, n } of rows) count(at, STATES[state] ?? "queued", n);
  };

  const fromTally = (filter: OutboxFilter, from: number, until: number, count: Counter): void => {
    const terms = ["slot >= ?", "slot < ?"];
    const start = Math.max(from, filter.since ?? from);
    const end = Math.min(until, filter.until ?? until);
    const values: SQLInputValue[] = [Math.floor(start / slotMs), Math.ceil(end / slotMs)];
    if (filter.target !== undefined) {
      terms.push("target = ?");
      values.push(filter.target);
    }
    if (filter.hosts !== undefined) {
      terms.push("host IN (SELECT value FROM json_each(?))");
      values.push(JSON.stringify(filter.hosts));
    }
    const sums = STATES.map((state) => `sum(${state}) AS ${state}`).join(", ");
    const rows = slots(`SELECT slot, ${sums} FROM fwd_slot WHERE ${terms.join(" AND ")} GROUP BY slot`).all(...values);
    for (const row of rows) {
      for (const state of STATES) {
        if (filter.state === undefined || filter.state === state) count(row.slot * slotMs, state, row[state]);
      }
    }
  };

  return (filter, from, bucketMs, buckets, sending = holds.sending()) => {
    const result = Array.from({ length: buckets }, (): Bucket => ({
      delivered: 0,
      retrying: 0,
      held: 0,
      dead: 0,
      queued: 0,
    }));
    const count: Counter = (at, state, n) => {
      const shown = SHOWN_AS[state];
      // A slot that begins just before the first bucket belongs to it.
      const bucket = result[Math.max(0, Math.floor((at - from) / bucketMs))];
      if (shown !== null && bucket !== undefined) bucket[shown] += n;
    };
    const until = from + bucketMs * buckets;
    const needsRows =
      filter.user !== undefined ||
      filter.device !== undefined ||
      filter.class !== undefined ||
      filter.reason !== undefined ||
      filter.state === "sending" ||
      (filter.not?.length ?? 0) > 0 ||
      (filter.search ?? "") !== "";
    if (needsRows) fromRows(outboxCondition(filter, sending), from, until, count);
    else fromTally(filter, from, until, count);
    return result;
  };
}

type Counter = (at: number, state: (typeof STATES)[number], n: number) => void;
