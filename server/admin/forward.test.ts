import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "../../lib/contracts/endpoint.ts";
import { readSigning } from "../forward/signing-secrets.ts";
import { adminTestServer, boss, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  for (const [id, host] of [
    ["evt_1", "a.example"],
    ["evt_2", "a.example"],
    ["evt_3", "b.example"],
  ] as const) {
    const now = server.clock.now();
    await server.stores.offline.commit({
      host,
      local: "ann",
      message: null,
      maxMessages: 10,
      maxBytes: 10_000,
      forwards: [
        {
          id,
          target: "hook",
          rule: "all",
          lane: `ann@${host}`,
          host,
          user: `ann@${host}`,
          from: "bob@a.example/x",
          type: "chat",
          contentType: "application/json",
          payload: '{"body":"hush"}',
          createdAt: now,
          dueAt: now,
          expiresAt: now + 3_600_000,
          maxAttempts: 3,
        },
      ],
    });
  }
});
afterAll(() => server.stop());

const ids = async (path: string, who = as): Promise<unknown[]> => {
  const { body } = await server.ask("GET", `/api/v1/forward/events${path}`, { as: who });
  return (body["items"] as { id: string }[]).map(({ id }) => id);
};

test("the log, newest first, by filter and by page", async () => {
  expect(await ids("")).toEqual(["evt_3", "evt_2", "evt_1"]);
  expect(await ids("?host=a.example")).toEqual(["evt_2", "evt_1"]);
  expect(await ids("?state=dead")).toEqual([]);
  expect(await ids("?search=evt_2")).toEqual(["evt_2"]);
  expect(await ids(`?since=${new Date(server.clock.now() + 1).toISOString()}`)).toEqual([]);
  const { body } = await server.ask("GET", "/api/v1/forward/events?limit=2", { as });
  expect(await ids(`?limit=2&cursor=${String(body["nextCursor"])}`)).toEqual(["evt_1"]);
});

test("an event, its body only for those who may read it", async () => {
  const path = "/api/v1/forward/events/evt_1";
  expect((await server.ask("GET", path, { as })).body).toMatchObject({ payload: '{"body":"hush"}', attemptList: [] });
  const reader = await server.key(["forward:read"]);
  expect((await server.ask("GET", path, { as: reader })).body).toMatchObject({ id: "evt_1", payload: null });
  const other = await server.key(permissions, { hosts: ["b.example"] });
  expect((await server.ask("GET", path, { as: other })).status).toBe(403);
  expect(await ids("", other)).toEqual(["evt_3"]);
});

test("retry wakes the dispatcher, cancel gives up, both are audited", async () => {
  server.dispatched.length = 0;
  expect((await server.ask("POST", "/api/v1/forward/events/evt_1/retry", { as, body: {} })).status).toBe(200);
  expect(server.dispatched).toEqual(["wake hook"]);
  expect((await server.ask("POST", "/api/v1/forward/events/evt_1/cancel", { as, body: {} })).status).toBe(200);
  expect(await server.ask("POST", "/api/v1/forward/events/evt_1/cancel", { as, body: {} })).toMatchObject({
    status: 409,
    body: { code: "conflict" },
  });
  expect((await server.ask("POST", "/api/v1/forward/events/evt_9/retry", { as, body: {} })).status).toBe(404);
  const { items } = await server.stores.admin.auditList({}, { limit: 10 });
  expect(items.map(({ action, object, result }) => [action, object, result])).toEqual([
    ["forward.retry", "evt_9", "failed"],
    ["forward.cancel", "evt_1", "failed"],
    ["forward.cancel", "evt_1", "done"],
    ["forward.retry", "evt_1", "done"],
  ]);
});

test("the histogram has as many buckets as asked for", async () => {
  const { body } = await server.ask("GET", "/api/v1/forward/histogram?buckets=12", { as });
  expect(body["buckets"]).toHaveLength(12);
});

describe("signing secrets", () => {
  const path = "/api/v1/forward/targets/signed";
  const target = { url: "https://hooks.example/signed" };
  const signingOf = async (): Promise<unknown> => {
    const { body } = await server.ask("GET", "/api/v1/forward/targets", { as });
    return (body["items"] as { name: string; signing: unknown }[]).find(({ name }) => name === "signed")?.signing;
  };
  const stored = async () => readSigning("signed", server.stores.admin, server.secrets);
  const at = (ms: number): string => new Date(ms).toISOString();

  test("a new target gets one, which is told once", async () => {
    const added = await server.ask("PUT", path, { as, body: { target } });
    const secret = String(added.body["signingSecret"]);
    expect(Buffer.from(secret.replace("whsec_", ""), "base64")).toHaveLength(32);
    expect(await stored()).toMatchObject({ current: secret, previous: null });
    expect((await server.ask("PUT", path, { as, body: { target } })).body["signingSecret"]).toBeNull();
    expect(await signingOf()).toEqual({ since: at(server.clock.now()), previousUntil: null });
    expect([...(await server.stores.admin.secrets()).values()].join()).not.toContain(secret);
  });

  test("a new one signs beside the one before for a day, unless told otherwise", async () => {
    const before = (await stored())!.current;
    server.dispatched.length = 0;
    const { body } = await server.ask("POST", `${path}/secret`, { as, body: {} });
    const until = server.clock.now() + 86_400_000;
    expect(body["previousUntil"]).toBe(at(until));
    expect(await stored()).toMatchObject({ current: body["signingSecret"], previous: { secret: before, until } });
    expect(server.dispatched).toEqual(["reload"]);
    expect(await signingOf()).toMatchObject({ previousUntil: at(until) });
    server.clock.advance(86_400_000);
    expect(await signingOf()).toMatchObject({ previousUntil: null });
    await server.ask("POST", `${path}/secret`, { as, body: { overlapHours: 0 } });
    expect((await stored())!.previous).toBeNull();
  });

  test("two rotations at once are one after the other", async () => {
    const rotate = async () => (await server.ask("POST", `${path}/secret`, { as, body: {} })).body["signingSecret"];
    const secrets = await Promise.all([rotate(), rotate()]);
    const { current, previous } = (await stored())!;
    expect(new Set([current, previous!.secret])).toEqual(new Set(secrets));
  });

  test("a target that is refused leaves none behind, one that is removed takes its own along", async () => {
    const bad = { target: { ...target, headers: { Host: "elsewhere" } } };
    expect((await server.ask("PUT", "/api/v1/forward/targets/bad", { as, body: bad })).status).toBe(422);
    await server.ask("DELETE", path, { as });
    expect([...(await server.stores.admin.secrets()).keys()]).toEqual([]);
  });
});
