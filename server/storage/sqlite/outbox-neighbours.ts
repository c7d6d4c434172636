import type { Outbox } from "../ports.ts";
import { query, statementCache, type Connection } from "./connection.ts";
import { outboxCondition } from "./outbox-filter.ts";
import type { Informed } from "./outbox.ts";

/** So many events are looked through to each side: about 100 ms. */
const maxScan = 50_000;

/** What comes before and after an event in the forward log, whether or not it is one of the filter's itself. */
export function outboxNeighboursOn({ db, holds }: Connection): Informed<Outbox["neighbours"]> {
  const placeOf = query<{ seq: number }>(db, "SELECT seq FROM fwd_event WHERE id = ?");
  const statement = statementCache<{ id: string }>(db);

  return (id, filter, sending = holds.sending()) => {
    const place = placeOf.get(id)?.seq;
    if (place === undefined) return { newer: null, older: null };
    const { where, values } = outboxCondition(filter, sending);
    const nearest = (first: number, last: number, order: "ASC" | "DESC"): string | null =>
      statement(
        `SELECT e.id FROM fwd_event e WHERE e.seq BETWEEN ? AND ? AND ${where} ORDER BY e.seq ${order} LIMIT 1`,
      ).all(first, last, ...values)[0]?.id ?? null;
    return {
      newer: nearest(place + 1, place + maxScan, "ASC"),
      older: nearest(place - maxScan, place - 1, "DESC"),
    };
  };
}
