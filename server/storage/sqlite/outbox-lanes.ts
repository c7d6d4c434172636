import type { ClaimedLane, Outbox } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { deviceNewsOn } from "./device-news.ts";
import { laneClaimOn } from "./outbox-claim.ts";
import type { Hold, Needless } from "./outbox-holds.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import type { Outcome } from "./outbox-outcome.ts";
import { isWaiting, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";
import { outboxTurnsOn } from "./outbox-turns.ts";

export interface OutboxLanes extends Pick<Sync<Outbox>, "claim" | "offer" | "release" | "reclaim"> {
  settleWritten(outcomes: readonly Outcome[]): number;
}

/** Lanes in the hands of dispatchers: claimed, settled, given back. */
export function outboxLanesOn(connection: Connection): OutboxLanes {
  const { db, holds, offers, news } = connection;
  const urgentLanes = query<{ lane: string }>(
    db,
    `SELECT lane FROM fwd_lane INDEXED BY fwd_lane_urgent WHERE target = ? AND due <= ? AND urgent = 1 ORDER BY due ${LIMIT}`,
  );
  const addAttempt = change(db, "INSERT OR REPLACE INTO fwd_attempt (seq, number, record) VALUES (?, ?, ?)");
  const noteError = change(
    db,
    `INSERT INTO fwd_target (target, last_error) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET last_error = excluded.last_error`,
  );
  const ledger = outboxLedgerOn(connection);
  const rows = laneRowsOn(connection);
  const turns = outboxTurnsOn(connection);
  const claimLane = laneClaimOn(connection);
  const tellDevice = deviceNewsOn(connection);

  const giveBack = (hold: Hold): void => {
    holds.give(hold);
    rows.refresh(hold.target, hold.lane);
  };

  const reclaim = (now: number): number => {
    const ended = holds.endedBefore(now);
    for (const hold of ended) giveBack(hold);
    return ended.length;
  };

  /** What is needless by now is not attempted again, and the lane's next need not wait for when it would have been. */
  const unlessNeedless = (event: EventRecord, outcome: Outcome, why: Needless | undefined): Outcome => {
    if (why === undefined) return outcome;
    if (outcome.state === STATE_NUMBER.delivered) return { ...outcome, error: why.sent };
    if (!isWaiting(outcome.state)) return outcome;
    news.queued.set(event.target, (news.queued.get(event.target) ?? 0) + 1);
    return { ...outcome, state: STATE_NUMBER.cancelled, dueAt: null, error: why.unsent };
  };

  /** false: it was cancelled meanwhile. */
  const settleOne = (event: EventRecord, { state, dueAt, at, error, attempt }: Outcome): boolean => {
    const settled: EventRecord = {
      ...event,
      state,
      attempts: attempt === null || attempt.isFree ? event.attempts : attempt.attempts,
      freeAttempts: event.freeAttempts + (attempt?.isFree === true ? 1 : 0),
      dueAt: dueAt ?? event.dueAt,
      updatedAt: at,
      status: attempt === null ? event.status : attempt.status,
      ms: attempt === null ? event.ms : attempt.ms,
      error: error ?? (attempt === null ? event.error : attempt.error),
      providerId: state === STATE_NUMBER.delivered ? (attempt?.providerId ?? null) : null,
    };
    if (!ledger.move(settled, event.state)) return false;
    if (attempt === null) return true;
    addAttempt(event.seq, attempt.attempts + event.freeAttempts, attempt.record);
    if (attempt.error !== null) noteError(event.target, attempt.error);
    return true;
  };

  return {
    reclaim: (now) => {
      offers.clear();
      return reclaim(now);
    },
    offer: (target, offer) => {
      if (offer === null) offers.delete(target);
      else offers.set(target, offer);
    },
    claim: (target, now, leaseMs, maxLanes, perLane, isUrgent = false) => {
      reclaim(now);
      const claimed: ClaimedLane[] = [];
      const take = (lane: string): void => {
        claimed.push(claimLane(target, lane, now, leaseMs, perLane));
      };
      for (const { lane } of urgentLanes.all(target, now, maxLanes + holds.countOf(target)))
        if (claimed.length < maxLanes && holds.get(target, lane) === undefined) take(lane);
      const left = maxLanes - claimed.length;
      if (!isUrgent && left > 0) for (const lane of turns.due(target, now, left)) take(lane);
      return claimed;
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
        if (settleOne(event, unlessNeedless(event, outcome, hold.needless?.get(event.seq)))) {
          taken++;
          if (outcome.device !== null && event.device !== null) tellDevice(event, outcome.device, outcome.at);
        }
        if (isWaiting(outcome.state) || hold.events.size === 0) ended.add(hold);
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
