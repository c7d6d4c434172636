import { DatabaseSync } from "node:sqlite";
import { beforeAll, afterAll, expect, test } from "vitest";
import { engineOn } from "./engine.ts";
import { METHODS } from "./methods.ts";
import { migrate } from "./migrations/index.ts";

const accounts = 20_000;
const perAccount = 50;

let db: DatabaseSync;
let call: (method: string, ...args: unknown[]) => unknown;

/** A million messages that wait for 20,000 accounts. */
beforeAll(() => {
  db = new DatabaseSync(":memory:");
  migrate(db);
  db.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${accounts})
      INSERT INTO mailbox (id, local, host) SELECT i, printf('u%05d', i * 7919 % ${accounts}), 'a.example' FROM n;
    INSERT INTO offline_queue (local, host, messages, bytes)
      SELECT local, host, ${perAccount}, ${perAccount} * 10 FROM mailbox;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${accounts * perAccount})
      INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, expires_at, bytes, waiting, archived,
          was_waiting, xml)
        SELECT i, i % ${accounts} + 1, 0, 'romeo@b.example', 0, 0, 'chat', i, NULL, 10, i, 0, 1, '<message/>' FROM n;
  `);
  const engine = engineOn(db, Date.now);
  call = (name, ...args) => {
    const method = METHODS.findIndex((entry) => entry.port === "offline" && entry.method === name);
    const [outcome] = engine.run([{ method, args }], false).outcomes;
    return outcome !== undefined && "value" in outcome ? outcome.value : outcome;
  };
}, 120_000);
afterAll(() => db.close());

test.each(["messages", "jid"])("the first page of a million messages, by %s, comes at once", (order) => {
  call("queues", { order }, { limit: 50 });
  const began = performance.now();
  const page = call("queues", { order }, { limit: 50 });
  const took = performance.now() - began;
  expect(page).toMatchObject({ items: { length: 50 } });
  expect(took).toBeLessThan(100);
});

test("an account's oldest and newest message are looked up, not looked for", () => {
  const plan = db
    .prepare(
      `EXPLAIN QUERY PLAN SELECT (SELECT m.at FROM message m INDEXED BY message_queue WHERE m.mailbox = b.id
        AND m.waiting IS NOT NULL ORDER BY m.waiting DESC LIMIT 1) FROM mailbox b WHERE b.id = 1`,
    )
    .all()
    .map((row) => String(row["detail"]));
  expect(plan.join("\n")).toContain("SEARCH m USING INDEX message_queue (mailbox=?");
  expect(plan.join("\n")).not.toContain("TEMP B-TREE");
});
