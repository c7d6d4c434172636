import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { StoreError } from "../errors.ts";
import type { StoreFacts } from "../ports.ts";
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

function answerTo(task: VaultTask): StoreFacts {
  if (task.kind === "snapshot") return snapshot(task.from, task.to);
  if (task.kind === "facts") return withDatabase(openReader(task.path), factsOf);
  return withDatabase(openWriter(task.path), (db) => {
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
    version: Number(db.prepare("PRAGMA user_version").get()?.["user_version"]),
    hosts: Object.keys(document.hosts).toSorted(),
    counts: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, count(table)])),
  };
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
  tell({ facts: answerTo(workerData as VaultTask) });
} catch (cause) {
  const { code, message } = storeError(cause);
  tell({ refused: { code, message } });
}
