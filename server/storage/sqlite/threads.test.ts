import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { account, HOST, offlineUnit, outboxEvent, settlement } from "../conformance/samples.ts";
import type { FeedRow } from "../ports.ts";
import { connectStores, openSqlite, storeFile, type SqliteStores } from "./client.ts";
import { temporaryDirectories } from "./testing.ts";

const newDirectory = temporaryDirectories();
let directory: string;
let stores: SqliteStores;
beforeEach(async () => {
  directory = newDirectory();
  stores = await openSqlite({ directory });
});
afterEach(() => stores.close());

it("serves another thread over a port, and tells the first one what it did", async () => {
  const rows: FeedRow[] = [];
  stores.onFeed((news) => rows.push(...news));
  const dispatcher = connectStores(stores.connect());
  await stores.offline.commit(offlineUnit(null, { forwards: [outboxEvent("e1")] }));
  const [lane] = await dispatcher.outbox.claim("web", 1000, 1000, 1, 1);
  expect(await dispatcher.outbox.settle([settlement(lane!, lane!.events[0]!)])).toBe(1);
  // Called after the settlement, so answered after its news.
  expect(await stores.outbox.find("e1")).toMatchObject({ state: "delivered" });
  expect(rows.map((row) => row.feed === "forward" && row.event.state)).toEqual(["queued", "delivered"]);
  await dispatcher.close();
  await expect(dispatcher.outbox.due()).rejects.toMatchObject({ code: "closed" });
  expect(await stores.outbox.due()).toEqual([]);
});

it("lets a settlement that can wait share the commit of the next call, and makes it in the end without one", async () => {
  const dispatcher = connectStores(stores.connect());
  const rows: FeedRow[][] = [];
  stores.onFeed((news) => rows.push([...news]));
  const forwards = [outboxEvent("e1"), outboxEvent("e2", { lane: "romeo" })];
  await stores.offline.commit(offlineUnit(null, { forwards }));
  const [first, second] = await dispatcher.outbox.claim("web", 1000, 1000, 2, 1);
  rows.length = 0;
  const settled = dispatcher.outbox.settle([settlement(first!, first!.events[0]!)], true);
  await new Promise((resolve) => setImmediate(resolve));
  await stores.offline.commit(offlineUnit(null, { forwards: [outboxEvent("e3", { lane: "paris" })] }));
  expect(await settled).toBe(1);
  expect(rows).toHaveLength(1);
  expect(new Set(rows[0]!.map((row) => row.feed === "forward" && row.event.id))).toEqual(new Set(["e1", "e3"]));
  expect(await dispatcher.outbox.settle([settlement(second!, second!.events[0]!)], true)).toBe(1);
  await dispatcher.close();
});

it(
  "runs a batch while another process holds the store, or refuses it whole and goes on",
  { timeout: 30_000 },
  async () => {
    const other = new DatabaseSync(join(directory, storeFile));
    other.exec("BEGIN IMMEDIATE");
    const answers = await Promise.allSettled([
      stores.accounts.create(account("a")),
      stores.accounts.create(account("b")),
    ]);
    expect(answers).toMatchObject([{ reason: { code: "busy" } }, { reason: { code: "busy" } }]);
    other.exec("ROLLBACK");
    other.close();
    expect(await stores.accounts.create(account("a"))).toBe(true);
  },
);

it("says that it failed when the store breaks, refuses what follows, and can still be closed", async () => {
  const failures: Error[] = [];
  stores.onFailure((error) => failures.push(error));
  const vandal = new DatabaseSync(join(directory, storeFile), { defensive: false });
  vandal.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE vcard (' WHERE name = 'vcard';
    PRAGMA schema_version = 9999`);
  vandal.close();
  const answers = await Promise.allSettled([
    stores.accounts.create(account("juliet")),
    stores.personal.setVcard(HOST, "juliet", "<vCard/>"),
  ]);
  expect(answers).toMatchObject([{ reason: { code: "corrupt" } }, { reason: { code: "corrupt" } }]);
  await expect(stores.accounts.exists(HOST, "juliet")).rejects.toMatchObject({ code: "corrupt" });
  expect(failures).toMatchObject([{ code: "corrupt" }]);
});

it("tells whoever is connected when the store ends under them", async () => {
  const dispatcher = connectStores(stores.connect());
  await dispatcher.outbox.due();
  const failed = new Promise<Error>((resolve) => dispatcher.onFailure(resolve));
  await stores.close();
  expect(await failed).toMatchObject({ code: "closed" });
  await expect(dispatcher.outbox.due()).rejects.toMatchObject({ code: "closed" });
});
