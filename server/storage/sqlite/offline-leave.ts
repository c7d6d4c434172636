import { change, type Connection } from "./connection.ts";

/** A message that waits no more. */
export interface Leaving {
  readonly id: number;
  readonly bytes: number;
}

/** Takes messages out of the queue of an account, and out of the store where the archive has not got them. */
export interface OfflineLeave {
  (host: string, local: string, rows: readonly Leaving[]): void;
}

export const OWNER = "local = ? AND host = ?";

/** The queue row goes with its last message. */
export function queueShrinkOn({
  db,
}: Connection): (host: string, local: string, messages: number, bytes: number) => void {
  const shrink = change(db, `UPDATE offline_queue SET messages = messages - ?, bytes = bytes - ? WHERE ${OWNER}`);
  const dropEmpty = change(db, `DELETE FROM offline_queue WHERE ${OWNER} AND messages <= 0`);
  return (host, local, messages, bytes) => {
    shrink(messages, bytes, local, host);
    dropEmpty(local, host);
  };
}

export function offlineLeaveOn(connection: Connection): OfflineLeave {
  const { db } = connection;
  const settle = change(db, "UPDATE message SET waiting = NULL, expires_at = NULL WHERE id = ? AND archived = 1");
  const drop = change(db, "DELETE FROM message WHERE id = ? AND archived = 0");
  const take = queueShrinkOn(connection);
  return (host, local, rows) => {
    let bytes = 0;
    for (const row of rows) {
      bytes += row.bytes;
      if (drop(row.id) === 0) settle(row.id);
    }
    take(host, local, rows.length, bytes);
  };
}
