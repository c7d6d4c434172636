import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1/groups";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const create = (body: object, who = as) =>
  server.ask("POST", api, { as: who, body: { host: "a.example", name: "staff", label: "Staff", ...body } });
const members = async (path = "") => (await server.ask("GET", `${api}/a.example/staff/members${path}`, { as })).body;

describe("groups", () => {
  test("one is made, changed, filled and removed, and the host hears of each change", async () => {
    const heard: string[] = [];
    server.core.hosts.get("a.example")!.hooks.add("test", "groups/changed", ({ names }) => {
      heard.push(...names);
    });
    expect((await create({ displays: ["staff"] })).body).toMatchObject({
      name: "staff",
      displays: ["staff"],
      listed: 0,
    });
    expect((await create({})).status).toBe(409);
    const add = { add: ["user", boss], remove: [] };
    expect((await server.ask("POST", `${api}/a.example/staff/members`, { as, body: add })).body).toEqual({
      added: 2,
      removed: 0,
    });
    const page = await members("?limit=1");
    expect(page).toMatchObject({ items: [{ jid: boss, online: 0 }], total: 2 });
    expect((await members(`?limit=1&cursor=${String(page["nextCursor"])}`))["items"]).toEqual([
      { jid: user, online: 0 },
    ]);
    const changed = await server.ask("PUT", `${api}/a.example/staff`, {
      as,
      body: { label: "Everybody", members: "everybody" },
    });
    expect(changed.body).toMatchObject({ label: "Everybody", members: "everybody", displays: [], listed: 2 });
    expect((await server.ask("DELETE", `${api}/a.example/staff`, { as })).status).toBe(200);
    expect((await server.ask("GET", `${api}/a.example/staff`, { as })).status).toBe(404);
    expect(heard).toEqual(["staff", "staff", "staff", "staff"]);
    const rows = (await server.stores.admin.auditList({}, { limit: 4 })).items;
    expect(rows.map(({ action, object }) => `${action} ${object}`)).toEqual([
      "group.remove staff on a.example",
      "group.update staff on a.example",
      "group.members staff on a.example",
      "group.create staff on a.example",
    ]);
  });

  test.each([
    ["a name that is none", { name: "Staff!" }, 400],
    ["an unknown group to see", { displays: ["nobody"] }, 400],
    ["no label", { label: " " }, 400],
    ["a host that is not served", { host: "c.example" }, 404],
  ])("%s is refused", async (_, body, status) => {
    expect((await create(body)).status).toBe(status);
  });

  test.each([[["nobody"]], [["user@b.example"]], [["user@a.example/x"]]])("%j cannot be members", async (add) => {
    await create({});
    const answer = await server.ask("POST", `${api}/a.example/staff/members`, { as, body: { add } });
    expect(answer.status).toBe(400);
  });

  test("a host's admin sees and changes those of that host", async () => {
    const held = await server.signIn(warden);
    await create({});
    await create({ host: "b.example" });
    expect((await server.ask("GET", api, { as: held })).body["items"]).toHaveLength(1);
    expect((await server.ask("GET", api, { as })).body["items"]).toHaveLength(2);
    expect((await server.ask("DELETE", `${api}/b.example/staff`, { as: held })).status).toBe(403);
    expect((await server.ask("DELETE", `${api}/a.example/staff`, { as: held })).status).toBe(200);
  });
});
