import { change, LIMIT, query, type Connection } from "./connection.ts";

/** Mailboxes that one step looks into at most. */
const mailboxesPerStep = 500;

/** What leaves the archive by age and by number, and what is left of accounts that are gone; each in bounded steps. */
export function archivePruneOn({ db, archiveIndex }: Connection) {
  const mailboxes = query<{ id: number }>(db, `SELECT id FROM mailbox WHERE id > ? AND host = ? ORDER BY id ${LIMIT}`);
  const old = query<{ id: number }>(
    db,
    `SELECT id FROM archive_entry WHERE mailbox = ? AND id < ? ORDER BY id ${LIMIT}`,
  );
  const oldestKept = query<{ id: number }>(
    db,
    "SELECT id FROM archive_entry WHERE mailbox = ? ORDER BY id DESC LIMIT 1 OFFSET 0 + ?",
  );
  const drop = change(db, "DELETE FROM message WHERE id = ? AND waiting IS NULL");
  const takeOut = change(db, "UPDATE message SET archived = 0 WHERE id = ?");
  const gone = query<{ id: number }>(db, "SELECT id FROM mailbox_removed LIMIT 1");
  const archived = query<{ id: number }>(db, `SELECT id FROM archive_entry WHERE mailbox = ? ${LIMIT}`);
  const dropArchived = change(db, "DELETE FROM message WHERE id = ?");
  const dropWaiting = change(
    db,
    `DELETE FROM message WHERE id IN (SELECT id FROM message WHERE mailbox = ? AND waiting IS NOT NULL ${LIMIT})`,
  );
  const forget = change(db, "DELETE FROM mailbox_removed WHERE id = ?");

  return {
    prune: (
      host: string,
      after: number,
      before: number,
      maxMessages: number,
      limit: number,
    ): { removed: number; upTo: number | null } => {
      archiveIndex.catchUp();
      let removed = 0;
      let upTo = after;
      const page = mailboxes.all(after, host, mailboxesPerStep);
      for (const { id: mailbox } of page) {
        const kept = maxMessages === 0 ? undefined : oldestKept.get(mailbox, maxMessages - 1);
        const bound = Math.max(before * 1000, kept?.id ?? 0);
        const rows = old.all(mailbox, bound, limit - removed);
        for (const { id } of rows) {
          if (drop(id) === 0) takeOut(id);
          archiveIndex.remove(id, mailbox);
        }
        removed += rows.length;
        // The rest of this one comes first in the next step.
        if (removed >= limit) return { removed, upTo };
        upTo = mailbox;
      }
      return { removed, upTo: page.length < mailboxesPerStep ? null : upTo };
    },
    purge: (limit: number): number => {
      const mailbox = gone.get()?.id;
      if (mailbox === undefined) return 0;
      archiveIndex.catchUp();
      const entries = archived.all(mailbox, limit);
      for (const { id } of entries) {
        dropArchived(id);
        archiveIndex.remove(id, mailbox);
      }
      let removed = entries.length;
      removed += dropWaiting(mailbox, limit - removed);
      if (removed < limit) forget(mailbox);
      // Something was done, so that the caller comes back for the next one.
      return Math.max(removed, 1);
    },
  };
}
