import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, boss, warden, type AdminTestServer } from "./testing.ts";

const views = "/api/v1/views";
const suspended = { page: "/users", name: "Suspended", query: "filter=suspended" };

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

const listed = async (as: Record<string, string>) =>
  (await server.ask("GET", `${views}?page=%2Fusers`, { as })).body["items"] as Record<string, unknown>[];

test("views are one's own until they are shared", async () => {
  const [as, other] = [await server.signIn(boss), await server.signIn(warden)];
  const saved = await server.ask("PUT", views, { as, body: suspended });
  expect(saved).toMatchObject({ status: 200, body: { ...suspended, shared: false, owner: boss, isMine: true } });
  expect(await listed(other)).toEqual([]);
  await server.ask("PUT", views, { as, body: { ...suspended, shared: true } });
  expect(await listed(other)).toMatchObject([{ name: "Suspended", isMine: false }]);
  const [mine] = await listed(as);
  expect((await server.ask("DELETE", `${views}/${String(mine!["id"])}`, { as: other })).status).toBe(404);
  expect((await server.ask("DELETE", `${views}/${String(mine!["id"])}`, { as })).status).toBe(200);
  expect(await listed(as)).toEqual([]);
});

test("a shared view of somebody else goes with whoever decides about the console", async () => {
  const [as, other] = [await server.signIn(boss), await server.signIn(warden)];
  const { body } = await server.ask("PUT", views, { as: other, body: { ...suspended, shared: true } });
  expect((await server.ask("DELETE", `${views}/${String(body["id"])}`, { as })).status).toBe(200);
});

test.each([
  ["an unknown page", { ...suspended, page: "/nowhere" }],
  ["no name", { ...suspended, name: " " }],
  ["a long query", { ...suspended, query: "q".repeat(2_001) }],
])("%s is refused", async (_name, body) => {
  expect((await server.ask("PUT", views, { as: await server.signIn(boss), body })).status).toBe(400);
});
