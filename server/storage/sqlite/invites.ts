import type { InviteFunnel, InviteRow, Invites, InviteUse } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const COLUMNS = `seq, id, kind, host, local, inviter, registers, max_uses AS maxUses, uses, created_at AS createdAt,
  created_by AS createdBy, expires_at AS expiresAt, opened_at AS openedAt, revoked_at AS revokedAt, note`;
/** Neither revoked nor used up; whether it has expired is asked apart (XEP-0445 4). */
const STANDS = "revoked_at IS NULL AND uses < max_uses";

/** Whoever redeemed an invite has an account here, and was there. */
const HAS_LOGGED_IN = `EXISTS (SELECT 1 FROM account a
  WHERE a.host = substr(u.jid, instr(u.jid, '@') + 1) AND a.local = substr(u.jid, 1, instr(u.jid, '@') - 1)
    AND (a.last_at IS NOT NULL OR EXISTS (SELECT 1 FROM client c WHERE c.host = a.host AND c.local = a.local)))`;
const OF_HOSTS = "(? IS NULL OR i.host IN (SELECT value FROM json_each(?)))";

interface Row extends Omit<InviteRow, "registers"> {
  readonly seq: number;
  readonly registers: number;
}

/** Invites as other ports need them in their own transactions. */
export interface InviteUses {
  /** Uses an invite up once. false: it is revoked or was used up. */
  use(id: string, jid: string, at: number): boolean;
  /** The invite that keeps a name for whoever redeems it, if it is not this one. */
  holderOf(host: string, local: string, now: number, exceptId: string | null): string | null;
}

export function inviteUsesOn({ db }: Pick<Connection, "db">): InviteUses {
  const count = change(db, `UPDATE invite SET uses = uses + 1 WHERE id = ? AND ${STANDS}`);
  const note = change(db, "INSERT INTO invite_use (invite, jid, at) VALUES (?, ?, ?)");
  const holder = query<{ id: string }>(
    db,
    `SELECT id FROM invite WHERE kind = 'account' AND host = ? AND local = ? AND expires_at > ? AND ${STANDS} AND id <> ?`,
  );
  return {
    use: (id, jid, at) => {
      if (count(id) === 0) return false;
      note(id, jid, at);
      return true;
    },
    holderOf: (host, local, now, exceptId) => holder.get(host, local, now, exceptId ?? "")?.id ?? null,
  };
}

