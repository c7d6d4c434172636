import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { account, auditEntry, HOST } from "../conformance/samples.ts";
import { openSqlite, storeFile } from "./client.ts";
import { initial } from "./migrations/0001-initial.ts";
import { temporaryDirectories } from "./testing.ts";

const newDirectory = temporaryDirectories();

it("keeps everything over a restart, in a file for nobody else's eyes", async () => {
  const directory = newDirectory();
  const first = await openSqlite({ directory });
  await first.accounts.create(account("juliet"));
  expect(await first.size()).toBeGreaterThan(0);
  await first.close();
  const second = await openSqlite({ directory });
  expect(await second.accounts.exists(HOST, "juliet")).toBe(true);
  await second.close();
  expect(statSync(join(directory, storeFile)).mode & 0o777).toBe(0o600);
});

it("refuses a store from a later version and leaves every byte of it", async () => {
  const directory = newDirectory();
  const file = join(directory, storeFile);
  const later = new DatabaseSync(file);
  later.exec("CREATE TABLE later (x); PRAGMA user_version = 9999");
  later.close();
  const bytes = readFileSync(file);
  await expect(openSqlite({ directory })).rejects.toMatchObject({
    code: "newer",
    message: expect.stringContaining("version 9999"),
  });
  expect(readFileSync(file)).toEqual(bytes);
});

it("takes over what an earlier version was sending when it ended", async () => {
  const directory = newDirectory();
  const earlier = new DatabaseSync(join(directory, storeFile));
  earlier.exec(initial);
  earlier.exec(`PRAGMA user_version = 1;
    INSERT INTO fwd_event VALUES (1, 'e1', 'web', 'r', 'l', 'h', 'u', 's', 'chat', 't', 1, 5, 9, 3, 3, 1, 5, 5, NULL, NULL, NULL);
    INSERT INTO fwd_payload VALUES (1, 'p');
    INSERT INTO fwd_lane VALUES ('web', 'l', 5, 99, 'claim');
    INSERT INTO fwd_target (target, sending) VALUES ('web', 1);
    INSERT INTO fwd_slot (slot, target, host, sending) VALUES (0, 'web', 'h', 1)`);
  earlier.close();
  const stores = await openSqlite({ directory });
  expect(await stores.outbox.due()).toEqual([{ target: "web", dueAt: 5, backlog: 1 }]);
  expect(await stores.outbox.histogram({}, 0, 1000, 1)).toMatchObject([{ queued: 1 }]);
  expect(await stores.outbox.claim("web", 5, 1000, 1, 1)).toMatchObject([{ events: [{ id: "e1", attempts: 1 }] }]);
  await stores.close();
});

it.each([
  {
    name: "a file that is no database",
    make: (directory: string) => writeFileSync(join(directory, storeFile), "x".repeat(5000)),
    code: "corrupt",
  },
  {
    name: "a directory in place of the file",
    make: (directory: string) => mkdirSync(join(directory, storeFile)),
    code: "corrupt",
  },
])("refuses $name with one sentence that names it", async ({ make, code }) => {
  const directory = newDirectory();
  make(directory);
  await expect(openSqlite({ directory })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(join(directory, storeFile)),
  });
});

it("refuses a directory that is not there", async () => {
  const directory = join(newDirectory(), "missing");
  await expect(openSqlite({ directory })).rejects.toMatchObject({ name: "StoreError", code: "missing" });
});

it.each([
  { name: "a changed row", sql: "UPDATE audit SET object = 'user nurse' WHERE id = 2", broken: 2 },
  { name: "a missing row", sql: "DELETE FROM audit WHERE id = 2", broken: 3 },
  { name: "no change", sql: "SELECT 1", broken: null },
])("finds $name in the audit trail", async ({ sql, broken }) => {
  const directory = newDirectory();
  const stores = await openSqlite({ directory });
  for (const action of ["a", "b", "c"]) await stores.admin.audit(auditEntry(action));
  const intruder = new DatabaseSync(join(directory, storeFile));
  intruder.exec(sql);
  intruder.close();
  expect(await stores.admin.auditBreak()).toMatchObject({ badId: broken });
  await stores.close();
});
