import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeFile } from "../server/storage/sqlite/client.ts";
import { domain, localPart } from "./session.ts";

// Rows by the million, made by SQL in the file of a server that does not run.

const perStatement = 500_000;
const mailboxes = 1000;
const numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)";

/** All accounts up to `u(count - 1)`, each with the keys of the first. */
export function addAccounts(directory: string, count: number): void {
  change(directory, (db) => {
    const insert = db.prepare(
      `${numbers} INSERT OR IGNORE INTO account (host, local, credentials, sealed, created_at, created_via)
        SELECT a.host, 'u' || i, a.credentials, 0, a.created_at, 'import' FROM n, account a WHERE a.host = ? AND a.local = ?`,
    );
    for (let from = 0; from < count; from += perStatement)
      insert.run(from, Math.min(from + perStatement, count), domain, localPart(0));
    db.exec("UPDATE account_count SET accounts = (SELECT count(*) FROM account WHERE host = account_count.host)");
  });
}

/** So many messages, of the first thousand accounts, a second apart and all in the past. */
export function addArchive(directory: string, count: number): void {
  change(directory, (db) => {
    db.prepare(`${numbers} INSERT OR IGNORE INTO mailbox (local, host) SELECT 'u' || i, ? FROM n`).run(
      0,
      mailboxes,
      domain,
    );
    const insert = db.prepare(
      `${numbers} INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, bytes, archived, xml)
        SELECT ? + i * 1000000, 1 + i % ?, i, 'u1@' || ? || '/load', i % 16777216, i % 2, 'chat', (? + i * 1000000) / 1000, 220, 1,
          '<message xmlns=''jabber:client'' type=''chat'' id=''m' || i || '''><body>' || hex(randomblob(75)) || '</body></message>' FROM n`,
    );
    const first = (Date.now() - (count + 60) * 1000) * 1000;
    for (let from = 0; from < count; from += perStatement)
      insert.run(from, Math.min(from + perStatement, count), first, mailboxes, domain, first);
    db.exec(`INSERT INTO archive_entry (mailbox, id, peer_hash) SELECT mailbox, id, peer_hash FROM message ORDER BY mailbox, id;
      UPDATE archive_progress SET up_to = (SELECT coalesce(max(id), 0) FROM message)`);
  });
}

function change(directory: string, work: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(directory, storeFile));
  // Nothing of it is worth anything after a crash.
  db.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -1000000");
  work(db);
  db.exec("PRAGMA journal_mode = WAL");
  db.close();
}