export function invitesOn(connection: Connection): Sync<Invites> {
  const { db } = connection;
  const uses = inviteUsesOn(connection);
  const add = change(
    db,
    `INSERT INTO invite (id, hash, kind, host, local, inviter, registers, max_uses, uses, created_at, created_by,
      expires_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
  );
  const hasAccount = query<object>(db, "SELECT 1 FROM account WHERE host = ? AND local = ?");
  const byId = query<Row>(db, `SELECT ${COLUMNS} FROM invite WHERE id = ?`);
  const byHash = query<Row>(db, `SELECT ${COLUMNS} FROM invite WHERE hash = ?`);
  const ofCreator = query<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM invite WHERE created_by = ? AND expires_at > ? AND ${STANDS}`,
  );
  const open = change(db, "UPDATE invite SET opened_at = ? WHERE id = ? AND opened_at IS NULL");
  const revoke = change(db, `UPDATE invite SET revoked_at = ? WHERE id = ? AND ${STANDS}`);
  const revokeResets = change(
    db,
    `UPDATE invite SET revoked_at = ? WHERE kind = 'reset' AND host = ? AND local = ? AND ${STANDS}`,
  );
  const usesOf = query<{ jid: string; at: number; hasLoggedIn: number }>(
    db,
    `SELECT u.jid, u.at, ${HAS_LOGGED_IN} AS hasLoggedIn FROM invite_use u WHERE u.invite = ? ORDER BY u.rowid ${LIMIT}`,
  );
  const counted = query<InviteFunnel>(
    db,
    `SELECT count(*) AS made, count(i.opened_at IS NOT NULL OR i.uses > 0 OR NULL) AS opened,
      (SELECT count(*) FROM invite i JOIN invite_use u ON u.invite = i.id WHERE i.kind = 'account' AND ${OF_HOSTS}) AS registered,
      (SELECT count(*) FROM invite i JOIN invite_use u ON u.invite = i.id
        WHERE i.kind = 'account' AND ${OF_HOSTS} AND ${HAS_LOGGED_IN}) AS loggedIn
     FROM invite i WHERE i.kind = 'account' AND ${OF_HOSTS}`,
  );
  const listed = statementCache<Row>(db);
  const old = query<{ id: string }>(db, `SELECT id FROM invite WHERE expires_at < ? ${LIMIT}`);
  const remove = change(db, "DELETE FROM invite WHERE id = ?");

  return {
    create: (invite) => {
      const { id, hash, kind, host, local, inviter, registers, maxUses, createdAt, createdBy, expiresAt, note } =
        invite;
      if (kind === "account" && local !== null) {
        if (hasAccount.get(host, local) !== undefined) return "taken";
        if (uses.holderOf(host, local, createdAt, null) !== null) return "held";
      }
      if (kind === "reset") {
        if (local === null || hasAccount.get(host, local) === undefined) return "no-account";
        revokeResets(createdAt, host, local);
      }
      add(id, hash, kind, host, local, inviter, Number(registers), maxUses, createdAt, createdBy, expiresAt, note);
      return "created";
    },
    find: (id) => inviteRow(byId.get(id)),
    findByHash: (hash) => inviteRow(byHash.get(hash)),
    holderOf: (host, local, now) => uses.holderOf(host, local, now, null),
    waitingOf: (creator, now) => ofCreator.get(creator, now)?.n ?? 0,
    opened: (id, at) => {
      open(at, id);
    },
    use: uses.use,
    revoke: (id, at) => revoke(at, id) === 1,
    revokeResets: (host, local, at) => {
      revokeResets(at, host, local);
    },
    uses: (id, limit) =>
      usesOf.all(id, limit).map(({ hasLoggedIn, ...use }): InviteUse => ({ ...use, hasLoggedIn: hasLoggedIn === 1 })),
    funnel: (hosts) => {
      const some = hosts === undefined ? null : JSON.stringify(hosts);
      return counted.get(some, some, some, some, some, some)!;
    },
    list: ({ hosts, kind, inviter, state, now }, request) => {
      const limit = pageLimit(request);
      const [before] = decodeCursor<[number]>(request.cursor, ["number"]) ?? [Number.MAX_SAFE_INTEGER];
      const terms = ["seq < ?"];
      const values: (string | number)[] = [before];
      if (hosts !== undefined) {
        terms.push("host IN (SELECT value FROM json_each(?))");
        values.push(JSON.stringify(hosts));
      }
      if (kind !== undefined) {
        terms.push("kind = ?");
        values.push(kind);
      }
      if (inviter !== undefined) {
        terms.push("inviter = ?");
        values.push(inviter);
      }
      if (state === "open") {
        terms.push(`${STANDS} AND expires_at > ?`);
        values.push(now);
      } else if (state === "done") {
        terms.push(`NOT (${STANDS} AND expires_at > ?)`);
        values.push(now);
      }
      const found = listed(`SELECT ${COLUMNS} FROM invite WHERE ${terms.join(" AND ")} ORDER BY seq DESC ${LIMIT}`).all(
        ...values,
        limit + 1,
      );
      const page = pageOf(found, limit, (row) => [row.seq]);
      return { ...page, items: page.items.flatMap((row) => inviteRow(row) ?? []) };
    },
    prune: (before, limit) => {
      const gone = old.all(before, limit);
      for (const { id } of gone) remove(id);
      return gone.length;
    },
  };
}

function inviteRow(row: Row | undefined): InviteRow | null {
  if (row === undefined) return null;
  const { seq: _seq, registers, ...rest } = row;
  return { ...rest, registers: registers === 1 };
}
