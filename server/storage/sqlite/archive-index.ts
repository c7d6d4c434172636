import type { DatabaseSync } from "node:sqlite";
import { change, query } from "./connection.ts";

/** Rows that the index may be behind; about ten milliseconds of work. */
const maxBehind = 8_192;

const ENTER_ALL = `INSERT OR IGNORE INTO archive_entry (mailbox, id, peer_hash)
  SELECT mailbox, id, peer_hash FROM message WHERE id > (SELECT up_to FROM archive_progress) AND archived = 1
  ORDER BY mailbox, id`;
const ADVANCE = "UPDATE archive_progress SET up_to = (SELECT coalesce(max(id), 0) FROM message)";

/**
 * The index over the archives, which is a table of its own because it is written late. A message that is archived is one row
 * at the end of its table, and an entry at a random place of the index, in a page of its own for every mailbox: kept up by
 * SQLite, that page was most of what a message cost. Entries are made for thousands of rows at once, in their order,
 * before somebody reads. What is not in the index yet is known by its id, so nothing is lost with the process.
 */
export interface ArchiveIndex {
  /** A row is archived now. */
  add(id: number, mailbox: number, peerHash: number): void;
  remove(id: number, mailbox: number): void;
  /** Whether `catchUp` would write. */
  readonly isBehind: boolean;
  /** Makes the entries that are missing. */
  catchUp(): void;
  /** Something was taken back. */
  forget(): void;
}

export function archiveIndexOn(db: DatabaseSync): ArchiveIndex {
  const progress = query<{ upTo: number }>(db, "SELECT up_to AS upTo FROM archive_progress");
  const advance = change(db, ADVANCE);
  const enter = change(db, "INSERT OR IGNORE INTO archive_entry (mailbox, id, peer_hash) VALUES (?, ?, ?)");
  const enterAll = change(db, ENTER_ALL);
  const drop = change(db, "DELETE FROM archive_entry WHERE mailbox = ? AND id = ?");
  /** Rows up to this id are in the index; undefined: it has to be read again. */
  let upTo: number | undefined;
  let behind = 0;

  const catchUp = (): void => {
    if (behind === 0) return;
    enterAll();
    advance();
    upTo = undefined;
    behind = 0;
  };

  return {
    add: (id, mailbox, peerHash) => {
      upTo ??= progress.get()?.upTo ?? 0;
      if (id <= upTo) {
        // It was dated back, or overtaken by a later one.
        enter(mailbox, id, peerHash);
        return;
      }
      behind += 1;
      if (behind > maxBehind) catchUp();
    },
    remove: (id, mailbox) => {
      drop(mailbox, id);
    },
    get isBehind() {
      return behind > 0;
    },
    catchUp,
    forget: () => {
      upTo = undefined;
      behind = Math.max(behind, 1);
    },
  };
}

/** What a process that was killed has left to do. */
export function completeArchiveIndex(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${ENTER_ALL}; ${ADVANCE}; COMMIT`);
}
