import type { ClaimedLane, OutboxEvent } from "../ports.ts";
import { freshToken, LIMIT, query, type Connection } from "./connection.ts";
import { deviceByIdOn } from "./device-row.ts";
import type { Hold } from "./outbox-holds.ts";
import { EVENT_COLUMNS, eventSummary, WAITING, type EventRecord } from "./outbox-state.ts";

/** Claims a lane that nobody holds, with its first events that are due. */
export type LaneClaim = (target: string, lane: string, now: number, leaseMs: number, perLane: number) => ClaimedLane;

export function laneClaimOn(connection: Connection): LaneClaim {
  const { db, holds } = connection;
  const heads = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq)
      WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq ${LIMIT}`,
  );
  const findDevice = deviceByIdOn(connection);

  return (target, lane, now, leaseMs, perLane) => {
    const leaseUntil = now + leaseMs;
    const hold: Hold = { target, lane, claim: freshToken(), leaseUntil, events: new Map() };
    const events: OutboxEvent[] = [];
    for (const event of heads.all(target, lane, perLane)) {
      if (event.dueAt > now) break;
      const { seq, state, freeAttempts, payload } = event;
      const summary = eventSummary(event, true);
      // Rows are slow to copy, as each outcome does.
      hold.events.set(seq, { ...summary, state, freeAttempts });
      events.push({ ...summary, payload });
    }
    holds.take(hold);
    const device = events[0]?.device ?? null;
    const found = device === null ? null : findDevice(device);
    return { target, lane, claim: hold.claim, leaseUntil, events, device: found };
  };
}
