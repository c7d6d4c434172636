import { join } from "node:path";
import { constants } from "node:sqlite";
import { expect, it } from "vitest";
import { account, auditEntry, HOST, offlineUnit, outboxEvent } from "../conformance/samples.ts";
import type { ClaimedLane } from "../ports.ts";
import { openWriter } from "./database.ts";
import { engineOn, type Call } from "./engine.ts";
import { METHODS, type PortName } from "./methods.ts";
import { STATE_NUMBER } from "./outbox-state.ts";
import { temporaryDirectories } from "./testing.ts";

const newDirectory = temporaryDirectories();

function callOf(port: PortName, method: string, ...args: readonly unknown[]): Call {
  return { method: METHODS.findIndex((entry) => entry.port === port && entry.method === method), args };
}

it("refuses a whole batch when the disk is full, keeps nothing of it and is not to be used any more", () => {
  const db = openWriter(join(newDirectory(), "store.db"));
  const engine = engineOn(db, Date.now);
  engine.run([callOf("accounts", "create", account("juliet"))], true);
  const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count = ${pages + 4}`);
  const result = engine.run(
    [
      callOf("offline", "commit", offlineUnit("small", { forwards: [outboxEvent("e1")] })),
      callOf("personal", "setVcard", HOST, "juliet", "x".repeat(100_000)),
      callOf("admin", "audit", auditEntry("a")),
    ],
    true,
  );
  expect(result.outcomes).toMatchObject([{ error: { code: "full" } }, { error: { code: "full" } }, { error: {} }]);
  expect(result).toMatchObject({ broken: { code: "full" }, feed: [] });
  db.exec(`PRAGMA max_page_count = ${pages + 1000}`);
  expect(engine.run([callOf("offline", "depth", HOST, "juliet"), callOf("outbox", "due")], true).outcomes).toEqual([
    { value: { messages: 0, bytes: 0 } },
    { value: [] },
  ]);
  db.close();
});

it("lets a lane be claimed once, also when a neighbour in the batch fails", () => {
  const db = openWriter(join(newDirectory(), "store.db"));
  const engine = engineOn(db, Date.now);
  engine.run([callOf("offline", "commit", offlineUnit(null, { forwards: [outboxEvent("e1")] }))], false);
  const claim = callOf("outbox", "claim", "web", 1000, 1000, 1, 1);
  const broken = callOf("offline", "commit", offlineUnit(null, { forwards: [outboxEvent("e2", { dueAt: NaN })] }));
  const { outcomes } = engine.run([claim, broken, claim], false);
  expect(outcomes).toMatchObject([{ value: [{ events: [{ id: "e1" }] }] }, { error: {} }, { value: [] }]);
  db.close();
});

it("tells what a batch added to the feeds, but nothing of a call that failed", () => {
  const db = openWriter(join(newDirectory(), "store.db"));
  const engine = engineOn(db, Date.now);
  const { outcomes, feed } = engine.run(
    [
      callOf("offline", "commit", offlineUnit(null, { forwards: [outboxEvent("e1")] })),
      callOf(
        "offline",
        "commit",
        offlineUnit(null, { forwards: [outboxEvent("e2"), outboxEvent("e3", { dueAt: NaN })] }),
      ),
      callOf("offline", "commit", offlineUnit(null, { forwards: [outboxEvent("e4")] })),
    ],
    true,
  );
  expect(outcomes).toMatchObject([{ value: "stored" }, { error: { code: "internal" } }, { value: "stored" }]);
  expect(feed).toMatchObject([
    { id: 1, event: { id: "e1" } },
    { id: 2, event: { id: "e4" } },
  ]);
  db.close();
});

it("plans the statements of a forward once, whomever it is for", () => {
  const db = openWriter(join(newDirectory(), "store.db"));
  const engine = engineOn(db, Date.now);
  const forwardOne = (local: string): void => {
    const user = `${local}@${HOST}`;
    const unit = offlineUnit(local, { local, forwards: [outboxEvent(local, { user, lane: user })] });
    engine.run([callOf("accounts", "create", account(local)), callOf("offline", "commit", unit)], true);
    const [claimed] = engine.run([callOf("outbox", "claim", "web", 2000, 1000, 4, 4)], true).outcomes;
    const lanes = claimed !== undefined && "value" in claimed ? (claimed.value as readonly ClaimedLane[]) : [];
    const outcomes = lanes.flatMap(({ claim, events }) =>
      events.map(({ seq }) => {
        const attempt = { attempts: 1, isFree: false, status: 200, ms: 1, error: null, providerId: null, record: "{}" };
        return { seq, claim, state: STATE_NUMBER.delivered, dueAt: null, at: 2000, error: null, attempt, device: null };
      }),
    );
    expect(engine.run([callOf("outbox", "settleWritten", outcomes)], true).outcomes).toEqual([{ value: 1 }]);
  };
  // SQLite asks this whenever it plans a statement.
  let planned = 0;
  db.setAuthorizer(() => {
    planned += 1;
    return constants.SQLITE_OK;
  });
  for (const local of ["juliet", "nurse"]) forwardOne(local);
  planned = 0;
  forwardOne("romeo");
  expect(planned).toBe(0);
  db.close();
});
