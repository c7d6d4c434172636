import type { Archive, KeptState } from "../ports.ts";
import { query, type Connection, type Sync } from "./connection.ts";

interface Record extends Omit<KeptState, "key" | "isOwn" | "isWaiting" | "wasWaiting" | "isArchived"> {
  readonly id: number;
  readonly salt: number;
  readonly isOwn: number;
  readonly isWaiting: number;
  readonly wasWaiting: number;
  readonly isArchived: number;
}

/** What the store has under an id. */
export function archiveFindOn({ db }: Connection): Sync<Archive>["find"] {
  const one = query<Record>(
    db,
    `SELECT m.id, m.salt, b.host, b.local, m.peer, m.is_own AS isOwn, m.type, m.at, m.expires_at AS expiresAt,
        m.waiting IS NOT NULL AS isWaiting, m.was_waiting AS wasWaiting, m.archived AS isArchived, m.xml
      FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.id = ?`,
  );
  return (id) => {
    const row = one.get(id);
    if (row === undefined) return null;
    const { id: number, salt, ...rest } = row;
    return {
      ...rest,
      key: { id: number, salt },
      isOwn: row.isOwn === 1,
      isWaiting: row.isWaiting === 1,
      wasWaiting: row.wasWaiting === 1,
      isArchived: row.isArchived === 1,
    };
  };
}
