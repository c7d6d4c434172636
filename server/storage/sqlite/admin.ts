import type { AdminStore, ApiKeyRow, ConsoleSessionRow } from "../ports.ts";
import { auditOn } from "./audit.ts";
import { change, query, type Connection, type Sync } from "./connection.ts";
import { sizeOnDisk } from "./database.ts";
import { feedsOn } from "./feeds.ts";
import type { SyncPorts } from "./methods.ts";

const KEY_COLUMNS = `id, name, hash, permissions, hosts, addresses, created_at AS createdAt, created_by AS createdBy,
  expires_at AS expiresAt, last_used_at AS lastUsedAt, last_used_from AS lastUsedFrom`;
interface KeyRecord extends Omit<ApiKeyRow, "permissions" | "hosts" | "addresses"> {
  readonly permissions: string;
  readonly addresses: string;
  readonly hosts: string | null;
}

const SESSION_COLUMNS = `id, jid, created_at AS createdAt, last_seen_at AS lastSeenAt, expires_at AS expiresAt, address,
  user_agent AS userAgent`;

export function adminOn(connection: Connection): SyncPorts["admin"] {
  return {
    ...auditOn(connection),
    ...feedsOn(connection),
    ...keysOn(connection),
    ...sessionsOn(connection),
    ...secretsOn(connection),
    size: () => sizeOnDisk(connection.db),
  };
}

function keysOn({
  db,
}: Connection): Pick<Sync<AdminStore>, "keys" | "keyByHash" | "putKey" | "touchKey" | "removeKey"> {
  const all = query<KeyRecord>(db, `SELECT ${KEY_COLUMNS} FROM api_key ORDER BY created_at, id`);
  const byHash = query<KeyRecord>(db, `SELECT ${KEY_COLUMNS} FROM api_key WHERE hash = ?`);
  const put = change(
    db,
    `INSERT OR REPLACE INTO api_key
      (id, name, hash, permissions, hosts, addresses, created_at, created_by, expires_at, last_used_at, last_used_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const touch = change(db, "UPDATE api_key SET last_used_at = ?, last_used_from = ? WHERE id = ?");
  const remove = change(db, "DELETE FROM api_key WHERE id = ?");

  return {
    keys: () => all.all().map(apiKey),
    keyByHash: (hash) => {
      const record = byHash.get(hash);
      return record === undefined ? null : apiKey(record);
    },
    putKey: (key) => {
      put(
        key.id,
        key.name,
        key.hash,
        JSON.stringify(key.permissions),
        key.hosts === null ? null : JSON.stringify(key.hosts),
        JSON.stringify(key.addresses),
        key.createdAt,
        key.createdBy,
        key.expiresAt,
        key.lastUsedAt,
        key.lastUsedFrom,
      );
    },
    touchKey: (id, at, from) => {
      touch(at, from, id);
    },
    removeKey: (id) => remove(id) === 1,
  };
}

function sessionsOn({
  db,
}: Connection): Pick<Sync<AdminStore>, "sessions" | "session" | "putSession" | "touchSession" | "removeSession"> {
  const all = query<ConsoleSessionRow>(
    db,
    `SELECT ${SESSION_COLUMNS} FROM console_session WHERE ? IS NULL OR jid = ? ORDER BY created_at, id`,
  );
  const byId = query<ConsoleSessionRow>(db, `SELECT ${SESSION_COLUMNS} FROM console_session WHERE id = ?`);
  const put = change(
    db,
    `INSERT OR REPLACE INTO console_session (id, jid, created_at, last_seen_at, expires_at, address, user_agent)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeExpired = change(db, "DELETE FROM console_session WHERE expires_at <= ?");
  const touch = change(db, "UPDATE console_session SET last_seen_at = ? WHERE id = ?");
  const remove = change(db, "DELETE FROM console_session WHERE id = ?");

  return {
    sessions: (jid) => all.all(jid ?? null, jid ?? null),
    session: (id) => byId.get(id) ?? null,
    putSession: (session) => {
      // Sessions end by themselves; a new login is the time to forget the ended ones.
      removeExpired(session.createdAt);
      const { id, jid, createdAt, lastSeenAt, expiresAt, address, userAgent } = session;
      put(id, jid, createdAt, lastSeenAt, expiresAt, address, userAgent);
    },
    touchSession: (id, at) => {
      touch(at, id);
    },
    removeSession: (id) => remove(id) === 1,
  };
}

function secretsOn({ db }: Connection): Pick<Sync<AdminStore>, "secret" | "secrets" | "putSecret" | "removeSecret"> {
  const byName = query<{ sealed: string }>(db, "SELECT sealed FROM secret WHERE name = ?");
  const all = query<{ name: string; sealed: string }>(db, "SELECT name, sealed FROM secret ORDER BY name");
  const put = change(db, "INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)");
  const remove = change(db, "DELETE FROM secret WHERE name = ?");

  return {
    secret: (name) => byName.get(name)?.sealed ?? null,
    secrets: () => new Map(all.all().map(({ name, sealed }) => [name, sealed])),
    putSecret: (name, sealed) => {
      put(name, sealed);
    },
    removeSecret: (name) => remove(name) === 1,
  };
}

function apiKey(record: KeyRecord): ApiKeyRow {
  return {
    ...record,
    permissions: JSON.parse(record.permissions) as string[],
    hosts: record.hosts === null ? null : (JSON.parse(record.hosts) as string[]),
    addresses: JSON.parse(record.addresses) as string[],
  };
}
