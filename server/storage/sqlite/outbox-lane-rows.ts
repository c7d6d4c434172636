import { change, query, type Connection } from "./connection.ts";
import { WAITING, type EventRecord } from "./outbox-state.ts";

/**
 * A lane row is there exactly while events of the lane wait. Its `due` is that of its head, the waiting event with the
 * smallest seq: a head that waits for its retry holds back the rest. Who holds a lane just now is not in the database
 * (`outbox-holds.ts`), and neither is that an event is being sent.
 */
export interface LaneRows {
  /** An event has come to wait at the end of its lane: that changes nothing for a lane where others wait. true: none did. */
  open(event: Pick<EventRecord, "target" | "lane" | "host" | "class">, dueAt: number): boolean;
  /** Brings a lane up to date with its events: deletes it when none waits, else it is due when its head is. */
  refresh(target: string, lane: string): void;
  /** The same for the lanes of many events, each once. */
  refreshOf(events: Iterable<EventRecord>): void;
}

export function laneRowsOn({ db, holds }: Connection): LaneRows {
  const insert = change(
    db,
    "INSERT INTO fwd_lane (target, lane, host, due, urgent) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const schedule = change(db, "UPDATE fwd_lane SET due = ? WHERE target = ? AND lane = ?");
  const close = change(db, "DELETE FROM fwd_lane WHERE target = ? AND lane = ?");
  const head = query<{ dueAt: number }>(
    db,
    `SELECT due_at AS dueAt FROM fwd_event WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq LIMIT 1`,
  );

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

  return {
    open: (event, dueAt) => insert(event.target, event.lane, event.host, dueAt, event.class === "call" ? 1 : 0) === 1,
    refresh,
    refreshOf: (events) => {
      const lanes = new Map<string, EventRecord>();
      for (const event of events) lanes.set(`${event.target}\n${event.lane}`, event);
      for (const { target, lane } of lanes.values()) refresh(target, lane);
    },
  };
}
