import type { ClaimedLane, Outbox, OutboxEvent, Settlement } from "../ports.ts";
import { change, freshToken, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, eventSummary, STATE_NUMBER, WAITING, type EventRecord } from "./outbox-state.ts";

interface Lane {
  readonly target: string;
  readonly lane: string;
}

export interface OutboxLanes extends Pick<Sync<Outbox>, "claim" | "settle" | "release" | "reclaim"> {
  /** Brings a lane up to date with its events: frees it when none of them is being sent, deletes it when none waits. */
  refresh(target: string, lane: string): void;
}

/**
 * A lane row is there exactly while events of the lane wait. Unclaimed, its `due` is that of its head, the waiting event
 * with the smallest seq: a head that waits for its retry holds back the rest. Claimed, only the holder of `claim` may
 * settle its events, until the lease ends.
 */
export function outboxLanesOn(connection: Connection): OutboxLanes {
  const { db } = connection;
  const dueLanes = query<{ lane: string }>(
    db,
    `SELECT lane FROM fwd_lane WHERE target = ? AND claim IS NULL AND due <= ? ORDER BY due ${LIMIT}`,
  );
  const ended = query<Lane>(
    db,
    "SELECT target, lane FROM fwd_lane INDEXED BY fwd_lane_lease WHERE claim IS NOT NULL AND lease_until < ?",
  );
  const claimed = query<Lane & { claim: string }>(
    db,
    "SELECT target, lane, claim FROM fwd_lane INDEXED BY fwd_lane_lease WHERE claim IS NOT NULL",
  );
  const hold = change(db, "UPDATE fwd_lane SET claim = ?, lease_until = ? WHERE target = ? AND lane = ?");
  const free = change(
    db,
    "UPDATE fwd_lane SET claim = NULL, lease_until = NULL, due = ? WHERE target = ? AND lane = ?",
  );
  const close = change(db, "DELETE FROM fwd_lane WHERE target = ? AND lane = ?");
  const heads = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq)
      WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq ${LIMIT}`,
  );
  const head = query<{ dueAt: number; isHeld: number }>(
    db,
    `SELECT due_at AS dueAt, EXISTS (SELECT 1 FROM fwd_event s WHERE s.target = e.target AND s.lane = e.lane
        AND s.${WAITING} AND s.state = ${STATE_NUMBER.sending}) AS isHeld
      FROM fwd_event e WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq LIMIT 1`,
  );
  const inFlight = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e
      WHERE target = ? AND lane = ? AND ${WAITING} AND state = ${STATE_NUMBER.sending} ORDER BY seq`,
  );
  const settling = query<EventRecord & { claim: string | null }>(
    db,
    `SELECT ${EVENT_COLUMNS}, l.claim FROM fwd_event e JOIN fwd_lane l USING (target, lane) WHERE seq = ?`,
  );
  const addAttempt = change(db, "INSERT OR REPLACE INTO fwd_attempt (seq, number, record) VALUES (?, ?, ?)");
  const noteError = change(
    db,
    `INSERT INTO fwd_target (target, last_error) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET last_error = excluded.last_error`,
  );
  const ledger = outboxLedgerOn(connection);

  const refresh = (target: string, lane: string): void => {
    const first = head.get(target, lane);
    if (first === undefined) close(target, lane);
    else if (first.isHeld === 0) free(first.dueAt, target, lane);
  };

  /** Puts what is being sent back to waiting, where it was. */
  const restore = (target: string, lane: string): void => {
    for (const event of inFlight.all(target, lane)) {
      const state = event.attempts > 0 ? STATE_NUMBER.retrying : STATE_NUMBER.queued;
      ledger.move({ ...event, state, updatedAt: connection.now() }, event.state);
    }
    refresh(target, lane);
  };

  const reclaim = (now: number): number => {
    const lanes = ended.all(now);
    for (const { target, lane } of lanes) restore(target, lane);
    return lanes.length;
  };

  const claimLane = (target: string, lane: string, now: number, leaseMs: number, perLane: number): ClaimedLane => {
    const claim = freshToken();
    hold(claim, now + leaseMs, target, lane);
    const events: OutboxEvent[] = [];
    for (const event of heads.all(target, lane, perLane)) {
      if (event.dueAt > now) break;
      const sending: EventRecord = { ...event, state: STATE_NUMBER.sending, updatedAt: now };
      ledger.move(sending, event.state);
      events.push({ ...eventSummary(sending), payload: event.payload });
    }
    return { target, lane, claim, events };
  };

  const settleOne = (event: EventRecord, { attempt, next, at }: Settlement): void => {
    if (attempt !== null) {
      addAttempt(event.seq, attempt.number, JSON.stringify(attempt));
      if (attempt.error !== null) noteError(event.target, attempt.error);
    }
    ledger.move(
      {
        ...event,
        state: STATE_NUMBER[next.state],
        attempts: attempt?.number ?? event.attempts,
        dueAt: "dueAt" in next ? Math.round(next.dueAt) : event.dueAt,
        updatedAt: at,
        status: attempt === null ? event.status : attempt.status,
        ms: attempt === null ? event.ms : attempt.timing.totalMs,
        error: attempt === null ? event.error : attempt.error,
      },
      event.state,
    );
  };

  return {
    refresh,
    reclaim,
    claim: (target, now, leaseMs, maxLanes, perLane) => {
      reclaim(now);
      return dueLanes.all(target, now, maxLanes).map(({ lane }) => claimLane(target, lane, now, leaseMs, perLane));
    },
    settle: (settlements) => {
      let taken = 0;
      const touched = new Map<string, Lane & { isBlocked: boolean }>();
      for (const settlement of settlements) {
        const event = settling.get(settlement.seq);
        if (event === undefined || event.claim !== settlement.claim) continue;
        let lane = touched.get(settlement.claim);
        if (lane === undefined) {
          lane = { target: event.target, lane: event.lane, isBlocked: false };
          touched.set(settlement.claim, lane);
        }
        // Cancelled meanwhile, or behind an event of this call that has to be attempted first.
        if (event.state !== STATE_NUMBER.sending || lane.isBlocked) continue;
        settleOne(event, settlement);
        lane.isBlocked = "dueAt" in settlement.next;
        taken++;
      }
      for (const { target, lane, isBlocked } of touched.values()) {
        if (isBlocked) restore(target, lane);
        else refresh(target, lane);
      }
      return taken;
    },
    release: (claims) => {
      const given = new Set(claims);
      for (const { target, lane, claim } of claimed.all()) if (given.has(claim)) restore(target, lane);
    },
  };
}
