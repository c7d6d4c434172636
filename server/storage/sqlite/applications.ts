import type {
  ApplicationRow,
  Applications,
  Credentials,
  NewAccount,
  NewApplication,
  RegistrationPass,
} from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { inviteUsesOn } from "./invites.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { registrationLogOn } from "./registration-log.ts";

const COLUMNS = `host, local, at, source, address, message, language, expires_at AS expiresAt, denied_at AS deniedAt,
  denied_by AS deniedBy, reason`;

interface ApplicationRecord extends Omit<ApplicationRow, "denied"> {
  readonly deniedAt: number | null;
  readonly deniedBy: string | null;
  readonly reason: string | null;
}

export function applicationsOn(connection: Connection): Sync<Applications> {
  const { db, now } = connection;
  const accounts = accountsOn(connection);
  const invites = inviteUsesOn(connection);
  const log = registrationLogOn(connection);
  const one = query<ApplicationRecord>(
    db,
    `SELECT ${COLUMNS} FROM registration_application WHERE local = ? AND host = ? AND expires_at > ?`,
  );
  const add = change(
    db,
    `INSERT OR REPLACE INTO registration_application
      (local, host, credentials, at, source, address, message, language, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const waitingOn = query<{ count: number; oldestAt: number | null }>(
    db,
    `SELECT count(*) AS count, min(at) AS oldestAt FROM registration_application
      WHERE denied_at IS NULL AND expires_at > ? AND (? IS NULL OR host IN (SELECT value FROM json_each(?)))`,
  );
  const credentialsOf = query<{ credentials: string }>(
    db,
    "SELECT credentials FROM registration_application WHERE local = ? AND host = ?",
  );
  const remove = change(db, "DELETE FROM registration_application WHERE local = ? AND host = ?");
  const refuse = change(
    db,
    `UPDATE registration_application SET denied_at = ?, denied_by = ?, reason = ?
      WHERE local = ? AND host = ? AND denied_at IS NULL AND expires_at > ?`,
  );
  const rows = statementCache<ApplicationRecord>(db);
  const addPass = change(
    db,
    `INSERT INTO registration_pass (id, local, host, network, created_at, created_by, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const livePasses = query<RegistrationPass>(
    db,
    `SELECT id, local, host, network, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt
      FROM registration_pass WHERE expires_at > ? ORDER BY created_at DESC, id`,
  );
  const removePass = change(db, "DELETE FROM registration_pass WHERE id = ?");

  const find = (host: string, local: string): ApplicationRow | null => {
    const record = one.get(local, host, now());
    return record === undefined ? null : applicationRow(record);
  };
  const waiting = (hosts?: readonly string[]) => {
    const names = hosts === undefined ? null : JSON.stringify(hosts);
    return waitingOn.get(now(), names, names) ?? { count: 0, oldestAt: null };
  };

  return {
    apply: (application: NewApplication, network, notBefore, maxWaiting, decision) => {
      const { host, local, credentials, at, source, address, message, language, expiresAt } = application;
      if (network !== null && (log.lastFrom(network) ?? -Infinity) > notBefore) return "throttled";
      if (invites.holderOf(host, local, at, null) !== null) return "held";
      if (accounts.exists(host, local) || find(host, local)?.denied === null) return "taken";
      if (waiting([host]).count >= maxWaiting) return "full";
      add(local, host, JSON.stringify(credentials), at, source, address, message, language, expiresAt);
      if (network !== null) log.noteNetwork(network, at);
      log.append(decision);
      return "waiting";
    },
    find,
    list: ({ hosts, state, search }, request) => {
      const limit = pageLimit(request);
      const [at, local, host] = decodeCursor<[number, string, string]>(request.cursor, [
        "number",
        "string",
        "string",
      ]) ?? [0, "", ""];
      const terms = ["(at, local, host) > (?, ?, ?)", "expires_at > ?"];
      const values: (string | number)[] = [at, local, host, now()];
      terms.push(state === "waiting" ? "denied_at IS NULL" : "denied_at IS NOT NULL");
      if (hosts !== undefined) {
        terms.push("host IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(hosts));
      }
      if (search !== undefined && search !== "") {
        terms.push("instr(local, ?) > 0");
        values.push(search.toLowerCase());
      }
      const found = rows(
        `SELECT ${COLUMNS} FROM registration_application WHERE ${terms.join(" AND ")} ORDER BY at, local, host ${LIMIT}`,
      ).all(...values, limit + 1);
      return pageOf(found.map(applicationRow), limit, (row) => [row.at, row.local, row.host]);
    },
    waiting,
    approve: (host, local, at) => {
      const application = find(host, local);
      if (application === null || application.denied !== null) return null;
      if (accounts.exists(host, local)) return "taken";
      const credentials = JSON.parse(credentialsOf.get(local, host)!.credentials) as Credentials;
      const { source: createdVia, address: createdFrom } = application;
      const account: NewAccount = { host, local, credentials, createdAt: at, createdVia, createdFrom };
      accounts.create(account);
      remove(local, host);
      return account;
    },
    deny: (host, local, { at, by, reason }) => refuse(at, by, reason, local, host, now()) === 1,
    addPass: ({ id, local, host, network, createdAt, createdBy, expiresAt }) => {
      addPass(id, local, host, network, createdAt, createdBy, expiresAt);
    },
    passes: () => livePasses.all(now()),
    removePass: (id) => removePass(id) === 1,
  };
}

function applicationRow({ deniedAt, deniedBy, reason, ...rest }: ApplicationRecord): ApplicationRow {
  const denied = deniedAt === null ? null : { at: deniedAt, by: deniedBy ?? "", reason: reason ?? "" };
  return { ...rest, denied };
}
