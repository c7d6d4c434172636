import type { Archive } from "../ports.ts";
import { eachCopy, type PackedUnit } from "./archive-copies.ts";
import { archiveFindOn } from "./archive-find.ts";
import { archivePruneOn } from "./archive-prune.ts";
import { archiveQueryOn } from "./archive-query.ts";
import { archiveSinceOn } from "./archive-since.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { GREATEST } from "./mailboxes.ts";
import { peerHash } from "./peer-hash.ts";

const OWNER = "local = ? AND host = ?";

export type SyncArchive = Sync<Omit<Archive, "keep">> & {
  readonly keepPacked: (units: readonly PackedUnit[]) => void;
  /** Before the reader makes a report that needs it. */
  readonly completeIndex: () => void;
};

/** The archive's view of the messages; rows that nobody waits for leave with it. */
export function archiveOn(connection: Connection): SyncArchive {
  const { db, mailboxes, archiveIndex } = connection;
  const put = change(
    db,
    `INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, expires_at, bytes, waiting, archived, xml)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, 1, ?)
      ON CONFLICT DO UPDATE SET archived = 1 WHERE mailbox = excluded.mailbox AND archived = 0`,
  );
  const first = query<{ id: number; salt: number; at: number }>(
    db,
    "SELECT id, salt, at FROM message WHERE id = (SELECT min(id) FROM archive_entry WHERE mailbox = ?)",
  );
  const last = query<{ id: number; salt: number; at: number }>(
    db,
    "SELECT id, salt, at FROM message WHERE id = (SELECT max(id) FROM archive_entry WHERE mailbox = ?)",
  );
  const greatest = query<{ number: number }>(db, GREATEST);
  const preferences = query<{ document: string }>(db, `SELECT document FROM archive_preferences WHERE ${OWNER}`);
  const prefer = change(
    db,
    `INSERT INTO archive_preferences (local, host, document) SELECT local, host, ? FROM account WHERE ${OWNER}
      ON CONFLICT DO UPDATE SET document = excluded.document`,
  );
  const present = query<{ bytes: number; waiting: number | null }>(
    db,
    "SELECT bytes, waiting FROM message WHERE id = ? AND mailbox = ? AND salt = ? AND archived = 1",
  );
  const replace = change(db, "UPDATE message SET xml = ?, bytes = ? WHERE id = ?");
  const resizeQueue = change(db, `UPDATE offline_queue SET bytes = bytes + ? WHERE ${OWNER}`);
  const find = archiveQueryOn(connection);

  return {
    keepPacked: (units) => {
      for (const unit of units) {
        const type = String(unit[0]);
        const xml = String(unit[1]);
        const bytes = Buffer.byteLength(xml);
        eachCopy(unit, (host, local, id, salt, peer, isOwn) => {
          const mailbox = mailboxes.open(host, local);
          if (mailbox === undefined) return;
          const hash = peerHash(peer);
          put(id, mailbox, salt, peer, hash, isOwn, type, Math.floor(id / 1000), bytes, xml);
          archiveIndex.add(id, mailbox, hash);
        });
      }
    },
    completeIndex: archiveIndex.catchUp,
    query: (wanted) => {
      const mailbox = mailboxes.find(wanted.host, wanted.local);
      return find(wanted, mailbox ?? -1);
    },
    bounds: (host, local) => {
      archiveIndex.catchUp();
      const mailbox = mailboxes.find(host, local) ?? -1;
      const [oldest, newest] = [first.get(mailbox), last.get(mailbox)];
      if (oldest === undefined || newest === undefined) return null;
      return {
        first: { key: { id: oldest.id, salt: oldest.salt }, at: oldest.at },
        last: { key: { id: newest.id, salt: newest.salt }, at: newest.at },
      };
    },
    find: archiveFindOn(connection),
    lastId: () => greatest.get()?.number ?? 0,
    preferences: (host, local) => preferences.get(local, host)?.document ?? null,
    setPreferences: (host, local, document) => {
      prefer(document, local, host);
    },
    rewrite: (host, local, { id, salt }, xml) => {
      const row = present.get(id, mailboxes.find(host, local) ?? -1, salt);
      if (row === undefined) return false;
      const bytes = Buffer.byteLength(xml);
      replace(xml, bytes, id);
      if (row.waiting !== null) resizeQueue(bytes - row.bytes, local, host);
      return true;
    },
    ...archivePruneOn(connection),
    ...archiveSinceOn(connection),
  };
}
