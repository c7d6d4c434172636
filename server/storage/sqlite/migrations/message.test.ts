import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { HOST, message, offlineUnit } from "../../conformance/samples.ts";
import { openSqlite, storeFile } from "../client.ts";
import { temporaryDirectories } from "../testing.ts";
import { initial } from "./0001-initial.ts";

const newDirectory = temporaryDirectories();

/** A store of the first version with messages that wait for two accounts, one of them until a time. */
function writeStore(path: string): void {
  const db = new DatabaseSync(path);
  db.exec(initial);
  for (const local of ["juliet", "nurse"]) {
    db.exec(`INSERT INTO account (host, local, credentials, sealed, created_at, created_via)
      VALUES ('${HOST}', '${local}', '{"kind":"sealed","sealed":"x"}', 1, 1000, 'cli')`);
  }
  db.exec(`
    INSERT INTO account_count VALUES ('${HOST}', 2);
    INSERT INTO offline_message VALUES (3, '${HOST}', 'juliet', 'romeo@x/y', 'chat', 1003, NULL, 3, 'one');
    INSERT INTO offline_message VALUES (5, '${HOST}', 'nurse', 'romeo@x/y', 'normal', 1005, NULL, 5, 'three');
    INSERT INTO offline_message VALUES (7, '${HOST}', 'juliet', 'romeo@x', 'chat', 1007, 5000, 3, 'two');
    INSERT INTO offline_queue VALUES ('juliet', '${HOST}', 2, 6), ('nurse', '${HOST}', 1, 5);
    PRAGMA user_version = 1;
  `);
  db.close();
}

it("keeps what waits, in its order, and goes on with it", async () => {
  const directory = newDirectory();
  writeStore(join(directory, storeFile));
  const stores = await openSqlite({ directory });
  const { offline, archive } = stores;

  const waiting = async () => (await offline.read(HOST, "juliet", 0, 9)).map(({ id, xml }) => [id, xml]);
  expect(await offline.list(HOST, "juliet", { limit: 9 })).toMatchObject({
    items: [
      { id: 3, from: "romeo@x/y", type: "chat", at: 1003, xml: "one", bytes: 3, isArchived: false },
      { id: 7, from: "romeo@x", at: 1007, xml: "two" },
    ],
    total: 2,
  });
  // The second one has expired.
  expect(await waiting()).toEqual([[3, "one"]]);
  expect(await offline.totals()).toMatchObject({ messages: 3, oldestAt: 1003 });
  expect(await archive.bounds(HOST, "juliet")).toBeNull();
  expect((await archive.since({ hosts: [HOST], since: 1004, until: 1006 }, 0, 9)).map(({ id }) => id)).toEqual([5]);

  await offline.commit(offlineUnit(null, { message: message("four") }));
  const [first, last] = await waiting();
  expect([first, last?.[1]]).toEqual([[3, "one"], "four"]);
  expect(Number(last?.[0])).toBeGreaterThan(1e15);
  expect(await offline.acknowledge(HOST, "juliet", 3)).toBe(1);
  expect(await offline.removeExpired(Date.now(), 9)).toBe(1);
  expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 1, bytes: 4 });
  const [of] = await offline.read(HOST, "nurse", 0, 9);
  expect(await offline.remove(HOST, "nurse", [of!.key])).toBe(true);
  await stores.close();
});
