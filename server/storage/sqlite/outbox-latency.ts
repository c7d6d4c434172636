import type { Outbox } from "../ports.ts";
import { LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { FINISHED, STATE_NUMBER } from "./outbox-state.ts";

/** Deliveries looked at in one bucket, the newest: a busy hour is told by a thousand of them as well as by all. */
const sample = 1000;

/** How long deliveries took, from the covering index over finished events alone. */
export function outboxLatencyOn({ db }: Connection): Pick<Sync<Outbox>, "latency"> {
  const delivered = query<{ ms: number }>(
    db,
    `SELECT ms FROM fwd_event INDEXED BY fwd_event_done
      WHERE target = ? AND state = ${STATE_NUMBER.delivered} AND ${FINISHED} AND updated_at >= ? AND updated_at < ?
        AND ms IS NOT NULL ORDER BY updated_at DESC ${LIMIT}`,
  );
  return {
    latency: (target, bandsMs, from, bucketMs, buckets) =>
      Array.from({ length: buckets }, (_, index) => {
        const counts = Array.from({ length: bandsMs.length + 1 }, () => 0);
        const start = from + index * bucketMs;
        for (const { ms } of delivered.all(target, start, start + bucketMs, sample)) {
          const band = bandsMs.findIndex((most) => ms < most);
          counts[band === -1 ? bandsMs.length : band]! += 1;
        }
        return counts;
      }),
  };
}
