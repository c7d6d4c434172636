import { closeSync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { completeArchiveIndex } from "./archive-index.ts";
import { storeError } from "./failure.ts";
import { checkVersion, migrate } from "./migrations/index.ts";

const busyTimeoutMs = 5000;

/**
 * `synchronous = FULL`: in WAL mode NORMAL would survive a kill but not a power cut. A checkpoint every 4000 pages (16 MB)
 * writes a page that changed often only once. Foreign keys stay off (see the first migration). The cache is small: the system
 * keeps the file in memory as well, and SQLite looks through the table of its cache at most commits.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384;
  PRAGMA temp_store = MEMORY;
`;
const READER_PRAGMAS = `
  PRAGMA cache_size = -16384;
  PRAGMA mmap_size = 1073741824;
  PRAGMA temp_store = MEMORY;
`;

/** Opens the one connection that writes, and brings the store to this version. Throws a StoreError. */
export function openWriter(path: string): DatabaseSync {
  return opened(path, () => {
    // SQLite gives the files beside the database the same permission.
    closeSync(openSync(path, "a", 0o600));
    const db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: false });
    try {
      checkVersion(db);
      db.exec(PRAGMAS);
      migrate(db);
      completeArchiveIndex(db);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

/** A connection that only reads, each statement at the state of the last commit before it. */
export function openReader(path: string): DatabaseSync {
  return opened(path, () => {
    const db = new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: true });
    db.exec(READER_PRAGMAS);
    return db;
  });
}

/** Bytes of the database and its log; 0 in memory. */
export function sizeOnDisk(db: DatabaseSync): number {
  const path = db.location();
  if (path === null) return 0;
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function opened(path: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    throw storeError(error, path);
  }
}
