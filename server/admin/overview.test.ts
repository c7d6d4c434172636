import { afterEach, beforeEach, expect, test } from "vitest";
import type { Permission } from "../../lib/contracts/endpoint.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import { Overview } from "../../lib/contracts/server.ts";
import { adminTestServer, type AdminTestServer, boss, hosts } from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

async function read(granted: readonly Permission[]): Promise<Overview> {
  const { body } = await server.ask("GET", "/api/v1/overview", { as: await server.key(granted) });
  return Overview.parse(body);
}

test("one answer has all that the page shows", async () => {
  const as = await server.signIn(boss);
  for (let index = 0; index < 8; index += 1)
    await server.ask("PATCH", `/api/v1/hosts/${hosts[1]}`, { as, body: { enabled: index % 2 === 1 } });
  const overview = await read(permissions);
  expect(overview.perHost.map(({ host, users, enabled }) => [host, users, enabled])).toEqual([
    ["a.example", 3, true],
    ["b.example", 0, true],
  ]);
  expect(overview.changes?.map(({ action, object }) => `${action} ${object}`)).toEqual(
    Array.from({ length: 6 }, () => "host.update b.example"),
  );
});

test.each<{ granted: Permission[]; hosts: number; hasChanges: boolean }>([
  { granted: ["server:read"], hosts: 0, hasChanges: false },
  { granted: ["server:read", "hosts:read"], hosts: 2, hasChanges: false },
  { granted: ["server:read", "audit:read"], hosts: 0, hasChanges: true },
])("$granted: only what is for them", async ({ granted, hosts: count, hasChanges }) => {
  const overview = await read(granted);
  expect(overview.perHost).toHaveLength(count);
  expect(overview.changes !== null).toBe(hasChanges);
});

test("the bell is told the same, and no more", async () => {
  const overview = await read(["server:read"]);
  const { status, body } = await server.ask("GET", "/api/v1/attention", { as: await server.key(["server:read"]) });
  expect(status).toBe(200);
  expect(body).toEqual({ items: overview.attention });
  expect(overview.attention).not.toEqual([]);
  expect((await server.ask("GET", "/api/v1/attention", { as: await server.key(["users:read"]) })).status).toBe(403);
});
