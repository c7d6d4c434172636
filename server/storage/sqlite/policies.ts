import type { Policies, RevisionRow } from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { auditTrailOn } from "./audit.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const COLUMNS = "id, at, author, comment, remark, rollback_of AS rollbackOf";

type DocumentRecord = RevisionRow & { readonly document: string };

export function policiesOn(connection: Connection): Sync<Policies> {
  const { db } = connection;
  const newest = query<DocumentRecord>(db, `SELECT ${COLUMNS}, document FROM policy_revision ORDER BY id DESC LIMIT 1`);
  const byId = query<DocumentRecord>(db, `SELECT ${COLUMNS}, document FROM policy_revision WHERE id = ?`);
  const newestId = query<{ id: number }>(db, "SELECT coalesce(max(id), 0) AS id FROM policy_revision");
  const before = query<RevisionRow>(
    db,
    `SELECT ${COLUMNS} FROM policy_revision WHERE id < ? ORDER BY id DESC ${LIMIT}`,
  );
  const append = change(
    db,
    "INSERT INTO policy_revision (id, at, author, comment, remark, rollback_of, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const audit = auditTrailOn(connection);
  const accounts = accountsOn(connection);

  return {
    current: () => revisionWithDocument(newest.get()),
    commit: ({ base, at, author, comment, remark, rollbackOf, document, audit: entry, account }) => {
      if ((newestId.get()?.id ?? 0) !== base) return null;
      const id = base + 1;
      append(id, at, author, comment, remark, rollbackOf, document);
      if (entry !== null) audit(entry);
      // Whoever sets the server up decides the first admin's password, even if somebody registered the name before.
      if (account !== undefined && !accounts.create(account)) {
        accounts.setCredentials(account.host, account.local, account.credentials);
      }
      return { id, at, author, comment, remark, rollbackOf };
    },
    list: (request) => {
      const limit = pageLimit(request);
      const [from] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      return pageOf(before.all(from, limit + 1), limit, (row) => [row.id], newestId.get()?.id ?? 0);
    },
    get: (id) => revisionWithDocument(byId.get(id)),
  };
}

function revisionWithDocument(record: DocumentRecord | undefined): { revision: RevisionRow; document: string } | null {
  if (record === undefined) return null;
  const { document, ...revision } = record;
  return { revision, document };
}
