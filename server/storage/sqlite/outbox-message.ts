import type { Outbox } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";
import { EVENT_COLUMNS, eventSummary, type EventRecord } from "./outbox-state.ts";
import type { SyncOutbox } from "./outbox.ts";

/** The way from events to the kept messages that they are about, and back. */
export function outboxMessageOn({
  db,
  holds,
}: Connection): Pick<Sync<Outbox>, "messageOf" | "missing"> & Pick<SyncOutbox, "about"> {
  const kept = query<{ id: number; xml: string; from: string; at: number }>(
    db,
    `SELECT m.id, m.xml, m.peer AS "from", m.at FROM fwd_event e JOIN message m ON m.id = e.message WHERE e.id = ?`,
  );
  const about = query<object>(
    db,
    `SELECT 1 FROM fwd_event INDEXED BY fwd_event_by_user WHERE user = ? AND message = ? AND target = ? LIMIT 1`,
  );
  const allAbout = query<EventRecord>(
    db,
    `SELECT ${EVENT_COLUMNS} FROM fwd_event e INDEXED BY fwd_event_by_user WHERE user = ? AND message = ? ORDER BY e.seq`,
  );
  return {
    messageOf: (id) => kept.get(id) ?? null,
    missing: (target, messages) =>
      messages.filter(({ id, user }) => about.get(user, id, target) === undefined).map(({ id }) => id),
    about: (user, messages, sending = holds.sending()) =>
      messages.flatMap((message) =>
        allAbout.all(user, message).map((row) => ({ message, event: eventSummary(row, sending.includes(row.seq)) })),
      ),
  };
}
