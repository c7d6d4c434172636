import type { Outbox } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { attemptOf } from "./outbox-attempt.ts";
import { type OutboxCancellation, outboxCancellationOn } from "./outbox-cancellation.ts";
import { outboxFacetsOn } from "./outbox-facets.ts";
import { outboxHistogramOn } from "./outbox-histogram.ts";
import { outboxIntakeOn } from "./outbox-intake.ts";
import { outboxLanesOn, type OutboxLanes } from "./outbox-lanes.ts";
import { outboxLatencyOn } from "./outbox-latency.ts";
import { outboxListOn } from "./outbox-list.ts";
import { outboxMessageOn } from "./outbox-message.ts";
import { outboxNeighboursOn } from "./outbox-neighbours.ts";
import { outboxReplayOn } from "./outbox-replay.ts";
import { outboxRetentionOn } from "./outbox-retention.ts";
import { EVENT_COLUMNS, eventSummary, type EventRecord } from "./outbox-state.ts";
import { outboxStatsOn } from "./outbox-stats.ts";

/** A method that is told which events are being sent, by seq, where the lanes are held on another connection. */
export type Informed<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (...args: [...Args, sending?: readonly number[]]) => Result
  : never;

export interface SyncOutbox
  extends
    Sync<Omit<Outbox, "endTarget" | "settle" | "find" | "list" | "neighbours" | "histogram" | "facets" | "about">>,
    Pick<OutboxLanes, "settleWritten"> {
  readonly find: Informed<Outbox["find"]>;
  readonly list: Informed<Outbox["list"]>;
  readonly neighbours: Informed<Outbox["neighbours"]>;
  readonly histogram: Informed<Outbox["histogram"]>;
  readonly facets: Informed<Outbox["facets"]>;
  readonly about: Informed<Outbox["about"]>;
  /** Events that are being sent, by seq. */
  readonly sending: () => readonly number[];
  /** Ends at most `limit` events; the driver repeats it until none is left. */
  readonly endSome: OutboxCancellation["someOfTarget"];
}

export function outboxOn(connection: Connection): SyncOutbox {
  const { db, holds } = connection;
  const byId = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq) WHERE id = ?`,
  );
  const attemptsOf = query<{ number: number; record: string }>(
    db,
    "SELECT number, record FROM fwd_attempt WHERE seq = ? ORDER BY number",
  );
  const noteGone = change(
    db,
    "INSERT INTO fwd_target (target, gone_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET gone_at = excluded.gone_at",
  );
  const gone = query<{ target: string; since: number }>(
    db,
    "SELECT target, gone_at AS since FROM fwd_target WHERE gone_at IS NOT NULL",
  );
  const cancellation = outboxCancellationOn(connection);
  const intake = outboxIntakeOn(connection);

  return {
    ...outboxLanesOn(connection),
    sending: () => holds.sending(),
    ...outboxStatsOn(connection),
    ...outboxLatencyOn(connection),
    ...outboxReplayOn(connection),
    ...outboxMessageOn(connection),
    find: (id, sending = holds.sending()) => {
      const event = byId.get(id);
      if (event === undefined) return null;
      const attemptList = attemptsOf.all(event.seq).map(attemptOf);
      return { ...eventSummary(event, sending.includes(event.seq)), payload: event.payload, attemptList };
    },
    list: outboxListOn(connection),
    neighbours: outboxNeighboursOn(connection),
    histogram: outboxHistogramOn(connection),
    facets: outboxFacetsOn(connection),
    setGone: (target, since) => {
      noteGone(target, since);
    },
    gone: () => new Map(gone.all().map(({ target, since }) => [target, since])),
    cancel: cancellation.one,
    endSome: cancellation.someOfTarget,
    cancelFor: cancellation.forUser,
    cancellable: cancellation.cancellable,
    add: (events) => events.reduce((sum, event) => sum + intake(event, event.message ?? null), 0),
    prune: outboxRetentionOn(connection),
  };
}
