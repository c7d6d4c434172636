import type { ClaimedLane, Outbox, OutboxEvent } from "../ports.ts";
import { change, freshToken, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import type { Hold } from "./outbox-holds.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import type { Outcome } from "./outbox-outcome.ts";
import { EVENT_COLUMNS, eventSummary, STATE_NUMBER, WAITING, type EventRecord } from "./outbox-state.ts";

export interface OutboxLanes extends Pick<Sync<Outbox>, "claim" | "release" | "reclaim"> {
  settleWritten(outcomes: readonly Outcome[]): number;
  /** Brings a lane up to date with its events: deletes it when none waits, else it is due when its head is. */
  refresh(target: string, lane: string): void;
}

/**
 * A lane row is there exactly while events of the lane wait. Its `due` is that of its head, the waiting event with the
 * smallest seq: a head that waits for its retry holds back the rest. Who holds a lane just now is not in the database
 * (`outbox-holds.ts`), and neither is that an event is being sent.
 */
export function outboxLanesOn(connection: Connection): OutboxLanes {
  const { db, holds } = connection;
  const dueLanes = query<{ lane: string }>(
    db,
    `SELECT lane FROM fwd_lane WHERE target = ? AND due <= ? ORDER BY due ${LIMIT}`,
  );
  const schedule = change(db, "UPDATE fwd_lane SET due = ? WHERE target = ? AND lane = ?");
  const close = change(db, "DELETE FROM fwd_lane WHERE target = ? AND lane = ?");
  const heads = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq)
      WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq ${LIMIT}`,
  );
  const head = query<{ dueAt: number }>(
    db,
    `SELECT due_at AS dueAt FROM fwd_event WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq LIMIT 1`,
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
    const hold = holds.get(target, lane);
    if (first !== undefined) {
      if (hold === undefined) schedule(first.dueAt, target, lane);
      return;
    }
    close(target, lane);
    if (hold !== undefined) holds.give(hold);
  };

  const giveBack = (hold: Hold): void => {
    holds.give(hold);
    refresh(hold.target, hold.lane);
  };

  const reclaim = (now: number): number => {
    const ended = holds.endedBefore(now);
    for (const hold of ended) giveBack(hold);
    return ended.length;
  };

  const claimLane = (target: string, lane: string, now: number, leaseMs: number, perLane: number): ClaimedLane => {
    const hold: Hold = { target, lane, claim: freshToken(), leaseUntil: now + leaseMs, events: new Map() };
    const events: OutboxEvent[] = [];
    for (const { payload, ...event } of heads.all(target, lane, perLane)) {
      if (event.dueAt > now) break;
      hold.events.set(event.seq, event);
      events.push({ ...eventSummary(event, true), payload });
    }
    holds.take(hold);
    return { target, lane, claim: hold.claim, events };
  };

  /** false: it was cancelled meanwhile. */
  const settleOne = (event: EventRecord, { state, dueAt, at, attempt }: Outcome): boolean => {
    const { attempts, status, ms, error } = attempt ?? event;
    const settled = { ...event, state, attempts, dueAt: dueAt ?? event.dueAt, updatedAt: at, status, ms, error };
    if (!ledger.move(settled, event.state)) return false;
    if (attempt === null) return true;
    addAttempt(event.seq, attempt.attempts, attempt.record);
    if (attempt.error !== null) noteError(event.target, attempt.error);
    return true;
  };

  return {
    refresh,
    reclaim,
    claim: (target, now, leaseMs, maxLanes, perLane) => {
      reclaim(now);
      // Lanes that are held are due, too: so many more have to be looked at.
      const lanes = dueLanes.all(target, now, maxLanes + holds.ofTarget(target).length);
      return lanes
        .filter(({ lane }) => holds.get(target, lane) === undefined)
        .slice(0, maxLanes)
        .map(({ lane }) => claimLane(target, lane, now, leaseMs, perLane));
    },
    settleWritten: (outcomes) => {
      let taken = 0;
      // Held and done with: an event of it has to be attempted again first, or none is left.
      const ended = new Set<Hold>();
      for (const outcome of outcomes) {
        const hold = holds.withClaim(outcome.claim);
        const event = hold?.events.get(outcome.seq);
        if (hold === undefined || event === undefined || ended.has(hold)) continue;
        holds.settle(hold, event);
        if (settleOne(event, outcome)) taken++;
        if (outcome.state < STATE_NUMBER.delivered || hold.events.size === 0) ended.add(hold);
      }
      for (const hold of ended) giveBack(hold);
      return taken;
    },
    release: (claims) => {
      for (const claim of claims) {
        const hold = holds.withClaim(claim);
        if (hold !== undefined) giveBack(hold);
      }
    },
  };
}
