import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { account, auditEntry, HOST } from "../conformance/samples.ts";
import { openSqlite, storeFile } from "./client.ts";
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
  expect(await stores.admin.auditBreak()).toBe(broken);
  await stores.close();
});
