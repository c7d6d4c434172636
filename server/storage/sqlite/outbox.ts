import type { AttemptRecord, Outbox } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";
import { outboxHistogramOn } from "./outbox-histogram.ts";
import { outboxLanesOn } from "./outbox-lanes.ts";
import { outboxListOn } from "./outbox-list.ts";
import { outboxReplayOn } from "./outbox-replay.ts";
import { outboxRetentionOn } from "./outbox-retention.ts";
import { EVENT_COLUMNS, eventSummary, type EventRecord } from "./outbox-state.ts";
import { outboxStatsOn } from "./outbox-stats.ts";

export type SyncOutbox = Sync<Omit<Outbox, "cancelTarget">> & {
  /** Cancels at most `limit` events; the driver repeats it until none is left. */
  readonly cancelSome: (target: string, now: number, limit: number) => number;
};

export function outboxOn(connection: Connection): SyncOutbox {
  const { db } = connection;
  const byId = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq) WHERE id = ?`,
  );
  const attemptsOf = query<{ record: string }>(db, "SELECT record FROM fwd_attempt WHERE seq = ? ORDER BY number");
  const lanes = outboxLanesOn(connection);
  const { claim, settle, release, reclaim } = lanes;
  const cancellation = outboxCancellationOn(connection);

  return {
    claim,
    settle,
    release,
    reclaim,
    ...outboxStatsOn(connection),
    ...outboxReplayOn(connection, lanes),
    find: (id) => {
      const event = byId.get(id);
      if (event === undefined) return null;
      const attemptList = attemptsOf.all(event.seq).map(({ record }) => JSON.parse(record) as AttemptRecord);
      return { ...eventSummary(event), payload: event.payload, attemptList };
    },
    list: outboxListOn(connection),
    histogram: outboxHistogramOn(connection),
    cancel: cancellation.one,
    cancelSome: cancellation.someOfTarget,
    prune: outboxRetentionOn(connection),
  };
}
