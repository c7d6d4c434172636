import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1/reports";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  const limits = { maxReports: 10, maxPerReporter: 10, since: 0 };
  for (const [id, host] of [
    ["r1", "a.example"],
    ["r2", "b.example"],
  ] as const) {
    await server.stores.reports.add(
      {
        id,
        host,
        reporter: user,
        jid: "tybalt@x.example",
        reason: "urn:xmpp:reporting:spam",
        text: "",
        consents: [],
        messages: [{ by: user, id: "s1", xml: "<message><body>villain</body></message>" }],
        at: server.clock.now(),
      },
      limits,
    );
  }
});
afterEach(() => server.stop());

const ids = async (query = "", who = as) =>
  ((await server.ask("GET", `${api}${query}`, { as: who })).body["items"] as { id: string }[]).map(({ id }) => id);

test("open ones are listed, resolved ones on request", async () => {
  expect(await ids()).toEqual(["r2", "r1"]);
  const resolved = await server.ask("POST", `${api}/r1/resolve`, { as, body: { as: "acted", note: "suspended" } });
  expect(resolved.body).toMatchObject({ resolved: { by: boss, as: "acted" }, note: "suspended" });
  expect((await server.ask("POST", `${api}/r1/resolve`, { as, body: { as: "acted" } })).status).toBe(409);
  expect(await ids()).toEqual(["r2"]);
  expect(await ids("?state=resolved")).toEqual(["r1"]);
  expect(await ids("?state=all&search=tybalt")).toEqual(["r2", "r1"]);
  expect((await server.ask("POST", `${api}/r1/reopen`, { as })).body).toMatchObject({ resolved: null });
  expect((await server.ask("GET", `${api}/r1`, { as })).body).toMatchObject({ about: 2 });
  const [, row] = (await server.stores.admin.auditList({}, { limit: 9 })).items;
  expect(row).toMatchObject({ action: "report.resolve", result: "failed", object: "tybalt@x.example" });
});

test("what was said is for those who may read bodies", async () => {
  expect(JSON.stringify((await server.ask("GET", `${api}/r1`, { as })).body)).toContain("villain");
  const key = await server.key(["reports:read"]);
  const { body } = await server.ask("GET", `${api}/r1`, { as: key });
  expect(body["messages"]).toEqual([{ by: user, id: "s1", xml: null }]);
});

test("a host's admin sees those of that host", async () => {
  const held = await server.signIn(warden);
  expect(await ids("", held)).toEqual(["r1"]);
  expect((await server.ask("GET", `${api}/r2`, { as: held })).status).toBe(403);
  expect((await server.ask("POST", `${api}/r2/resolve`, { as: held, body: { as: "acted" } })).status).toBe(403);
});

test("open reports want attention", async () => {
  const { body } = await server.ask("GET", "/api/v1/overview", { as });
  expect(body["attention"]).toContainEqual({
    code: "reports-open",
    severity: "warning",
    subject: "",
    since: new Date(server.clock.now()).toISOString(),
    value: "2",
    more: 0,
  });
});
