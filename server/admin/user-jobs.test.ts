import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "../core/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, boss, passwordOf, user, warden, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/users/jobs";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

async function people(count: number, host = "b.example"): Promise<void> {
  const users = Array.from({ length: count }, (_, index) => ({
    local: `p${String(index).padStart(3, "0")}`,
    host,
    password: "a long password",
  }));
  const by = await server.key(["users:write"]);
  for (let start = 0; start < count; start += 1000)
    await server.ask("POST", "/api/v1/users/import", { as: by, body: { users: users.slice(start, start + 1000) } });
}
const count = (body: object, by = as) => server.ask("POST", `${api}/count`, { as: by, body });
const jobs = async (by = as) => (await server.ask("GET", api, { as: by })).body["items"] as Record<string, unknown>[];
const done = (by = as) => expect.poll(async () => (await jobs(by))[0]?.["state"]).toBe("done");
const left = async (filter = "") =>
  (
    (await server.ask("GET", `/api/v1/users?limit=500&search=p&${filter}`, { as })).body["items"] as { jid: string }[]
  ).map(({ jid }) => jid);

describe("a job on all accounts that a filter finds", () => {
  test("is counted first, does what it says on every page, spares the exceptions, and is one audit row", async () => {
    await people(250);
    const selection = { search: "p", host: "b.example", except: ["p007@b.example", "P200@b.example"] };
    const counted = await count({ ...selection, action: "suspend" });
    expect(counted.body).toMatchObject({ matching: 248, sessions: 0, leftOutCount: 0 });
    expect(counted.body["sample"]).toHaveLength(5);
    expect(await left("filter=suspended")).toEqual([]);
    const begun = await server.ask("POST", api, { as, body: { ...selection, action: "suspend", reason: "spam" } });
    expect(begun.body).toMatchObject({ state: "running", matching: 248, by: boss, action: "suspend" });
    await done();
    expect((await jobs())[0]).toMatchObject({ done: 248, failed: 0, failures: [] });
    expect(await left("filter=suspended")).toHaveLength(248);
    const row = await server.stores.accounts.find("b.example", "p001");
    expect(row?.suspended).toMatchObject({ reason: "spam", by: boss });
    const { items } = await server.stores.admin.auditList({ action: "user.change-many" }, { limit: 9 });
    expect(items).toMatchObject([{ actor: boss, object: "248 accounts", result: "done" }]);
    expect(items[0]?.detail).toContain(`"search":"p"`);
  });

  test("deletes what it walks over without losing its place", async () => {
    await people(230);
    await server.ask("POST", api, { as, body: { search: "p", action: "delete", except: ["p100@b.example"] } });
    await done();
    expect(await left()).toEqual(["p100@b.example"]);
  });

  test("lifts suspensions, and passes over those that have none", async () => {
    await people(3);
    const p = Jid.parse("p001@b.example");
    await server.core.accounts.suspend(p, { reason: "", at: 1, until: null, by: boss });
    await server.ask("POST", api, { as, body: { filter: "suspended", action: "resume" } });
    await done();
    expect(await left("filter=suspended")).toEqual([]);
    expect((await jobs())[0]).toMatchObject({ matching: 1, done: 1 });
  });

  test("ends sessions, and the clients may come back", async () => {
    const client = await TestClient.bind(server.core, Jid.parse(`${user}/phone`));
    expect((await count({ filter: "online", action: "end-sessions" })).body).toMatchObject({
      matching: 1,
      sessions: 1,
    });
    await server.ask("POST", api, { as, body: { filter: "online", action: "end-sessions", reason: "tidying" } });
    await done();
    expect(client.closedWith).toMatchObject({ condition: "reset", text: "tidying" });
    expect(await server.core.accounts.verify(Jid.parse(user), passwordOf(user))).toBe("ok");
  });

  test("leaves accounts with passwords that nobody knows", async () => {
    await server.ask("POST", api, { as, body: { search: "user", action: "expire-password" } });
    await done();
    expect(await server.core.accounts.verify(Jid.parse(user), passwordOf(user))).toBe("wrong");
    expect(await server.core.accounts.verify(Jid.parse(boss), passwordOf(boss))).toBe("ok");
  });

  test("never touches oneself, nor somebody with a role above one's own", async () => {
    const held = await server.signIn(warden);
    const mine = await count({ action: "delete" }, held);
    expect(mine.body).toMatchObject({
      matching: 1,
      leftOutCount: 2,
      leftOut: [
        { jid: boss, why: "role" },
        { jid: warden, why: "self" },
      ],
    });
    await server.ask("POST", api, { as: held, body: { action: "delete" } });
    await done(held);
    expect((await jobs(held))[0]).toMatchObject({ done: 1, failed: 0 });
    expect(await server.stores.accounts.count("a.example")).toBe(2);
  });

  test("says which accounts it could not change, and why", async () => {
    await server.core.policy.change({ author: boss, comment: "", audit: null, force: true }, (draft) => {
      draft.acl["admin"] = [{ user }];
    });
    const key = await server.key(["users:read", "users:write", "roles:write"]);
    await server.ask("POST", api, { as: key, body: { search: "user", action: "delete" } });
    await done(key);
    expect((await jobs(key))[0]).toMatchObject({ done: 0, failed: 1, failures: [{ item: user, code: "last-admin" }] });
  });

  test("keeps to the hosts of whoever began it, and is seen by them", async () => {
    await people(3);
    const held = await server.signIn(warden);
    expect((await server.ask("POST", api, { as: held, body: { host: "b.example", action: "suspend" } })).status).toBe(
      403,
    );
    await server.ask("POST", api, { as: held, body: { search: "p", action: "suspend" } });
    await done(held);
    expect(await left("filter=suspended")).toEqual([]);
    await server.ask("POST", api, { as, body: { search: "p", action: "suspend" } });
    await done();
    expect(await jobs(held)).toHaveLength(1);
    expect(await jobs()).toHaveLength(2);
  });

  test("is stopped where it is", async () => {
    await people(250);
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
    let begunWith = 0;
    server.core.hosts.get("b.example")!.hooks.add("test", "account/removing", () => {
      begunWith += 1;
      return gate;
    });
    const begun = await server.ask("POST", api, { as, body: { search: "p", action: "delete" } });
    await expect.poll(() => begunWith).toBe(20);
    const stopped = await server.ask("POST", `${api}/${String(begun.body["id"])}/stop`, { as, body: {} });
    expect(stopped.body).toMatchObject({ state: "stopped", done: 0 });
    open(undefined);
    await expect.poll(async () => (await left()).length).toBe(230);
    expect((await server.ask("POST", `${api}/none/stop`, { as, body: {} })).status).toBe(404);
  });

  test("deletes 10,000 as one job that is audited once, with its filter, and stopped in the middle leaves the rest", async () => {
    await people(10_000);
    await people(3, "a.example");
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
    let begunWith = 0;
    server.core.hosts.get("b.example")!.hooks.add("test", "account/removing", () => {
      begunWith += 1;
      return begunWith > 4000 ? gate : undefined;
    });
    const selection = { host: "b.example", search: "p", via: "import" };
    const begun = await server.ask("POST", api, { as, body: { ...selection, action: "delete" } });
    expect(begun.body).toMatchObject({ state: "running", matching: 10_000 });
    await expect.poll(() => begunWith, { timeout: 60_000 }).toBe(4020);
    const stopped = await server.ask("POST", `${api}/${String(begun.body["id"])}/stop`, { as, body: {} });
    expect(stopped.body).toMatchObject({ state: "stopped", done: 4000, failed: 0 });
    open(undefined);
    await expect.poll(() => server.stores.accounts.count("b.example")).toBe(10_000 - 4020);
    expect(await server.stores.accounts.exists("b.example", "p000")).toBe(false);
    expect(await server.stores.accounts.exists("b.example", "p9999")).toBe(true);
    expect(await left("host=a.example")).toEqual(["p000@a.example", "p001@a.example", "p002@a.example"]);
    expect(await jobs()).toHaveLength(1);
    expect((await jobs())[0]).toMatchObject({ state: "stopped", matching: 10_000 });

    // What was there before it are the imports.
    const { items } = await server.stores.admin.auditList({}, { limit: 5 });
    const told = items.map(({ action, object }) => [action, object]);
    expect(told.slice(0, 3)).toEqual([
      ["user.change-many.stop", expect.any(String)],
      ["user.change-many", "10000 accounts"],
      ["user.import", "3 accounts"],
    ]);
    expect(JSON.parse(items[1]!.detail ?? "")).toMatchObject({
      input: { ...selection, action: "delete" },
      job: begun.body["id"],
    });
  }, 120_000);

  test("narrows by when accounts were made, used and filled", async () => {
    await people(2);
    server.clock.advance(40 * 86_400_000);
    as = await server.signIn(boss);
    await server.core.accounts.create({ user: Jid.parse("p900@b.example"), password: "a long password", via: "web" });
    expect(await left("idleDays=30")).toEqual(["p000@b.example", "p001@b.example"]);
    expect(await left("createdDays=1")).toEqual(["p900@b.example"]);
    expect(await left("via=web")).toEqual(["p900@b.example"]);
    expect(await left("minMessages=1")).toEqual([]);
    expect((await count({ idleDays: 30, search: "p", action: "delete" })).body).toMatchObject({ matching: 2 });
  });
});

