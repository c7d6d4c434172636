import type { Outbox, OutboxFacets } from "../ports.ts";
import { query, statementCache, type Connection } from "./connection.ts";
import { outboxCondition } from "./outbox-filter.ts";
import { STATES } from "./outbox-state.ts";
import type { Informed } from "./outbox.ts";

/** Rows looked at where no index leads to the matches, newest first. */
const maxScan = 100_000;
/** Values told of each facet. */
const maxValues = 30;

/** What the events that a filter matches have in common, counted in one pass. */
export function outboxFacetsOn({ db, holds }: Connection): Informed<Outbox["facets"]> {
  const statement = statementCache<{ target: string; class: string; state: number; error: string | null; n: number }>(
    db,
  );
  const newest = query<{ seq: number }>(db, "SELECT coalesce(max(seq), 0) AS seq FROM fwd_event");
  const oldest = query<{ seq: number }>(db, "SELECT coalesce(min(seq), 0) AS seq FROM fwd_event");

  return (filter, sending = holds.sending()) => {
    const { where, values, isIndexed } = outboxCondition(filter, sending);
    const floor = isIndexed ? 0 : (newest.get()?.seq ?? 0) - maxScan;
    const rows = statement(
      `SELECT e.target, e.class, e.state, e.error, count(*) AS n FROM fwd_event e
        WHERE e.seq > ? AND ${where} GROUP BY 1, 2, 3, 4`,
    ).all(floor, ...values);
    const counts = { targets: new Map(), classes: new Map(), states: new Map(), reasons: new Map() } satisfies Record<
      string,
      Map<string, number>
    >;
    for (const { target, class: kind, state, error, n } of rows) {
      count(counts.targets, target, n);
      count(counts.classes, kind, n);
      count(counts.states, STATES[state] ?? "queued", n);
      if (error !== null) count(counts.reasons, error, n);
    }
    return {
      targets: ranked(counts.targets),
      classes: ranked(counts.classes),
      states: ranked(counts.states),
      reasons: ranked(counts.reasons),
      isComplete: floor < (oldest.get()?.seq ?? 0),
    };
  };
}

function count(counts: Map<string, number>, value: string, n: number): void {
  counts.set(value, (counts.get(value) ?? 0) + n);
}

function ranked(counts: ReadonlyMap<string, number>): OutboxFacets["targets"] {
  return [...counts]
    .map(([value, n]) => ({ value, count: n }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, maxValues);
}
