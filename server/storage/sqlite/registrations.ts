import type { RegistrationDecisionRow, Registrations } from "../ports.ts";
import { accountsOn } from "./accounts.ts";
import { change, insert, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { inviteUsesOn } from "./invites.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

export const DECISION_COLUMNS =
  "id, at, host, jid, address, source, allowed, code, line, retry_after_seconds AS retryAfterSeconds";
export interface DecisionRecord extends Omit<RegistrationDecisionRow, "allowed"> {
  readonly allowed: number;
}

export function registrationsOn(connection: Connection): Sync<Registrations> {
  const { db, news } = connection;
  const noted = query<{ at: number }>(db, "SELECT at FROM registration_network WHERE network = ?");
  const note = change(db, "INSERT OR REPLACE INTO registration_network (network, at) VALUES (?, ?)");
  const forget = change(db, "DELETE FROM registration_network WHERE network = ?");
  const forgetBefore = change(db, "DELETE FROM registration_network WHERE at < ?");
  const insertDecision = insert(
    db,
    `INSERT INTO registration_decision (at, host, jid, address, source, allowed, code, line, retry_after_seconds)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const rows = statementCache<DecisionRecord>(db);
  const removeOldest = change(
    db,
    `DELETE FROM registration_decision WHERE id IN
      (SELECT id FROM registration_decision WHERE at < ? ORDER BY id ${LIMIT})`,
  );
  const accounts = accountsOn(connection);
  const invites = inviteUsesOn(connection);

  const append = (decision: Omit<RegistrationDecisionRow, "id">): number => {
    const { at, host, jid, address, source, allowed, code, line, retryAfterSeconds } = decision;
    const id = insertDecision(at, host, jid, address, source, Number(allowed), code, line, retryAfterSeconds);
    const row = { id, at, host, jid, address, source, allowed, code, line, retryAfterSeconds };
    if (news.isFollowed) news.feed.push({ feed: "registration", id, decision: row });
    return id;
  };

  return {
    append,
    lastFrom: (network) => noted.get(network)?.at ?? null,
    register: (account, network, notBefore, decision, inviteId = null) => {
      const { host, local, createdAt } = account;
      if (network !== null && (noted.get(network)?.at ?? -Infinity) > notBefore) return "throttled";
      if (invites.holderOf(host, local, createdAt, inviteId) !== null) return "held";
      if (accounts.exists(host, local)) return "taken";
      if (inviteId !== null && !invites.use(inviteId, `${local}@${host}`, createdAt)) return "spent";
      accounts.create(account);
      if (network !== null) note(network, createdAt);
      append(decision);
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
      if (filter.hosts !== undefined) {
        terms.push("host IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(filter.hosts));
      }
      const found = rows(
        `SELECT ${DECISION_COLUMNS} FROM registration_decision WHERE ${terms.join(" AND ")} ORDER BY id DESC ${LIMIT}`,
      ).all(...values, limit + 1);
      return pageOf(found.map(registrationDecision), limit, (row) => [row.id]);
    },
    forget: (network) => {
      forget(network);
    },
    prune: (before, limit) => {
      forgetBefore(before);
      return removeOldest(before, limit);
    },
  };
}

export function registrationDecision({ allowed, ...rest }: DecisionRecord): RegistrationDecisionRow {
  return { ...rest, allowed: allowed === 1 };
}
