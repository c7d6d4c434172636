import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { FilePlaceName, StoredFile, StoreFacts } from "../ports.ts";
import { openReader, openWriter } from "./database.ts";
import { storeError } from "./failure.ts";
import type { VaultAnswer, VaultTask } from "./vault.ts";

/** What is counted, and where it is kept. */
const tables: Readonly<Record<string, string>> = {
  accounts: "account",
  contacts: "roster_item",
  messages: "message",
  rooms: "room",
  devices: "device",
  files: "file",
  forwards: "fwd_event",
  revisions: "policy_revision",
  audit: "audit",
};

function answerTo(task: VaultTask): VaultAnswer {
  switch (task.kind) {
    case "snapshot":
      return { facts: snapshot(task.from, task.to) };
    case "facts":
      return { facts: withDatabase(openReader(task.path), factsOf) };
    case "files":
      return { files: withDatabase(new DatabaseSync(task.path, { readOnly: true }), filesOf) };
    default:
      return { facts: tryOut(task.path) };
  }
}

function tryOut(path: string): StoreFacts {
  return withDatabase(openWriter(path), (db) => {
    const first = Object.values(db.prepare("PRAGMA integrity_check(1)").get() ?? {})[0];
    if (first !== "ok") throw new StoreError("corrupt", `the store is damaged: ${String(first)}`);
    return factsOf(db);
  });
}

// A reader sees one moment of the store however long it takes, and in WAL mode nobody waits for a reader.
function snapshot(from: string, to: string): StoreFacts {
  withDatabase(openReader(from), (db) => db.prepare("VACUUM INTO ?").run(to));
  const file = openSync(to, "r+");
  fsyncSync(file);
  closeSync(file);
  return withDatabase(new DatabaseSync(to, { readOnly: true }), factsOf);
}

function factsOf(db: DatabaseSync): StoreFacts {
  const count = (table: string): number => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  const newest = db.prepare("SELECT document FROM policy_revision ORDER BY id DESC LIMIT 1").get()?.["document"];
  const document = JSON.parse(String(newest ?? '{"hosts":{}}')) as { hosts: object };
  return {
    version: pragma(db, "user_version"),
    hosts: Object.keys(document.hosts).toSorted(),
    counts: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, count(table)])),
    bytes: pragma(db, "page_count") * pragma(db, "page_size"),
    uploads: { disk: uploadsAt(db, "disk"), s3: uploadsAt(db, "s3") },
  };
}

function pragma(db: DatabaseSync, name: "page_count" | "page_size" | "user_version"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function uploadsAt(db: DatabaseSync, place: FilePlaceName): { files: number; bytes: number } {
  const sum = "SELECT count(*) AS files, ifnull(sum(size), 0) AS bytes FROM file";
  const row = db.prepare(`${sum} WHERE stored_at IS NOT NULL AND ends_at > 0 AND place = ?`).get(place);
  return { files: Number(row?.["files"]), bytes: Number(row?.["bytes"]) };
}

function filesOf(db: DatabaseSync): StoredFile[] {
  const select = "SELECT id, size FROM file WHERE stored_at IS NOT NULL AND ends_at > 0 AND place = 'disk' ORDER BY id";
  return db
    .prepare(select)
    .all()
    .map(({ id, size }) => ({ id: String(id), bytes: Number(size) }));
}

function withDatabase<Result>(db: DatabaseSync, work: (db: DatabaseSync) => Result): Result {
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function tell(answer: VaultAnswer): void {
  parentPort?.postMessage(answer);
}

try {
  tell(answerTo(workerData as VaultTask));
} catch (cause) {
  const { code, message } = storeError(cause);
  tell({ refused: { code, message } });
}
