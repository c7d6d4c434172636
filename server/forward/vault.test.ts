import { expect, test } from "vitest";
import { manualClock } from "../core/clock.ts";
import { createLog, type LogRecord } from "../core/log.ts";
import { Secrets } from "../core/secrets.ts";
import { openMemory } from "../storage/memory.ts";
import { sealedVault } from "./vault.ts";

function setUp() {
  const { admin } = openMemory();
  const clock = manualClock();
  const records: LogRecord[] = [];
  const log = createLog("debug", (record) => records.push(record));
  const secrets = Secrets.ephemeral();
  return { admin, clock, records, log, vault: sealedVault(admin, secrets, clock, log) };
}

test("what is kept is sealed, and comes back until its time is over", async () => {
  const { admin, clock, vault } = setUp();
  expect(await vault.recall("a")).toBeNull();
  await vault.keep("a", "the token", clock.now() + 1000);
  expect(await vault.recall("a")).toBe("the token");
  expect(JSON.stringify([...(await admin.secrets())])).not.toContain("token");
  clock.advance(1000);
  expect(await vault.recall("a")).toBeNull();
});

test("what is old goes when something new comes, and other secrets stay", async () => {
  const { admin, clock, vault } = setUp();
  await admin.putSecret("forward/hook/:signing", "x");
  await vault.keep("old", "1", clock.now() + 1000);
  clock.advance(1000);
  await vault.keep("new", "2", clock.now() + 1000);
  expect([...(await admin.secrets()).keys()]).toEqual(["forward/hook/:signing", "vault/new"]);
});

test("what another key sealed, or was sealed for another place, is nothing; the log says so", async () => {
  const { admin, clock, log, records, vault } = setUp();
  const other = sealedVault(admin, Secrets.ephemeral(), clock, log);
  await vault.keep("a", "1", clock.now() + 1000);
  expect(await other.recall("a")).toBeNull();
  await admin.putSecret("vault/b", (await admin.secret("vault/a"))!);
  expect(await vault.recall("b")).toBeNull();
  expect(records).toHaveLength(2);
});

test("a store that fails costs no more than the memory", async () => {
  const { admin, clock, log, records } = setUp();
  const fail = () => Promise.reject(new Error("full"));
  const vault = sealedVault({ ...admin, putSecret: fail }, Secrets.ephemeral(), clock, log);
  await vault.keep("a", "1", clock.now() + 1000);
  expect(await vault.recall("a")).toBeNull();
  expect(records.map(({ message }) => message)).toEqual(["something cannot be kept for the next run"]);
});
