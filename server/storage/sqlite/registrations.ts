import type { RegistrationDecisionRow, Registrations } from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { inviteUsesOn } from "./invites.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";
import { registrationLogOn } from "./registration-log.ts";

export const DECISION_COLUMNS =
  "id, at, host, jid, address, source, allowed, code, line, retry_after_seconds AS retryAfterSeconds";
export interface DecisionRecord extends Omit<RegistrationDecisionRow, "allowed"> {
  readonly allowed: number;
}

const maxHitLines = 1000;

export function registrationsOn(connection: Connection): Sync<Registrations> {
  const { db, now } = connection;
  const log = registrationLogOn(connection);
  const forget = change(db, "DELETE FROM registration_network WHERE network = ?");
  const forgetBefore = change(db, "DELETE FROM registration_network WHERE at < ?");
  const rows = statementCache<DecisionRecord>(db);
  const countedSince = query<{ line: string; allowed: number; count: number }>(
    db,
    `SELECT line, allowed, count(*) AS count FROM registration_decision
      WHERE at >= ? AND (? IS NULL OR host IN (SELECT value FROM json_each(?)))
      GROUP BY line, allowed ORDER BY count DESC, line ${LIMIT}`,
  );
  const removeOldest = change(
    db,
    `DELETE FROM registration_decision WHERE id IN
      (SELECT id FROM registration_decision WHERE at < ? ORDER BY id ${LIMIT})`,
  );
  const hasApplicant = query<object>(
    db,
    "SELECT 1 FROM registration_application WHERE local = ? AND host = ? AND denied_at IS NULL AND expires_at > ?",
  );
  const usePass = change(db, "DELETE FROM registration_pass WHERE id = ? AND expires_at > ?");
  const forgetApplications = change(db, "DELETE FROM registration_application WHERE expires_at <= ?");
  const forgetPasses = change(db, "DELETE FROM registration_pass WHERE expires_at <= ?");
  const accounts = accountsOn(connection);
  const invites = inviteUsesOn(connection);

  return {
    append: log.append,
    lastFrom: log.lastFrom,
    register: (account, network, notBefore, decision, { inviteId = null, passId = null } = {}) => {
      const { host, local, createdAt } = account;
      if (network !== null && (log.lastFrom(network) ?? -Infinity) > notBefore) return "throttled";
      if (invites.holderOf(host, local, createdAt, inviteId) !== null) return "held";
      if (accounts.exists(host, local) || hasApplicant.get(local, host, createdAt) !== undefined) return "taken";
      if (inviteId !== null && !invites.use(inviteId, `${local}@${host}`, createdAt)) return "spent";
      if (passId !== null && usePass(passId, createdAt) === 0) return "spent";
      accounts.create(account);
      if (network !== null) log.noteNetwork(network, createdAt);
      log.append(decision);
      return "created";
    },
    list: (filter, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const terms = ["id < ?"];
      const values: (string | number)[] = [before];
      if (filter.outcome !== "all") {
        terms.push("allowed = ?");
        values.push(filter.outcome === "allowed" ? 1 : 0);
      }
      if (filter.jid !== undefined) {
        terms.push("jid = ?");
        values.push(filter.jid);
      }
      if (filter.hosts !== undefined) {
        terms.push("host IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(filter.hosts));
      }
      const found = rows(
        `SELECT ${DECISION_COLUMNS} FROM registration_decision WHERE ${terms.join(" AND ")} ORDER BY id DESC ${LIMIT}`,
      ).all(...values, limit + 1);
      return pageOf(found.map(registrationDecision), limit, (row) => [row.id]);
    },
    hits: (hosts, since) => {
      const names = hosts === undefined ? null : JSON.stringify(hosts);
      return countedSince
        .all(since, names, names, maxHitLines)
        .map(({ allowed, ...rest }) => ({ ...rest, allowed: allowed === 1 }));
    },
    forget: (network) => {
      forget(network);
    },
    prune: (before, limit) => {
      forgetBefore(before);
      forgetApplications(now());
      forgetPasses(now());
      return removeOldest(before, limit);
    },
  };
}

export function registrationDecision({ allowed, ...rest }: DecisionRecord): RegistrationDecisionRow {
  return { ...rest, allowed: allowed === 1 };
}
