import type { Directory, DirectoryFields } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";

/** A text that comes after every other one that begins with the prefix. */
const AFTER_ALL = "\u{10FFFF}";

export function directoryOn({ db }: Connection): Sync<Directory> {
  const put = change(db, "INSERT OR REPLACE INTO directory_entry (host, local, document) VALUES (?, ?, ?)");
  const forgetKeys = change(db, "DELETE FROM directory_key WHERE host = ? AND local = ?");
  const addKey = change(db, "INSERT OR IGNORE INTO directory_key (host, field, key, local) VALUES (?, ?, ?, ?)");
  const found = statementCache<{ local: string; document: string }>(db);
  const unlisted = query<{ local: string; vcard: string }>(
    db,
    `SELECT local, xml AS vcard FROM vcard v WHERE host = ? AND local > ?
      AND NOT EXISTS (SELECT 1 FROM directory_entry e WHERE e.host = v.host AND e.local = v.local) ORDER BY local ${LIMIT}`,
  );
  const entries = query<{ local: string }>(db, `SELECT local FROM directory_entry WHERE host = ? ${LIMIT}`);
  const remove = change(db, "DELETE FROM directory_entry WHERE host = ? AND local = ?");

  return {
    put: (host, local, fields, keys) => {
      put(host, local, JSON.stringify(fields));
      forgetKeys(host, local);
      for (const { field, key } of keys) addKey(host, field, key, local);
    },
    find: (host, terms, limit) => {
      const has = `EXISTS (SELECT 1 FROM directory_key k WHERE k.host = e.host AND k.local = e.local
        AND k.field = ? AND k.key >= ? AND k.key < ?)`;
      const [first, ...others] = terms;
      if (first === undefined) return [];
      const rows = found(
        `SELECT DISTINCT e.local, e.document FROM directory_key f JOIN directory_entry e USING (host, local)
          WHERE f.host = ? AND f.field = ? AND f.key >= ? AND f.key < ?${` AND ${has}`.repeat(others.length)}
          ORDER BY f.key, e.local ${LIMIT}`,
      ).all(host, ...[first, ...others].flatMap(({ field, prefix }) => [field, prefix, prefix + AFTER_ALL]), limit);
      return rows.map(({ local, document }) => ({ local, fields: JSON.parse(document) as DirectoryFields }));
    },
    unlisted: (host, after, limit) => unlisted.all(host, after, limit),
    clear: (host, limit) => {
      const gone = entries.all(host, limit);
      for (const { local } of gone) {
        forgetKeys(host, local);
        remove(host, local);
      }
      return gone.length;
    },
  };
}
