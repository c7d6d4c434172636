import type { CertificateRow, CertificateStore, CertificateUse, OrderRow } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";

const COLUMNS = "id, source, chain, sealed_key AS sealedKey, created_at AS createdAt, created_by AS createdBy";
const USE = "host, since, nullif(certificate, '') AS certificate, author";

interface OrderRecord extends Omit<OrderRow, "names" | "steps"> {
  readonly names: string;
  readonly steps: string;
}

export function certificatesOn({ db }: Pick<Connection, "db">): Sync<CertificateStore> {
  const add = change(
    db,
    `INSERT OR IGNORE INTO certificate (id, source, chain, sealed_key, created_at, created_by)
      VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const addUse = change(
    db,
    "INSERT OR REPLACE INTO certificate_use (host, since, certificate, author) VALUES (?, ?, ?, ?)",
  );
  const byId = query<CertificateRow>(db, `SELECT ${COLUMNS} FROM certificate WHERE id = ?`);
  // With max() SQLite takes the other columns from the row that has it.
  const inUse = query<CertificateUse & { newest: number }>(
    db,
    `SELECT ${USE}, max(since) AS newest FROM certificate_use GROUP BY host`,
  );
  const history = query<CertificateUse>(
    db,
    `SELECT ${USE} FROM certificate_use WHERE host = ? ORDER BY since DESC ${LIMIT}`,
  );
  const putOrder = change(
    db,
    `INSERT OR REPLACE INTO certificate_order (id, created_at, names, state, certificate, steps)
      VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const orders = query<OrderRecord>(
    db,
    `SELECT id, created_at AS createdAt, names, state, certificate, steps FROM certificate_order
      ORDER BY created_at DESC, id ${LIMIT}`,
  );
  const pruneOrders = change(db, "DELETE FROM certificate_order WHERE created_at < ?");
  const pruneUses = change(
    db,
    `DELETE FROM certificate_use AS old WHERE EXISTS
      (SELECT 1 FROM certificate_use AS next WHERE next.host = old.host AND next.since > old.since AND next.since < ?)`,
  );
  const pruneCertificates = change(
    db,
    "DELETE FROM certificate WHERE created_at < ? AND id NOT IN (SELECT certificate FROM certificate_use)",
  );
  const use = (uses: readonly CertificateUse[]): void => {
    for (const { host, since, certificate, author } of uses) addUse(host, since, certificate ?? "", author);
  };

  return {
    install: ({ id, source, chain, sealedKey, createdAt, createdBy }, uses) => {
      add(id, source, chain, sealedKey, createdAt, createdBy);
      use(uses);
    },
    use,
    find: (id) => byId.get(id) ?? null,
    inUse: () => inUse.all().map(({ newest: _newest, ...row }) => row),
    history: (host, limit) => history.all(host, limit),
    putOrder: ({ id, createdAt, names, state, certificate, steps }) => {
      putOrder(id, createdAt, JSON.stringify(names), state, certificate, JSON.stringify(steps));
    },
    orders: (limit) =>
      orders.all(limit).map(({ names, steps, ...row }) => ({
        ...row,
        names: JSON.parse(names) as OrderRow["names"],
        steps: JSON.parse(steps) as OrderRow["steps"],
      })),
    prune: (before) => pruneOrders(before) + pruneUses(before) + pruneCertificates(before),
  };
}
