import type { FactorRow, Factors } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";

const COLUMNS = `id, jid, kind, name, sealed, credential, counter, created_at AS createdAt, last_used_at AS lastUsedAt`;

export function factorsOn({ db }: Connection): Sync<Factors> {
  const ofJid = query<FactorRow>(db, `SELECT ${COLUMNS} FROM second_factor WHERE jid = ? ORDER BY created_at, id`);
  const byCredential = query<FactorRow>(db, `SELECT ${COLUMNS} FROM second_factor WHERE credential = ?`);
  const put = change(
    db,
    `INSERT INTO second_factor (id, jid, kind, name, sealed, credential, counter, created_at, last_used_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const use = change(
    db,
    "UPDATE second_factor SET counter = ?1, last_used_at = ?2 WHERE id = ?3 AND (counter < ?1 OR (?1 = 0 AND counter = 0))",
  );
  const remove = change(db, "DELETE FROM second_factor WHERE id = ?");
  const removeAll = change(db, "DELETE FROM second_factor WHERE jid = ?");
  const addCode = change(db, "INSERT OR IGNORE INTO recovery_code (jid, hash) VALUES (?, ?)");
  const codes = query<{ n: number }>(db, "SELECT count(*) AS n FROM recovery_code WHERE jid = ?");
  const removeCode = change(db, "DELETE FROM recovery_code WHERE jid = ? AND hash = ?");
  const removeCodes = change(db, "DELETE FROM recovery_code WHERE jid = ?");

  return {
    of: (jid) => ofJid.all(jid),
    byCredential: (credential) => byCredential.get(credential) ?? null,
    put: ({ id, jid, kind, name, sealed, credential, counter, createdAt, lastUsedAt }) => {
      put(id, jid, kind, name, sealed, credential, counter, createdAt, lastUsedAt);
    },
    use: (id, counter, at) => use(counter, at, id) === 1,
    remove: (id) => remove(id) === 1,
    removeAll: (jid) => {
      removeCodes(jid);
      return removeAll(jid);
    },
    setRecoveryCodes: (jid, hashes) => {
      removeCodes(jid);
      for (const hash of hashes) addCode(jid, hash);
    },
    recoveryCodes: (jid) => codes.get(jid)?.n ?? 0,
    useRecoveryCode: (jid, hash) => removeCode(jid, hash) === 1,
  };
}
