import type { FileRow, Files } from "../ports.ts";
import { change, LIMIT, query, type Connection, type Sync } from "./connection.ts";
import { FILE_COLUMNS, fileReportsOn } from "./file-reports.ts";

const dayMs = 86_400_000;

/** Ends what an account has uploaded, so that it is served no more and pruned next. */
export function filesOfAccountOn({ db }: Pick<Connection, "db">): (host: string, local: string) => void {
  const end = change(db, "UPDATE file SET ends_at = 0 WHERE host = ? AND local = ?");
  return (host, local) => void end(host, local);
}

export function filesOn(connection: Pick<Connection, "db">): Sync<Files> {
  const { db } = connection;
  const add = change(
    db,
    `INSERT INTO file (id, hash, host, local, name, media_type, size, created_at, keep_until, ends_at, place)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const totalOf = query<{ bytes: number }>(db, "SELECT bytes FROM file_total WHERE host = ? AND local = ?");
  const ofDay = query<{ bytes: number; first: number }>(
    db,
    `SELECT ifnull(sum(size), 0) AS bytes, ifnull(min(created_at), 0) AS first FROM file
      WHERE host = ? AND local = ? AND created_at > ?`,
  );
  const slotsOf = query<{ n: number; next: number | null }>(
    db,
    `SELECT count(*) AS n, min(ends_at) AS next FROM file
      WHERE host = ? AND local = ? AND created_at > ? AND stored_at IS NULL`,
  );
  const nextEnd = query<{ at: number | null }>(
    db,
    "SELECT min(ends_at) AS at FROM file WHERE host = ? AND local = ? AND ends_at > ?",
  );
  const byId = query<FileRow>(db, `SELECT ${FILE_COLUMNS} FROM file WHERE id = ?`);
  const byHash = query<FileRow>(db, `SELECT ${FILE_COLUMNS} FROM file WHERE hash = ?`);
  const keep = change(
    db,
    "UPDATE file SET stored_at = ?, ends_at = keep_until WHERE id = ? AND stored_at IS NULL AND ends_at > 0",
  );
  const past = query<Pick<FileRow, "id" | "host" | "place">>(
    db,
    `SELECT id, host, place FROM file
      WHERE ends_at <= ? AND place || ' ' || host NOT IN (SELECT value FROM json_each(?)) ORDER BY ends_at ${LIMIT}`,
  );
  const sizeOf = query<{ size: number }>(db, "SELECT size FROM file WHERE id = ? AND ends_at > 0");
  const endOne = change(db, "UPDATE file SET ends_at = 0 WHERE id = ?");
  const ofAccount = query<{ files: number; bytes: number }>(
    db,
    "SELECT count(*) AS files, ifnull(sum(size), 0) AS bytes FROM file WHERE host = ? AND local = ? AND ends_at > 0",
  );
  const endAll = filesOfAccountOn({ db });
  const remove = change(db, "DELETE FROM file WHERE id = ?");

  return {
    reserve: (file, limits) => {
      const { id, hash, host, local, name, mediaType, size, createdAt, keepUntil, endsAt, place } = file;
      const slots = slotsOf.get(host, local, createdAt - (endsAt - createdAt));
      if (slots !== undefined && slots.n >= limits.maxSlots) return { outcome: "slots", retryAt: slots.next };
      const day = ofDay.get(host, local, createdAt - dayMs);
      if (day !== undefined && day.bytes + size > limits.maxBytesADay)
        return { outcome: "day", retryAt: day.bytes === 0 ? null : day.first + dayMs };
      if ((totalOf.get(host, local)?.bytes ?? 0) + size > limits.maxBytes)
        return { outcome: "account", retryAt: nextEnd.get(host, local, createdAt)?.at ?? null };
      if ((totalOf.get(host, "")?.bytes ?? 0) + size > limits.maxBytesOfHost) return { outcome: "host", retryAt: null };
      add(id, hash, host, local, name, mediaType, size, createdAt, keepUntil, endsAt, place);
      return { outcome: "reserved" };
    },
    find: (id) => byId.get(id) ?? null,
    findByHash: (hash) => byHash.get(hash) ?? null,
    stored: (id, at) => keep(at, id) === 1,
    ended: (now, limit, except = []) => past.all(now, JSON.stringify(except), limit),
    end: (ids) => {
      const found = ids.flatMap((id) => sizeOf.get(id)?.size ?? []);
      for (const id of ids) endOne(id);
      return { files: found.length, bytes: found.reduce((sum, size) => sum + size, 0) };
    },
    endOf: (host, local) => {
      const sum = ofAccount.get(host, local) ?? { files: 0, bytes: 0 };
      endAll(host, local);
      return sum;
    },
    remove: (ids) => {
      for (const id of ids) remove(id);
    },
    totalOf: (host, local) => totalOf.get(host, local)?.bytes ?? 0,
    ...fileReportsOn(connection),
  };
}
