import type { DatabaseSync } from "node:sqlite";
import { change, insert, query } from "./connection.ts";

const maxKnown = 50_000;

/** Greatest number that a row's id or place in the queue has. */
export const GREATEST = `SELECT max(coalesce((SELECT max(id) FROM message), 0), coalesce((SELECT max(waiting)
  FROM message WHERE waiting IS NOT NULL), 0)) AS number`;

/** Where the messages of an account are, or what was said in a room, by number. */
export interface Mailboxes {
  find(host: string, local: string): number | undefined;
  /** For writing: makes one if there is none yet. undefined: the account or room is gone. */
  open(host: string, local: string): number | undefined;
  /** Its owner is removed: what is in it is out of reach, to be deleted in steps. */
  remove(host: string, local: string): void;
  /**
   * A number for what the store itself puts in order, in microseconds since the epoch. Always odd: even ones are chosen by
   * callers, so that the two never meet.
   */
  nextNumber(): number;
  /** Something was taken back: what was opened meanwhile may not be there. */
  forget(): void;
}

export function mailboxesOn(db: DatabaseSync, now: () => number): Mailboxes {
  const findOne = query<{ id: number }>(db, "SELECT id FROM mailbox WHERE local = ? AND host = ?");
  const make = insert(db, "INSERT INTO mailbox (local, host) VALUES (?, ?)");
  const known = query<object>(
    db,
    "SELECT 1 FROM account WHERE local = ?1 AND host = ?2 UNION ALL SELECT 1 FROM room WHERE local = ?1 AND host = ?2",
  );
  const leave = change(db, "INSERT INTO mailbox_removed (id) SELECT id FROM mailbox WHERE local = ? AND host = ?");
  const drop = change(db, "DELETE FROM mailbox WHERE local = ? AND host = ?");
  const greatest = query<{ number: number }>(db, GREATEST);
  /** Of those written to, by host and local part. Only the writer asks, and nobody else removes one. */
  const opened = new Map<string, Map<string, number>>();
  let last = 0;

  const openNew = (host: string, local: string): number | undefined => {
    let id = findOne.get(local, host)?.id;
    if (id === undefined && known.get(local, host) !== undefined) id = make(local, host);
    if (id === undefined) return undefined;
    let ofHost = opened.get(host);
    if (ofHost === undefined || ofHost.size >= maxKnown) opened.set(host, (ofHost = new Map()));
    ofHost.set(local, id);
    return id;
  };

  return {
    find: (host, local) => findOne.get(local, host)?.id,
    open: (host, local) => opened.get(host)?.get(local) ?? openNew(host, local),
    remove: (host, local) => {
      leave(local, host);
      drop(local, host);
      opened.get(host)?.delete(local);
    },
    nextNumber: () => {
      if (last === 0) last = greatest.get()?.number ?? 0;
      const next = Math.max(last + 1, Math.floor(now() * 1000));
      last = next % 2 === 0 ? next + 1 : next;
      return last;
    },
    forget: () => opened.clear(),
  };
}
