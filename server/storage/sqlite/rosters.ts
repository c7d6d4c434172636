import { StoreError } from "../errors.ts";
import type { PendingRequest, RosterItemChange, RosterItem, Rosters, Subscription } from "../ports.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { outboxIntakeOn } from "./outbox-intake.ts";

interface ItemRecord {
  readonly jid: string;
  readonly name: string;
  readonly subscription: Subscription;
  readonly ask: number;
  readonly approved: number;
  readonly groups: string;
}

const OWNER = "host = ? AND local = ?";
const COLUMNS = "jid, name, subscription, ask, approved, groups";

/** Removals remembered for roster versioning (RFC 6121 2.6); a client that missed more gets the whole roster. */
const maxRememberedRemovals = 200;

export function rostersOn(connection: Connection): Sync<Rosters> {
  const { db } = connection;
  const intake = outboxIntakeOn(connection);
  const headOf = query<{ version: number; oldest: number }>(db, `SELECT version, oldest FROM roster WHERE ${OWNER}`);
  const advance = query<{ version: number }>(
    db,
    `INSERT INTO roster (host, local, version, oldest) VALUES (?, ?, 1, 0)
      ON CONFLICT DO UPDATE SET version = version + 1 RETURNING version`,
  );
  const itemsOf = query<ItemRecord>(db, `SELECT ${COLUMNS} FROM roster_item WHERE ${OWNER} ORDER BY jid`);
  const changedSince = query<RosterItemChange>(
    db,
    `SELECT jid, version FROM roster_item WHERE ${OWNER} AND version > ?
      UNION ALL SELECT jid, version FROM roster_removed WHERE ${OWNER} AND version > ? ORDER BY version`,
  );
  const known = query<object>(db, `SELECT 1 FROM roster_item WHERE ${OWNER} AND jid = ?`);
  const countItems = query<{ n: number }>(db, `SELECT count(*) AS n FROM roster_item WHERE ${OWNER}`);
  const putItem = change(
    db,
    `INSERT OR REPLACE INTO roster_item (host, local, ${COLUMNS}, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeItem = change(db, `DELETE FROM roster_item WHERE ${OWNER} AND jid = ?`);
  const remember = change(db, "INSERT OR REPLACE INTO roster_removed (host, local, jid, version) VALUES (?, ?, ?, ?)");
  const forget = change(db, `DELETE FROM roster_removed WHERE ${OWNER} AND jid = ?`);
  const removals = query<{ jid: string; version: number }>(
    db,
    `SELECT jid, version FROM roster_removed WHERE ${OWNER} AND version > ? ORDER BY version DESC`,
  );
  const forgetUpTo = change(db, `DELETE FROM roster_removed WHERE ${OWNER} AND version <= ?`);
  const setOldest = change(db, `UPDATE roster SET oldest = ? WHERE ${OWNER}`);
  const requestsOf = query<PendingRequest>(db, `SELECT jid, stanza FROM roster_request WHERE ${OWNER} ORDER BY rowid`);
  const putRequest = change(
    db,
    `INSERT INTO roster_request (host, local, jid, stanza) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET stanza = excluded.stanza`,
  );
  const removeRequest = change(db, `DELETE FROM roster_request WHERE ${OWNER} AND jid = ?`);

  const nextVersion = (host: string, local: string): number => advance.get(host, local)?.version ?? 0;

  return {
    get: (host, local) => ({
      version: headOf.get(host, local)?.version ?? 0,
      items: itemsOf.all(host, local).map(rosterItem),
      requests: requestsOf.all(host, local),
    }),
    put: (host, local, item, maxItems) => {
      const isNew = known.get(host, local, item.jid) === undefined;
      if (isNew && (countItems.get(host, local)?.n ?? 0) >= maxItems) {
        throw new StoreError("roster-full", `the roster has ${maxItems} items already`);
      }
      const version = nextVersion(host, local);
      const { jid, name, subscription, ask, approved, groups } = item;
      putItem(host, local, jid, name, subscription, Number(ask), Number(approved), JSON.stringify(groups), version);
      if (isNew) forget(host, local, jid);
      return version;
    },
    remove: (host, local, jid) => {
      if (removeItem(host, local, jid) === 0) return headOf.get(host, local)?.version ?? 0;
      const version = nextVersion(host, local);
      remember(host, local, jid, version);
      const tooOld = removals.all(host, local, 0)[maxRememberedRemovals];
      if (tooOld !== undefined) {
        forgetUpTo(host, local, tooOld.version);
        setOldest(tooOld.version, host, local);
      }
      return version;
    },
    changes: (host, local, version) => {
      const head = headOf.get(host, local) ?? { version: 0, oldest: 0 };
      if (version > head.version || version < head.oldest) return null;
      return changedSince.all(host, local, version, host, local, version);
    },
    putRequest: (host, local, { jid, stanza }, forwards) => {
      putRequest(host, local, jid, stanza);
      for (const event of forwards) intake(event, null);
    },
    removeRequest: (host, local, jid) => {
      removeRequest(host, local, jid);
    },
  };
}

function rosterItem(record: ItemRecord): RosterItem {
  return {
    jid: record.jid,
    name: record.name,
    subscription: record.subscription,
    ask: record.ask === 1,
    approved: record.approved === 1,
    groups: JSON.parse(record.groups) as string[],
  };
}
