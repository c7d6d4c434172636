import type { NewOutboxEvent } from "../ports.ts";
import { query, type Connection } from "./connection.ts";
import { laneRowsOn } from "./outbox-lane-rows.ts";
import { outboxLedgerOn } from "./outbox-ledger.ts";
import { shareOf, shareParts } from "./outbox-share.ts";
import { EVENT_COLUMNS, STATE_NUMBER, type EventRecord } from "./outbox-state.ts";

/** What such an event died of; the partial index names it, too. */
export const OVERFLOW = "overflow";

export interface OutboxOverflow {
  /** Who has to give way to a new event; `itself`: there is nobody else; null: there is room. */
  victimOf(event: NewOutboxEvent, lane: string, device: string | null): EventRecord | "itself" | null;
  /** The victim dies; the kept message is untouched. */
  drop(victim: EventRecord): void;
}

const EVENTS = shareParts("?1", "?2").map((part) => `SELECT ${EVENT_COLUMNS} FROM ${part}`);

/** Quotas of what waits: by target, and by a recipient's share of it. */
export function outboxOverflowOn(connection: Connection): OutboxOverflow {
  const { db, holds, room } = connection;
  const waiting = query<EventRecord>(db, `${EVENTS.join(" UNION ALL ")} ORDER BY seq`);
  const ledger = outboxLedgerOn(connection);
  const lanes = laneRowsOn(connection);

  return {
    victimOf: ({ target, user, maxWaiting, maxWaitingPerRecipient }, lane, device) => {
      const share = shareOf({ lane, user, device });
      const hasRoom =
        room.waitingFor(target) < maxWaiting && room.waitingInShare(target, share) < maxWaitingPerRecipient;
      if (hasRoom) return null;
      for (const event of waiting.iterate(target, share)) if (!holds.isSending(event)) return event;
      return "itself";
    },
    drop: (victim) => {
      const dead = { ...victim, state: STATE_NUMBER.dead, updatedAt: connection.now(), error: OVERFLOW };
      ledger.move(dead, victim.state);
      lanes.refresh(victim.target, victim.lane);
    },
  };
}