describe("tags", () => {
  const tags = (jid: string, body: object, by = as) =>
    server.ask("PATCH", `/api/v1/users/${jid}/tags`, { as: by, body });

  test("are put on and taken off, find accounts, and are one audit row each", async () => {
    await people(3);
    const one = await tags("p001@b.example", { add: [" VIP ", "beta.2"] });
    expect(one.body).toMatchObject({ jid: "p001@b.example", tags: ["beta.2", "vip"] });
    expect((await tags("p001@b.example", { add: ["vip"], remove: ["beta.2"] })).body["tags"]).toEqual(["vip"]);
    expect(await left("tag=vip")).toEqual(["p001@b.example"]);
    expect(await left("tag=vip&not=tag")).toEqual(["p000@b.example", "p002@b.example"]);
    expect((await server.ask("GET", "/api/v1/users/tags", { as })).body).toEqual({
      items: [{ tag: "vip", accounts: 1 }],
    });
    const { items } = await server.stores.admin.auditList({ action: "user.set-tags" }, { limit: 9 });
    expect(items).toMatchObject([
      { object: "p001@b.example", result: "done" },
      { object: "p001@b.example", result: "done" },
    ]);
  });

  test.each([
    ["a blank", 400, { add: ["v i p"] }],
    ["nothing", 400, { add: [""] }],
    ["a colon, which would end a term", 400, { add: ["a:b"] }],
    ["too long", 400, { add: ["x".repeat(33)] }],
    ["a hyphen first, which would turn it round", 400, { add: ["-vip"] }],
    ["more than there is room for", 409, { add: Array.from({ length: 20 }, (_, index) => `t${index}`) }],
  ])("%s is refused: %i", async (_name, status, body) => {
    await tags(user, { add: ["first"] });
    expect((await tags(user, body)).status).toBe(status);
    expect((await server.stores.accounts.find("a.example", "user"))?.tags).toEqual(["first"]);
  });

  test("are put on many by a job, one's own account and admins included", async () => {
    await people(120);
    await server.ask("POST", api, { as, body: { action: "tag", word: "Spring", except: ["p007@b.example"] } });
    await done();
    expect((await jobs())[0]).toMatchObject({ action: "tag", done: 122, failed: 0 });
    expect(await left("tag=spring&not=tag")).toEqual(["p007@b.example"]);
    const only = [boss, "p001@b.example", "nobody@b.example"];
    expect((await count({ action: "untag", only })).body).toMatchObject({ matching: 2, leftOutCount: 0 });
    await server.ask("POST", api, { as, body: { action: "untag", word: "spring", only } });
    await done();
    expect(await left("tag=spring&not=tag")).toEqual(["p001@b.example", "p007@b.example"]);
    expect((await server.ask("POST", api, { as, body: { action: "tag" } })).status).toBe(400);
  });

  test("of other hosts are not for a host's admin", async () => {
    await people(1);
    await tags("p000@b.example", { add: ["secret"] });
    const held = await server.signIn(warden);
    expect((await tags("p000@b.example", { add: ["x"] }, held)).status).toBe(403);
    expect((await server.ask("GET", "/api/v1/users/tags", { as: held })).body).toEqual({ items: [] });
    expect((await tags("nobody@a.example", { add: ["x"] })).status).toBe(404);
  });
});

