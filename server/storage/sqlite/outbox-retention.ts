import type { Outbox } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { feedRetentionOn } from "./feed-retention.ts";
import { FINISHED, NO_STATE, STATE_NUMBER } from "./outbox-state.ts";

const { delivered, dead, expired, cancelled } = STATE_NUMBER;

/** An event leaves only after its rows of the feed have, so that whoever reads the feed never meets a row without event. */
export function outboxRetentionOn({ db, news }: Connection): Sync<Outbox>["prune"] {
  const targets = query<{ target: string }>(db, "SELECT target FROM fwd_target");
  const old = query<{ seq: number; host: string; createdAt: number }>(
    db,
    `SELECT seq, host, created_at AS createdAt FROM fwd_event
      WHERE target = ?1 AND state = ?2 AND ${FINISHED} AND updated_at < ?3 AND coalesce(acked_at < ?3, TRUE)
      ORDER BY updated_at LIMIT 0 + ?4`,
  );
  const removeEvent = change(db, "DELETE FROM fwd_event WHERE seq = ?");
  const removePayload = change(db, "DELETE FROM fwd_payload WHERE seq = ?");
  const removeAttempts = change(db, "DELETE FROM fwd_attempt WHERE seq = ?");
  const feed = feedRetentionOn({ db });

  return (doneBefore, deadBefore, limit) => {
    // Each event has a handful of rows in the feed.
    feed.prune(Math.max(doneBefore, deadBefore), limit * 10);
    const oldestLogged = feed.oldestAt() ?? Infinity;
    let removed = 0;
    for (const { target } of targets.all()) {
      for (const state of [delivered, expired, cancelled, dead]) {
        const before = Math.min(state === dead ? deadBefore : doneBefore, oldestLogged);
        for (const { seq, host, createdAt } of old.all(target, state, before, limit - removed)) {
          removeEvent(seq);
          removePayload(seq);
          removeAttempts(seq);
          news.moves.push({ target, host, createdAt, from: state, to: NO_STATE });
          removed++;
        }
      }
    }
    return removed;
  };
}
