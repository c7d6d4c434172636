import { afterAll, beforeAll, expect, test } from "vitest";
import { adminTestServer, boss, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterAll(() => server.stop());

async function deliver(id: string, totalMs: number): Promise<void> {
  const { clock, stores } = server;
  const now = clock.now();
  const event = {
    id,
    target: "hook",
    rule: "all",
    lane: id,
    host: "a.example",
    user: "ann@a.example",
    from: "bob@a.example/x",
    type: "chat",
    contentType: "application/json",
    payload: "{}",
    createdAt: now,
    dueAt: now,
    expiresAt: now + 3_600_000,
    maxAttempts: 3,
    class: "chat",
    cancelOn: "never",
    maxWaiting: 100,
    maxWaitingPerRecipient: 100,
  } as const;
  await stores.offline.commit({
    host: "a.example",
    local: "ann",
    message: null,
    maxMessages: 9,
    maxBytes: 9_999,
    forwards: [event],
  });
  const [lane] = await stores.outbox.claim("hook", now, 1_000, 1, 1);
  const timing = { queueMs: 0, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: totalMs, totalMs };
  const request = { method: "POST", url: "https://hooks.example/", headers: [] };
  const attempt = {
    number: 1,
    startedAt: now,
    outcome: "delivered",
    status: 200,
    error: null,
    address: null,
    timing,
    request,
    response: null,
    providerId: null,
  } as const;
  const { seq } = lane!.events[0]!;
  await stores.outbox.settle([{ seq, claim: lane!.claim, attempt, next: { state: "delivered" }, at: now }]);
}

test("how long deliveries took and what became of events, by the half hour", async () => {
  await deliver("evt_1", 40);
  server.clock.advance(40 * 60_000);
  await deliver("evt_2", 9_000);
  server.clock.advance(60_000);
  const { status, body } = await server.ask("GET", "/api/v1/forward/targets/hook/day", { as });
  expect(status).toBe(200);
  const { bandsMs, latency, outcomes } = body as {
    bandsMs: number[];
    latency: number[][];
    outcomes: { delivered: number }[];
  };
  expect([latency.length, outcomes.length]).toEqual([48, 48]);
  const columns = latency.flatMap((counts, column) => (counts.some(Boolean) ? [[column, counts]] : []));
  const only = (band: number) =>
    bandsMs
      .map(() => 0)
      .concat(0)
      .with(band, 1);
  expect(columns).toEqual([
    [46, only(0)],
    [47, only(bandsMs.length)],
  ]);
  expect(outcomes.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(2);
});

test("a target that is not there has none", async () => {
  expect(await server.ask("GET", "/api/v1/forward/targets/none/day", { as })).toMatchObject({
    status: 404,
    body: { reason: "target-missing" },
  });
});
