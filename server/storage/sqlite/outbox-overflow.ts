import type { NewOutboxEvent } from "../ports.ts";
import { query, type Connection } from "./connection.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { EVENT_COLUMNS, STATE_NUMBER, WAITING, type EventRecord } from "./outbox-state.ts";

/** What such an event died of; the partial index names it, too. */
export const OVERFLOW = "overflow";

export interface OutboxOverflow {
  /** Who has to give way to a new event; `itself`: there is nobody else; null: there is room. */
  victimOf(event: NewOutboxEvent, lane: string): EventRecord | "itself" | null;
  /** The victim dies; the kept message is untouched. */
  drop(victim: EventRecord): void;
}

/** Quotas of what waits: by target, and by lane. */
export function outboxOverflowOn(connection: Connection): OutboxOverflow {
  const { db, holds, room } = connection;
  const waiting = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_waiting
      WHERE target = ? AND lane = ? AND ${WAITING} ORDER BY seq`,
  );
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);

  return {
    victimOf: ({ target, maxWaiting, maxWaitingPerRecipient }, lane) => {
      const hasRoom = room.waitingFor(target) < maxWaiting && room.waitingInLane(target, lane) < maxWaitingPerRecipient;
      if (hasRoom) return null;
      for (const event of waiting.iterate(target, lane)) if (!holds.isSending(event)) return event;
      return "itself";
    },
    drop: (victim) => {
      const dead = { ...victim, state: STATE_NUMBER.dead, updatedAt: connection.now(), error: OVERFLOW };
      ledger.move(dead, victim.state);
      lanes.refresh(victim.target, victim.lane);
    },
  };
}
