import type { InviteFunnel, InviteMaker, InviteRow, Invites, InviteUse, OwedGifts, WithheldGift } from "../ports.ts";
import { change, LIMIT, query, statementCache, type Connection, type Sync } from "./connection.ts";
import { decodeCursor, pageLimit, pageOf } from "./page.ts";

const COLUMNS = `seq, id, kind, host, local, inviter, registers, max_uses AS maxUses, uses, created_at AS createdAt,
  created_by AS createdBy, expires_at AS expiresAt, opened_at AS openedAt, revoked_at AS revokedAt, note, role,
  role_host AS roleHost, roster_groups AS groups, tags, maker`;
/** Neither revoked nor used up; whether it has expired is asked apart (XEP-0445 4). */
const STANDS = "revoked_at IS NULL AND uses < max_uses";

/** Whoever redeemed an invite has an account here, and was there. */
const HAS_LOGGED_IN = `EXISTS (SELECT 1 FROM account a
  WHERE a.host = substr(u.jid, instr(u.jid, '@') + 1) AND a.local = substr(u.jid, 1, instr(u.jid, '@') - 1)
    AND (a.last_at IS NOT NULL OR EXISTS (SELECT 1 FROM client c WHERE c.host = a.host AND c.local = a.local)))`;
const OF_HOSTS = "(? IS NULL OR i.host IN (SELECT value FROM json_each(?)))";

interface Row extends Omit<InviteRow, "registers" | "role" | "groups" | "tags" | "maker"> {
  readonly seq: number;
  readonly registers: number;
  readonly role: string | null;
  readonly roleHost: string | null;
  readonly groups: string;
  readonly tags: string;
  readonly maker: string | null;
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
  const note = change(
    db,
    `INSERT INTO invite_use (invite, jid, at, owed)
      SELECT id, ?2, ?3, role IS NOT NULL OR roster_groups <> '[]' OR tags <> '[]' FROM invite WHERE id = ?1`,
  );
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
      expires_at, note, role, role_host, roster_groups, tags, maker)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  const owed = query<Row & { readonly redeemer: string; readonly redeemedAt: number }>(
    db,
    `SELECT ${COLUMNS}, jid AS redeemer, at AS redeemedAt FROM invite_use JOIN invite ON invite.id = invite_use.invite
      WHERE owed = 1 ORDER BY at ${LIMIT}`,
  );
  const gave = change(db, "UPDATE invite_use SET owed = 0, withheld = ? WHERE invite = ? AND jid = ? AND at = ?");
  const usesOf = query<{ jid: string; at: number; hasLoggedIn: number; owed: number; withheld: string }>(
    db,
    `SELECT u.jid, u.at, u.owed, u.withheld, ${HAS_LOGGED_IN} AS hasLoggedIn FROM invite_use u WHERE u.invite = ? ORDER BY u.rowid ${LIMIT}`,
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
      const { role, groups, tags, maker } = invite;
      add(
        ...[id, hash, kind, host, local, inviter, Number(registers), maxUses, createdAt, createdBy, expiresAt, note],
        ...[role?.name ?? null, role?.host ?? null, JSON.stringify(groups), JSON.stringify(tags)],
        maker === null ? null : JSON.stringify(maker),
      );
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
    owed: (limit) =>
      owed.all(limit).map(({ redeemer, redeemedAt, ...row }): OwedGifts => {
        return { invite: inviteOf(row), jid: redeemer, at: redeemedAt };
      }),
    gave: (id, jid, at, withheld) => {
      gave(JSON.stringify(withheld), id, jid, at);
    },
    uses: (id, limit) =>
      usesOf.all(id, limit).map(({ jid, at, hasLoggedIn, owed: isOwed, withheld }): InviteUse => {
        const kept = JSON.parse(withheld) as WithheldGift[];
        return { jid, at, hasLoggedIn: hasLoggedIn === 1, isOwed: isOwed === 1, withheld: kept };
      }),
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
      return { ...page, items: page.items.map(inviteOf) };
    },
    prune: (before, limit) => {
      const gone = old.all(before, limit);
      for (const { id } of gone) remove(id);
      return gone.length;
    },
  };
}

function inviteRow(row: Row | undefined): InviteRow | null {
  return row === undefined ? null : inviteOf(row);
}

function inviteOf({ seq: _seq, registers, role, roleHost, groups, tags, maker, ...rest }: Row): InviteRow {
  return {
    ...rest,
    registers: registers === 1,
    role: role === null ? null : { name: role, host: roleHost },
    groups: JSON.parse(groups) as string[],
    tags: JSON.parse(tags) as string[],
    maker: maker === null ? null : (JSON.parse(maker) as InviteMaker),
  };
}
