import type { PushCredentialRow, PushCredentials } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

/** A handful of rows, each read once by every run: one document each. */
export function pushCredentialsOn({ db }: Connection): Sync<PushCredentials> {
  const byName = query<{ document: string }>(db, "SELECT document FROM fwd_credential WHERE name = ?");
  const put = change(db, "INSERT OR REPLACE INTO fwd_credential (name, document) VALUES (?, ?)");
  return {
    find: (name) => {
      const record = byName.get(name);
      return record === undefined ? null : (JSON.parse(record.document) as PushCredentialRow);
    },
    put: (name, row) => {
      put(name, JSON.stringify(row));
    },
  };
}
