import type { Outbox } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";

/** The way from events to the kept messages that they are about, and back. */
export function outboxMessageOn({ db }: Connection): Pick<Sync<Outbox>, "messageOf" | "missing"> {
  const kept = query<{ xml: string; from: string; at: number }>(
    db,
    `SELECT m.xml, m.peer AS "from", m.at FROM fwd_event e JOIN message m ON m.id = e.message WHERE e.id = ?`,
  );
  const about = query<object>(
    db,
    `SELECT 1 FROM fwd_event INDEXED BY fwd_event_by_user WHERE user = ? AND message = ? AND target = ? LIMIT 1`,
  );
  return {
    messageOf: (id) => kept.get(id) ?? null,
    missing: (target, messages) =>
      messages.filter(({ id, user }) => about.get(user, id, target) === undefined).map(({ id }) => id),
  };
}