describe("a filter that is turned round", () => {
  test.each([
    ["filter=suspended&not=filter", ["p000@b.example", "p002@b.example"]],
    ["filter=online&not=filter", ["p000@b.example", "p001@b.example"]],
    ["filter=online&not=filter&via=import", ["p000@b.example", "p001@b.example"]],
    ["idleDays=30&not=idleDays", ["p000@b.example", "p001@b.example", "p002@b.example"]],
    ["via=import&not=via", []],
    ["filter=suspended&via=import&not=filter,via", []],
  ])("%s", async (filter, found) => {
    await people(3);
    const suspension = { reason: "", at: 1, until: null, by: boss };
    await server.core.accounts.suspend(Jid.parse("p001@b.example"), suspension);
    await TestClient.bind(server.core, Jid.parse("p002@b.example/phone"));
    expect(await left(filter)).toEqual(found);
  });

  test("is refused for what cannot be", async () => {
    expect((await server.ask("GET", "/api/v1/users?not=search", { as })).status).toBe(400);
  });

  test("is what a job goes by", async () => {
    await people(3);
    await TestClient.bind(server.core, Jid.parse("p002@b.example/phone"));
    const selection = { search: "p", filter: "online", not: "filter" };
    expect((await count({ ...selection, action: "delete" })).body).toMatchObject({ matching: 2 });
    await server.ask("POST", api, { as, body: { ...selection, action: "delete" } });
    await done();
    expect(await left()).toEqual(["p002@b.example"]);
  });
});
