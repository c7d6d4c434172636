import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { account, HOST, offlineUnit, outboxEvent } from "../conformance/samples.ts";
import type { ArchivePage, ArchiveQuery } from "../ports.ts";
import { openSqlite, storeFile } from "./client.ts";
import { openWriter } from "./database.ts";
import { engineOn, type Call, type Engine } from "./engine.ts";
import { METHODS, type PortName } from "./methods.ts";
import { temporaryDirectories } from "./testing.ts";

const newDirectory = temporaryDirectories();
const start = Date.UTC(2026, 0, 1) * 1000;

let directory: string;
let db: DatabaseSync;
let engine: Engine;

function open(): void {
  db = openWriter(join(directory, storeFile));
  engine = engineOn(db, Date.now);
}

beforeEach(() => {
  directory = newDirectory();
  open();
  run("accounts", "create", account("juliet"));
});

function callOf(port: PortName, method: string, ...args: readonly unknown[]): Call {
  return { method: METHODS.findIndex((entry) => entry.port === port && entry.method === method), args };
}
function run(port: PortName, method: string, ...args: readonly unknown[]): unknown {
  const [outcome] = engine.run([callOf(port, method, ...args)], false).outcomes;
  if (outcome === undefined || "error" in outcome) throw outcome?.error;
  return outcome.value;
}

/** As it is handed over between threads. */
const unit = (id: number) => ["chat", `<message id='${id}'/>`, HOST, "juliet", start + id, 7, "romeo@b.example/x", 0];
const all: ArchiveQuery = { host: HOST, local: "juliet", from: "start", limit: 100_000, maxBytes: 1e9 };
const idsOf = (page: unknown): number[] => (page as ArchivePage).items.map(({ key }) => key.id - start);
const entries = (): number => Number(db.prepare("SELECT count(*) AS n FROM archive_entry").get()?.["n"]);

it("is written when somebody reads, and not before", () => {
  run("archive", "keepPacked", [unit(2), unit(4)]);
  expect(entries()).toBe(0);
  expect(idsOf(run("archive", "query", all))).toEqual([2, 4]);
  expect(entries()).toBe(2);
});

it("is written when many messages have come", () => {
  for (let id = 1; id <= 9_000; id += 1_000) {
    run(
      "archive",
      "keepPacked",
      Array.from({ length: 1_000 }, (_, index) => unit(id + index)),
    );
  }
  expect(entries()).toBeGreaterThan(8_000);
  expect(idsOf(run("archive", "query", all))).toHaveLength(9_000);
});

it("is completed at the start after a kill", () => {
  run("archive", "keepPacked", [unit(2), unit(4)]);
  // Nothing is said to the connection, as at a kill.
  const left = db;
  onTestFinished(() => left.close());
  open();
  expect(entries()).toBe(2);
});

it("has what was dated back, and what was overtaken", () => {
  run("archive", "keepPacked", [unit(10)]);
  expect(idsOf(run("archive", "query", all))).toEqual([10]);
  run("archive", "keepPacked", [unit(6), unit(20)]);
  expect(idsOf(run("archive", "query", all))).toEqual([6, 10, 20]);
});

it("has what waited for a client, from the same commit on", () => {
  const message = offlineUnit("hello").message!;
  run("offline", "commit", {
    ...offlineUnit("hello"),
    message: { ...message, archiveAs: { id: start + 8, salt: 7 } },
  });
  const { host, local } = offlineUnit("hello");
  expect(idsOf(run("archive", "query", { ...all, host, local }))).toEqual([8]);
});

it("is written again when what it was written with is taken back", () => {
  run("archive", "keepPacked", [unit(2)]);
  const broken = callOf("offline", "commit", offlineUnit(null, { forwards: [outboxEvent("e", { dueAt: NaN })] }));
  const { outcomes } = engine.run([callOf("archive", "query", all), broken], false);
  expect(outcomes).toMatchObject([{ value: {} }, { error: {} }]);
  expect(idsOf(run("archive", "query", all))).toEqual([2]);
});

it("loses what leaves the archive, also before it was written", () => {
  run("archive", "keepPacked", [unit(2), unit(4), unit(6)]);
  run("archive", "prune", HOST, 0, 0, 1, 100);
  expect([entries(), idsOf(run("archive", "query", all))]).toEqual([1, [6]]);
  run("archive", "keepPacked", [unit(8)]);
  run("accounts", "remove", HOST, "juliet");
  while (run("archive", "purge", 100) !== 0);
  expect([entries(), Number(db.prepare("SELECT count(*) AS n FROM message").get()?.["n"])]).toEqual([0, 0]);
});

it("is complete before the reader answers", async () => {
  db.close();
  const stores = await openSqlite({ directory, readerFromBytes: 0 });
  onTestFinished(() => stores.close());
  const copy = {
    host: HOST,
    local: "juliet",
    key: { id: start + 2, salt: 7 },
    peer: "romeo@b.example/x",
    isOwn: false,
  };
  const kept = stores.archive.keep([{ type: "chat", xml: "<message/>", copies: [copy] }]);
  const [page, bounds] = await Promise.all([stores.archive.query(all), stores.archive.bounds(HOST, "juliet"), kept]);
  expect([idsOf(page), bounds?.first.key.id]).toEqual([[2], start + 2]);
});
