import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1/sessions";

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

test("a session tells whether its account is pushed to", async () => {
  const device = {
    id: "d1",
    host: "a.example",
    user,
    kind: "apns",
    target: "hook",
    token: "t",
    settings: {},
    name: null,
    appVersion: null,
    resource: null,
    node: null,
    secretHash: null,
    via: "api",
    registeredAt: 1,
    renewedAt: 1,
    isEnabled: true,
  } as const;
  await server.connect(`${user}/phone`);
  await server.connect(`${boss}/desk`);
  const pushed = async () => {
    const { body } = await server.ask("GET", api, { as });
    return (body["items"] as { jid: string; isPushed: boolean }[]).map(({ jid, isPushed }) => [jid, isPushed]);
  };
  expect(await pushed()).toEqual([
    [`${boss}/desk`, false],
    [`${user}/phone`, false],
  ]);
  expect(await server.stores.devices.register(device, 10)).not.toBeNull();
  expect(await pushed()).toEqual([
    [`${boss}/desk`, false],
    [`${user}/phone`, true],
  ]);
  const listed = await server.ask("GET", "/api/v1/users", { as });
  expect((listed.body["items"] as { devices: number }[]).map(({ devices }) => devices)).toEqual([0, 1, 0]);
});

test("names are looked up of addresses that somebody is connected from", async () => {
  const names = async (who = as) =>
    server.ask("POST", `${api}/names`, { as: who, body: { addresses: ["127.0.0.1", "8.8.8.8"] } });
  expect((await names()).body).toEqual({ items: [] });
  await server.connect(`${user}/phone`);
  expect((await names()).body).toEqual({ items: [{ address: "127.0.0.1", name: null }] });
  expect((await names(await server.signIn(warden))).body).toMatchObject({ items: [{ address: "127.0.0.1" }] });
  expect((await names(await server.key(["users:read"]))).status).toBe(403);
  expect((await server.ask("POST", `${api}/names`, { as, body: { addresses: [] } })).status).toBe(400);
});
