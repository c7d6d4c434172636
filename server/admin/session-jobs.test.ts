import { afterEach, beforeEach, expect, test } from "vitest";
import { TestClient } from "../core/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, boss, user, warden, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/sessions";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const bind = (jid: string) => TestClient.bind(server.core, Jid.parse(jid));
const count = async (body: object) => (await server.ask("POST", `${api}/jobs/count`, { as, body })).body;
const job = async () => ((await server.ask("GET", `${api}/jobs`, { as })).body["items"] as object[])[0];

test("all sessions of a filter are counted, then ended as a job, and no others", async () => {
  const clients = [await bind(`${user}/a`), await bind(`${user}/b`), await bind(`${warden}/c`)];
  expect(await count({ search: "user@" })).toMatchObject({ matching: 2, accounts: 1 });
  const begun = await server.ask("POST", `${api}/jobs`, { as, body: { search: "user@", reason: "maintenance" } });
  expect(begun.body).toMatchObject({ state: "running", matching: 2 });
  await expect.poll(job).toMatchObject({ state: "done", done: 2 });
  expect(clients.map(({ closedWith }) => closedWith?.text)).toEqual(["maintenance", "maintenance", undefined]);
  const { items } = await server.stores.admin.auditList({ action: "session.end-many" }, { limit: 9 });
  expect(items).toMatchObject([{ object: "2 sessions", actor: boss }]);
});

test.each<[object, string[]]>([
  [{ transport: "tcp" }, ["a", "b"]],
  [{ transport: "bosh" }, []],
  [{ idleMinutes: 10 }, ["a"]],
  [{ hibernating: "no" }, ["a", "b"]],
  [{ hibernating: "yes" }, []],
  [{ host: "b.example" }, []],
  [{ transport: "tcp", not: "transport" }, []],
  [{ idleMinutes: 10, not: "idleMinutes" }, ["b"]],
  [{ hibernating: "yes", not: "hibernating" }, ["a", "b"]],
  [{ transport: "bosh", idleMinutes: 10, not: "idleMinutes,transport" }, ["b"]],
])("%j finds %j", async (filter, found) => {
  await bind(`${user}/a`);
  server.clock.advance(900_000);
  await bind(`${user}/b`);
  as = await server.signIn(boss);
  const { sample } = (await count(filter)) as { sample: { jid: string }[] };
  expect(sample.map(({ jid }) => jid.slice(-1)).toSorted()).toEqual(found);
});

test("a host's admin ends those of that host only", async () => {
  const [ours, theirs] = [await bind(`${user}/a`), await bind("someone@b.example/x")];
  const held = await server.signIn(warden);
  await server.ask("POST", `${api}/jobs`, { as: held, body: {} });
  await expect.poll(() => ours.closedWith).toBeDefined();
  expect(theirs.closedWith).toBeUndefined();
});

test("what a session has sent and taken is told", async () => {
  const client = await bind(`${user}/a`);
  client.traffic = { bytesIn: 12, bytesOut: 34 };
  const { body } = await server.ask("GET", `${api}?search=user`, { as });
  expect(body["items"]).toMatchObject([
    { bytesIn: 12, bytesOut: 34, software: null, isInactive: false, unconfirmed: null },
  ]);
});
