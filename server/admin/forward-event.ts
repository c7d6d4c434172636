import type { ForwardAttempt, ForwardEvent } from "../../lib/contracts/forward-event.ts";
import type { ForwardFilter } from "../../lib/contracts/forward-filter.ts";
import { negated } from "../../lib/contracts/negation.ts";
import type { Replay as ReplayJob } from "../../lib/contracts/replays.ts";
import { timeOfEventId } from "../forward/event-id.ts";
import type { Replay } from "../forward/jobs/replays.ts";
import { keepDeadMs, keepDoneMs } from "../forward/retention.ts";
import type { AttemptRecord, OutboxFilter, OutboxSummary } from "../storage/ports.ts";
import { type AdminError, refused } from "./errors.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

const dayMs = 86_400_000;

/** Why an event is not found: it never was, or it is as old as those that were deleted. */
export function eventMissing(id: string, now: number): AdminError {
  const at = timeOfEventId(id);
  if (at === null || at >= now - keepDoneMs) return refused("not-found", "event-missing", { id });
  const day = timestamp(at).slice(0, 10);
  return refused("not-found", "event-deleted", { id, day, done: keepDoneMs / dayMs, dead: keepDeadMs / dayMs });
}

export function forwardEvent(row: OutboxSummary): ForwardEvent {
  const isWaiting = row.state === "queued" || row.state === "retrying" || row.state === "held";
  return {
    id: row.id,
    seq: row.seq,
    target: row.target,
    rule: row.rule,
    host: row.host,
    user: row.user,
    from: row.from,
    type: row.type,
    class: row.class,
    device: row.device,
    state: row.state,
    attempts: row.attempts,
    maxAttempts: row.maxAttempts + (row.replayedAfter ?? 0),
    createdAt: timestamp(row.createdAt),
    updatedAt: timestamp(row.updatedAt),
    nextAttemptAt: isWaiting ? timestamp(row.dueAt) : null,
    expiresAt: timestamp(row.expiresAt),
    status: row.status,
    ms: row.ms,
    error: row.error,
    bytes: row.bytes,
    providerId: row.providerId,
    ackedAt: timestampOrNull(row.ackedAt),
  };
}

/** `isOpen`: the answer's body is told. A server may repeat in it what it got. */
export function forwardAttempt(record: AttemptRecord, isOpen = true): ForwardAttempt {
  const pairs = (headers: AttemptRecord["request"]["headers"]): [string, string][] =>
    headers.map(([name, value]) => [name, value]);
  return {
    ...record,
    startedAt: timestamp(record.startedAt),
    timing: { ...record.timing },
    request: { ...record.request, headers: pairs(record.request.headers) },
    response: record.response && {
      ...record.response,
      headers: pairs(record.response.headers),
      body: isOpen ? record.response.body : null,
    },
  };
}

export function replayJob(replay: Replay): ReplayJob {
  return { ...replay, startedAt: timestamp(replay.startedAt), finishedAt: timestampOrNull(replay.finishedAt) };
}

const forwardTerms = ["target", "device", "user", "state", "class", "reason"] as const;

/** The filter of the contract as the store takes it. `hosts`: those that the caller is held to, or the one asked for. */
export function outboxFilter(filter: Partial<ForwardFilter>, hosts: readonly string[] | undefined): OutboxFilter {
  const { target, device, user, state, class: kind, reason, search, since, until } = filter;
  const turned = negated(filter);
  return {
    hosts,
    target,
    device,
    user,
    state,
    class: kind,
    reason,
    search,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
    not: forwardTerms.filter((name) => turned.has(name)),
  };
}
