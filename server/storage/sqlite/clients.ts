import type { ClientLogin, ClientRow, Clients, ClientToken } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";

const OWNER = "host = ? AND local = ?";
const COLUMNS = "id, software, device, mechanism, address, knows_password, first_at, last_at, current, fresh";

interface Row {
  readonly id: string;
  readonly software: string | null;
  readonly device: string | null;
  readonly mechanism: string;
  readonly address: string;
  readonly knows_password: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly current: string | null;
  readonly fresh: string | null;
}

export function clientsOn({ db }: Connection): Sync<Clients> {
  const one = query<Row>(db, `SELECT ${COLUMNS} FROM client WHERE ${OWNER} AND id = ?`);
  const all = query<Row>(db, `SELECT ${COLUMNS} FROM client WHERE ${OWNER} ORDER BY last_at DESC, id`);
  const hasAccount = query<object>(db, `SELECT 1 FROM account WHERE ${OWNER}`);
  const put = change(
    db,
    `INSERT INTO client (host, local, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET software = excluded.software, device = excluded.device, mechanism = excluded.mechanism,
       address = excluded.address, knows_password = excluded.knows_password, last_at = excluded.last_at,
       current = excluded.current, fresh = excluded.fresh`,
  );
  const forgetOldest = change(
    db,
    `DELETE FROM client WHERE ${OWNER} AND id IN
       (SELECT id FROM client WHERE ${OWNER} ORDER BY last_at DESC, id LIMIT -1 OFFSET ?)`,
  );
  const endTokens = change(db, `UPDATE client SET current = NULL, fresh = NULL WHERE ${OWNER}`);
  const endPassword = change(db, `UPDATE client SET knows_password = 0 WHERE ${OWNER}`);
  const endTokensOf = change(db, `UPDATE client SET current = NULL, fresh = NULL WHERE ${OWNER} AND id = ?`);
  const removeOne = change(db, `DELETE FROM client WHERE ${OWNER} AND id = ?`);
  const removeOld = change(
    db,
    `DELETE FROM client WHERE (host, local, id) IN (SELECT host, local, id FROM client WHERE host = ? AND last_at < ? ${LIMIT})`,
  );

  return {
    find: (host, local, id) => {
      const row = one.get(host, local, id);
      return row === undefined ? null : clientRow(row);
    },
    of: (host, local) => all.all(host, local).map(clientRow),
    login: (login, maxClients) => {
      const { host, local, id } = login;
      const row = one.get(host, local, id);
      const before = row === undefined ? null : clientRow(row);
      const tokens = tokensAfter(before, login);
      if (typeof tokens === "string") return tokens;
      if (hasAccount.get(host, local) === undefined) return "gone";
      put(
        host,
        local,
        id,
        login.software,
        login.device,
        login.mechanism,
        login.address,
        login.isPassword || before?.knowsPassword === true ? 1 : 0,
        before?.firstAt ?? login.at,
        login.at,
        tokens.current && JSON.stringify(tokens.current),
        tokens.fresh && JSON.stringify(tokens.fresh),
      );
      if (before === null) forgetOldest(host, local, host, local, maxClients);
      return "noted";
    },
    revoke: (host, local, id) => endTokensOf(host, local, id) === 1,
    revokeAll: (host, local, isPasswordChanged) => {
      endTokens(host, local);
      if (isPasswordChanged) endPassword(host, local);
    },
    remove: (host, local, id) => removeOne(host, local, id) === 1,
    prune: (host, before, limit) => removeOld(host, before, limit),
  };
}

type Tokens = Pick<ClientRow, "current" | "fresh">;

/** XEP-0484 5.1: what the two places hold after the login. */
function tokensAfter(
  row: ClientRow | null,
  { used, issued, isInvalidated }: ClientLogin,
): Tokens | "gone" | "replayed" {
  let current = row?.current ?? null;
  let fresh = row?.fresh ?? null;
  if (used !== null) {
    const isFresh = fresh?.nonce === used.nonce;
    const token = isFresh ? fresh : current?.nonce === used.nonce ? current : null;
    if (token === null) return "gone";
    if (used.count !== null && used.count <= token.count) return "replayed";
    // One that was issued earlier has had its time; one that was issued later is yet to be used.
    current = isInvalidated ? null : { ...token, count: used.count ?? token.count };
    if (isFresh || isInvalidated) fresh = null;
  }
  return { current, fresh: issued === null ? fresh : { ...issued, count: 0 } };
}

function clientRow(row: Row): ClientRow {
  return {
    id: row.id,
    software: row.software,
    device: row.device,
    mechanism: row.mechanism,
    address: row.address,
    knowsPassword: row.knows_password === 1,
    firstAt: row.first_at,
    lastAt: row.last_at,
    current: row.current === null ? null : (JSON.parse(row.current) as ClientToken),
    fresh: row.fresh === null ? null : (JSON.parse(row.fresh) as ClientToken),
  };
}
