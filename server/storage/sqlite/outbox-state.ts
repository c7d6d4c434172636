import type { OutboxState, OutboxSummary } from "../ports.ts";

/**
 * The numbers that stand for the states in the store. Below 4 an event still waits; the partial indices say so too. Nothing
 * is stored as `sending`: an event that waits is being sent while somebody holds it (`outbox-holds.ts`).
 */
export const STATES = [
  "queued",
  "retrying",
  "held",
  "sending",
  "delivered",
  "dead",
  "expired",
  "cancelled",
] as const satisfies readonly OutboxState[];

export const STATE_NUMBER: Readonly<Record<OutboxState, number>> = {
  queued: 0,
  retrying: 1,
  held: 2,
  sending: 3,
  delivered: 4,
  dead: 5,
  expired: 6,
  cancelled: 7,
};
export const NO_STATE = -1;

export const WAITING = "state < 4";
export const FINISHED = "state >= 4";
/** Dead or expired: what can be brought back. */
export const FAILED = "state IN (5, 6)";

export function isWaiting(state: number): boolean {
  return state >= 0 && state < STATE_NUMBER.delivered;
}

/** A row of `fwd_event` without what never leaves the store. */
export interface EventRecord extends Omit<OutboxSummary, "state"> {
  readonly state: number;
  /** Attempts in the log that do not count as attempts. */
  readonly freeAttempts: number;
}

const STATIC_COLUMNS = `e.seq, e.id, e.target, e.rule, e.lane, e.host, e.user, e.sender AS "from", e.type,
  e.content_type AS contentType, e.bytes, e.created_at AS createdAt, e.expires_at AS expiresAt,
  e.max_attempts AS maxAttempts, e.replayed_after AS replayedAfter, e.class, e.cancel_on AS cancelOn, e.device,
  e.free_attempts AS freeAttempts`;

/** Columns of an EventRecord from `fwd_event e`. */
export const EVENT_COLUMNS = `${STATIC_COLUMNS}, e.state, e.attempts, e.due_at AS dueAt,
  e.updated_at AS updatedAt, e.status, e.ms, e.error, e.provider_id AS providerId, e.acked_at AS ackedAt`;

/** The same as it was at one moment, from `fwd_log l JOIN fwd_event e`. */
export const LOGGED_COLUMNS = `${STATIC_COLUMNS}, l.state, l.attempts, l.due_at AS dueAt,
  l.at AS updatedAt, l.status, l.ms, l.error, iif(l.state = ${STATE_NUMBER.delivered}, e.provider_id, NULL) AS providerId,
  l.acked_at AS ackedAt`;

export function eventSummary(record: EventRecord, isSending = false): OutboxSummary {
  return {
    seq: record.seq,
    id: record.id,
    target: record.target,
    rule: record.rule,
    lane: record.lane,
    host: record.host,
    user: record.user,
    from: record.from,
    type: record.type,
    contentType: record.contentType,
    bytes: record.bytes,
    createdAt: record.createdAt,
    dueAt: record.dueAt,
    expiresAt: record.expiresAt,
    maxAttempts: record.maxAttempts,
    replayedAfter: record.replayedAfter,
    state: isSending ? "sending" : (STATES[record.state] ?? "queued"),
    attempts: record.attempts,
    updatedAt: record.updatedAt,
    status: record.status,
    ms: record.ms,
    error: record.error,
    class: record.class,
    cancelOn: record.cancelOn,
    device: record.device,
    providerId: record.providerId,
    ackedAt: record.ackedAt,
  };
}
