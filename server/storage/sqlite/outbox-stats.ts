import type { Outbox } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";
import { OVERFLOW } from "./outbox-overflow.ts";
import { FINISHED, STATE_NUMBER } from "./outbox-state.ts";
import { outboxTurnsOn } from "./outbox-turns.ts";

const dayMs = 86_400_000;
/** The 95th percentile is taken over the latest deliveries, so that it tells how a target is now. */
const p95Sample = 1000;
const BACKLOG = "queued + retrying + held + sending";

/** Backlog and health of each target, from the tally, the lanes and one covering index over finished events. */
export function outboxStatsOn(connection: Connection): Pick<Sync<Outbox>, "due" | "stats"> {
  const { db, holds } = connection;
  const targets = query<{ target: string; backlog: number; dead: number; lastError: string | null }>(
    db,
    `SELECT target, ${BACKLOG} AS backlog, dead, last_error AS lastError FROM fwd_target ORDER BY target`,
  );
  const turns = outboxTurnsOn(connection);
  const since = query<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM fwd_event WHERE target = ? AND state = ? AND ${FINISHED} AND updated_at >= ?`,
  );
  const overflown = query<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM fwd_event INDEXED BY fwd_event_overflow
      WHERE target = ? AND state = ${STATE_NUMBER.dead} AND error = '${OVERFLOW}' AND updated_at >= ?`,
  );
  const delivered = query<{ updatedAt: number; ms: number | null }>(
    db,
    `SELECT updated_at AS updatedAt, ms FROM fwd_event INDEXED BY fwd_event_done
      WHERE target = ? AND state = ${STATE_NUMBER.delivered} AND ${FINISHED} ORDER BY updated_at DESC LIMIT ${p95Sample}`,
  );

  return {
    due: () =>
      targets
        .all()
        .filter(({ backlog }) => backlog > 0)
        .map(({ target, backlog }) => {
          const held = holds.ofTarget(target);
          // A lane whose holder died comes back when its lease ends.
          const dueAt = Math.min(turns.firstFreeAt(target), ...held.map(({ leaseUntil }) => leaseUntil));
          return { target, dueAt, backlog };
        }),
    stats: (now) =>
      targets.all().map(({ target, backlog, dead, lastError }) => {
        const latest = delivered.all(target);
        const times = latest.flatMap(({ ms }) => (ms === null ? [] : [ms])).toSorted((a, b) => a - b);
        const dayAgo = now - dayMs;
        const firstDueAt = turns.firstDueAt(target);
        return {
          target,
          backlog,
          oldestDueAt: Number.isFinite(firstDueAt) ? firstDueAt : null,
          delivered24h: since.get(target, STATE_NUMBER.delivered, dayAgo)?.n ?? 0,
          failed24h:
            (since.get(target, STATE_NUMBER.dead, dayAgo)?.n ?? 0) +
            (since.get(target, STATE_NUMBER.expired, dayAgo)?.n ?? 0),
          overflow24h: overflown.get(target, dayAgo)?.n ?? 0,
          dead,
          lastDeliveredAt: latest[0]?.updatedAt ?? null,
          lastError,
          p95Ms: times[Math.ceil(times.length * 0.95) - 1] ?? null,
        };
      }),
  };
}
