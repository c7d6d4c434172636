import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { attempt, device, enqueue, HOST, outboxEvent } from "../../conformance/samples.ts";
import { openSqlite, storeFile } from "../client.ts";
import { temporaryDirectories } from "../testing.ts";
import { initial } from "./0001-initial.ts";
import { replays } from "./0002-replays.ts";
import { lanesHeldInMemory } from "./0003-lanes-held-in-memory.ts";

const newDirectory = temporaryDirectories();
const earlier = [initial, replays, lanesHeldInMemory];
const USER = `juliet@${HOST}`;

/** An attempt as the first versions wrote it. */
function oldAttempt(number: number): string {
  const record = attempt(number, { outcome: "failed", status: 503, error: "503" });
  return JSON.stringify(record, (name, value: unknown) =>
    ["providerId", "dnsMs", "tlsMs"].includes(name) ? undefined : value,
  );
}

/** A store of a version before devices, with some of everything that concerns forwards. */
function writeStore(path: string, version: number): void {
  const db = new DatabaseSync(path);
  db.exec(initial);
  const event = db.prepare(
    `INSERT INTO fwd_event VALUES (?, ?, 'web', 'chat', ?, ?, ?, 'romeo@x/y', ?, 'text/plain', 1, 1000, 9000000, 12, ?, ?, ?, 2000, ?, 4.5, ?)`,
  );
  const rows = [
    { id: "dead", type: "chat", state: 5, attempts: 2 },
    { id: "head", type: "normal", state: 1, attempts: 1 },
    { id: "next", type: "chat", state: 0, attempts: 0 },
    { id: "done", type: "chat", state: 4, attempts: 1 },
    { id: "old", type: "chat", state: 6, attempts: 0 },
  ];
  for (const [index, { id, type, state, attempts }] of rows.entries()) {
    const seq = index + 1;
    event.run(
      seq,
      id,
      USER,
      HOST,
      USER,
      type,
      state,
      attempts,
      5000,
      attempts > 0 ? 503 : null,
      attempts > 0 ? "503" : null,
    );
    db.prepare("INSERT INTO fwd_payload VALUES (?, ?)").run(seq, `body=${id}`);
    db.prepare("INSERT INTO fwd_log VALUES (?, 2000, ?, ?, ?, 5000, NULL, NULL, NULL)").run(seq, seq, state, attempts);
    for (let number = 1; number <= attempts; number += 1) {
      db.prepare("INSERT INTO fwd_attempt VALUES (?, ?, ?)").run(seq, number, oldAttempt(number));
    }
  }
  db.exec(`
    INSERT INTO fwd_lane VALUES ('web', '${USER}', 5000, NULL, NULL);
    INSERT INTO fwd_target (target, queued, retrying, delivered, dead, expired) VALUES ('web', 1, 1, 1, 1, 1);
    INSERT INTO fwd_slot (slot, target, host, queued, retrying, delivered, dead, expired) VALUES (0, 'web', '${HOST}', 1, 1, 1, 1, 1);
    INSERT INTO account (host, local, credentials, sealed, created_at, created_via)
      VALUES ('${HOST}', 'juliet', '{"kind":"sealed","sealed":"x"}', 1, 1000, 'cli');
    INSERT INTO account_count VALUES ('${HOST}', 1);
    INSERT INTO offline_message VALUES (1, '${HOST}', 'juliet', 'romeo@x/y', 'chat', 1000, NULL, 3, 'one');
    INSERT INTO offline_message VALUES (2, '${HOST}', 'juliet', 'romeo@x/y', 'chat', 1001, NULL, 3, 'two');
    INSERT INTO offline_queue VALUES ('juliet', '${HOST}', 2, 6);
  `);
  for (const sql of earlier.slice(1, version)) db.exec(sql);
  db.exec(`PRAGMA user_version = ${version}`);
  db.close();
}

it.each([1, 2, 3])("keeps what a store of version %i has, and works with it", async (version) => {
  const directory = newDirectory();
  writeStore(join(directory, storeFile), version);
  const stores = await openSqlite({ directory });
  const { outbox, offline, devices } = stores;

  const page = await outbox.list({}, { limit: 9 });
  expect(page.items.map(({ id, state, class: kind }) => `${id} ${state} ${kind}`)).toEqual([
    "old expired chat",
    "done delivered chat",
    "next queued chat",
    "head retrying normal",
    "dead dead chat",
  ]);
  expect(page.items[0]).toMatchObject({ cancelOn: "never", device: null, providerId: null, ackedAt: null });
  const dead = await outbox.find("dead");
  expect(dead).toMatchObject({ payload: "body=dead", attempts: 2, error: "503" });
  expect(dead?.attemptList).toEqual([1, 2].map((n) => attempt(n, { outcome: "failed", status: 503, error: "503" })));
  expect(await outbox.stats(3000)).toMatchObject([{ backlog: 2, dead: 1, delivered24h: 1, overflow24h: 0 }]);
  expect((await stores.admin.feed("forward", 0, 9)).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  expect((await offline.read(HOST, "juliet", 0, 9)).map(({ xml }) => xml)).toEqual(["one", "two"]);
  expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 2, bytes: 6 });

  expect(await outbox.due()).toEqual([{ target: "web", dueAt: 5000, backlog: 2 }]);
  expect(await outbox.replay({ diedUntil: 2000, withExpired: true }, 0, 4000, 9)).toMatchObject({ replayed: 2 });
  await devices.register(device("phone", { target: "web" }), 9);
  await enqueue(stores, outboxEvent("new"), outboxEvent("pushed", { toDevices: true }));
  const lanes = await outbox.claim("web", 5000, 1000, 9, 9);
  expect(lanes.map(({ events }) => events.map(({ id }) => id).join(" ")).toSorted()).toEqual([
    "dead head next old new",
    "pushed_phone",
  ]);
  await stores.close();

  const again = await openSqlite({ directory });
  expect(await again.devices.count()).toEqual(new Map([["web", 1]]));
  expect(await again.outbox.due()).toMatchObject([{ backlog: 6 }]);
  await again.close();
});
