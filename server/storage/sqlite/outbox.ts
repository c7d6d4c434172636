import type { AttemptRecord, Outbox } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";
import { outboxHistogramOn } from "./outbox-histogram.ts";
import { outboxLanesOn, type OutboxLanes } from "./outbox-lanes.ts";
import { outboxListOn } from "./outbox-list.ts";
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
    Sync<Omit<Outbox, "cancelTarget" | "settle" | "find" | "list" | "histogram">>,
    Pick<OutboxLanes, "settleWritten"> {
  readonly find: Informed<Outbox["find"]>;
  readonly list: Informed<Outbox["list"]>;
  readonly histogram: Informed<Outbox["histogram"]>;
  /** Events that are being sent, by seq. */
  readonly sending: () => readonly number[];
  /** Cancels at most `limit` events; the driver repeats it until none is left. */
  readonly cancelSome: (target: string, now: number, limit: number) => number;
}

export function outboxOn(connection: Connection): SyncOutbox {
  const { db, holds } = connection;
  const byId = query<EventRecord & { payload: string }>(
    db,
    `SELECT ${EVENT_COLUMNS}, p.payload FROM fwd_event e JOIN fwd_payload p USING (seq) WHERE id = ?`,
  );
  const attemptsOf = query<{ record: string }>(db, "SELECT record FROM fwd_attempt WHERE seq = ? ORDER BY number");
  const lanes = outboxLanesOn(connection);
  const { claim, settleWritten, release, reclaim } = lanes;
  const cancellation = outboxCancellationOn(connection);

  return {
    claim,
    settleWritten,
    release,
    reclaim,
    sending: () => holds.sending(),
    ...outboxStatsOn(connection),
    ...outboxReplayOn(connection, lanes),
    find: (id, sending = holds.sending()) => {
      const event = byId.get(id);
      if (event === undefined) return null;
      const attemptList = attemptsOf.all(event.seq).map(({ record }) => JSON.parse(record) as AttemptRecord);
      return { ...eventSummary(event, sending.includes(event.seq)), payload: event.payload, attemptList };
    },
    list: outboxListOn(connection),
    histogram: outboxHistogramOn(connection),
    cancel: cancellation.one,
    cancelSome: cancellation.someOfTarget,
    prune: outboxRetentionOn(connection),
  };
}
