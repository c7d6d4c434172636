import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { AppServerTarget } from "../../lib/contracts/forward-target.ts";
import { systemClock } from "../core/clock.ts";
import { createLog, type LogRecord } from "../core/log.ts";
import { Secrets } from "../core/secrets.ts";
import type { FeedRow } from "../storage/ports.ts";
import { openSqlite, type SqliteStores } from "../storage/sqlite/client.ts";
import { defaultRetryMs } from "./dispatch/retry.ts";
import { startApnsMock } from "./push/apns/mock.ts";
import { RemoteRunner } from "./remote.ts";
import { addDevice, apnsTarget, pushEvent } from "./testing-provider.ts";
import { commitEvent, newEvent, startSink, targetFor, type Sink } from "./testing.ts";
import type { PublishRequest } from "./transport.ts";
import { sealedVault } from "./vault.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function setUp(): Promise<{
  stores: SqliteStores;
  sink: Sink;
  log: ReturnType<typeof createLog>;
  records: LogRecord[];
}> {
  const directory = await mkdtemp(join(tmpdir(), "forward-"));
  closing.push(() => rm(directory, { recursive: true }));
  const stores = await openSqlite({ directory });
  closing.push(() => stores.close());
  const sink = await startSink();
  closing.push(() => sink.close());
  const records: LogRecord[] = [];
  return { stores, sink, log: createLog("info", (record) => records.push(record)), records };
}

function delivered(stores: SqliteStores, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    stores.onFeed((rows: readonly FeedRow[]) => {
      for (const row of rows) if (row.feed === "forward" && row.event.state === "delivered") seen += 1;
      if (seen >= count) resolve();
    });
  });
}

test("the thread hears of commits from the store itself", async () => {
  const { stores, sink, log } = await setUp();
  const runner = new RemoteRunner({ connectStore: () => stores.connect(), log, version: "1", retryMs: defaultRetryMs });
  runner.configure(new Map([["hook", targetFor(sink.url)]]));
  for (const body of ["before", "after"]) {
    const done = delivered(stores, 1);
    await commitEvent(stores, newEvent("juliet", body, Date.now()));
    await done;
  }
  expect(sink.seen.map(({ body }) => body)).toEqual(["before", "after"]);
  await runner.close();
});

test("a thread of its own takes events from the store to the target, answers questions and ends cleanly", async () => {
  const { stores, sink, log, records } = await setUp();
  const runner = new RemoteRunner({ connectStore: () => stores.connect(), log, version: "1", retryMs: defaultRetryMs });
  const target = targetFor(sink.url);
  runner.configure(new Map([["hook", target]]));
  const done = delivered(stores, 10);
  const now = Date.now();
  for (let index = 0; index < 10; index += 1) await commitEvent(stores, newEvent("juliet", `${index}`, now));
  runner.wake();
  await done;
  expect(sink.seen.map(({ body }) => body)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);

  expect((await runner.health()).get("hook")).toEqual({
    breaker: "closed",
    breakerUntil: null,
    inFlight: 0,
    limit: 32,
    failingSince: null,
    failingReason: "",
    fault: null,
    goneSince: null,
    blocked: null,
    pruning: null,
    attempts: new Map([["delivered", 10]]),
  });
  const result = await runner.test("hook", target, null);
  expect(result).toMatchObject({ outcome: "delivered", status: 200 });
  expect(result.payload).toMatch(/^from=test%40nightpost\.invalid&to=nobody%40nightpost\.invalid&body=Test/);
  expect(sink.seen.at(-1)!.headers["x-forward-test"]).toBe("1");
  await runner.close();
  expect(records.filter(({ level }) => level === "error")).toEqual([]);
});

test("publishes to app servers go through the thread that has the streams", async () => {
  const { stores, log, records } = await setUp();
  const runner = new RemoteRunner({ connectStore: () => stores.connect(), log, version: "1", retryMs: defaultRetryMs });
  closing.push(() => runner.close());
  const asked: PublishRequest[] = [];
  runner.onPublish((request) => {
    asked.push(request);
    if (asked.length === 1) return Promise.reject(new Error("no way there"));
    return Promise.resolve({ kind: "result" });
  });
  await addDevice(stores, "juliet", "d1", {
    kind: "xep0357",
    settings: { appServer: { jid: "push.example.net", node: "node-1" } },
  });
  runner.configure(new Map([["push", AppServerTarget.parse({ kind: "xep0357" })]]));
  const done = delivered(stores, 1);
  await commitEvent(stores, pushEvent("juliet", "<notification xmlns='urn:xmpp:push:0'/>", Date.now()));
  runner.wake();
  await done;
  expect(asked).toHaveLength(2);
  expect(asked[1]).toMatchObject({ host: "example.org", jid: "push.example.net" });
  expect(asked[1]!.payload).toContain("<publish node='node-1'><item><notification xmlns='urn:xmpp:push:0'/>");
  expect(records.map(({ message }) => message)).toContain("a publish failed");
});

test("a provider token outlives the thread that made it", async () => {
  const { stores, log } = await setUp();
  const apns = await startApnsMock({ clock: systemClock });
  closing.push(() => apns.close());
  await addDevice(stores, "juliet", "d1", { settings: { environment: "production" }, token: "ab".repeat(32) });
  const secrets = Secrets.ephemeral();
  const target = apnsTarget({ ...apns.credentials, server: apns.url, allowPrivate: true });
  for (const run of [1, 2]) {
    const runner = new RemoteRunner({
      connectStore: () => stores.connect(),
      log,
      version: "1",
      retryMs: defaultRetryMs,
    });
    runner.useVault(sealedVault(stores.admin, secrets, systemClock, log));
    runner.configure(new Map([["push", target]]));
    const done = delivered(stores, 1);
    await commitEvent(stores, pushEvent("juliet", '{"aps":{"alert":{"body":"hi"}}}', Date.now(), { class: "call" }));
    await done;
    await runner.close();
    expect(apns.seen.length).toBe(run);
  }
  expect(new Set(apns.seen.map(({ headers }) => headers.authorization)).size).toBe(1);
  expect(apns.mints.length).toBe(1);
  const kept = [...(await stores.admin.secrets())];
  expect(kept.map(([name]) => name)).toEqual([expect.stringMatching(/^vault\/apns\//)]);
  expect(JSON.stringify(kept)).not.toContain(String(apns.seen[0]!.headers.authorization).slice("bearer ".length));
});

test("a thread that dies is started again with its targets, and nothing is lost", async () => {
  const { stores, sink, log, records } = await setUp();
  let starts = 0;
  const runner = new RemoteRunner({
    connectStore: () => {
      starts += 1;
      if (starts > 1) return stores.connect();
      // A port whose other end is gone: the first thread fails at once.
      const { port1, port2 } = new MessageChannel();
      port1.close();
      return port2;
    },
    log,
    version: "1",
    retryMs: defaultRetryMs,
  });
  closing.push(() => runner.close());
  runner.configure(new Map([["hook", targetFor(sink.url)]]));
  const done = delivered(stores, 1);
  await commitEvent(stores, newEvent("juliet", "hello", Date.now()));
  await done;
  expect(starts).toBe(2);
  expect(records.map(({ message }) => message)).toContain("the forward thread ended and is started again");
});
