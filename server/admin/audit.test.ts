import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contractEntries, type Entry } from "./dispatch.ts";
import { adminTestServer, boss, passwordOf, user, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
beforeAll(async () => {
  server = await adminTestServer();
});
afterAll(() => server.stop());

const rows = async () => (await server.stores.admin.auditList({}, { limit: 500 })).items;
/** The rows that an act adds. */
async function addedBy(act: () => Promise<unknown>) {
  const head = (await rows())[0]?.id ?? 0;
  await act();
  return (await rows()).filter(({ id }) => id > head);
}

// A log-in has no credentials yet and set-up is over; both have tests of their own.
const audited = [...contractEntries().values()].filter(
  ({ meta }) => meta.audit !== undefined && meta.permission !== "public",
);
const pathOf = ({ path }: Entry): string => `/api/v1${path.replaceAll(/\{\w+\}/g, "none%40a.example")}`;

test.each(audited.map((entry) => [entry.name, entry] as const))("%s leaves exactly one entry", async (_name, entry) => {
  const as = await server.signIn(boss);
  const { method } = entry;
  const headers = { ...as, origin: server.origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  let requestId: string | null = null;
  const added = await addedBy(async () => {
    const init = { method, headers, ...(method === "GET" ? {} : { body: "{}" }) };
    const response = await fetch(server.origin + pathOf(entry), init);
    requestId = response.headers.get("x-request-id");
    await response.text();
  });
  expect(added).toMatchObject([{ action: entry.meta.audit, actor: boss, requestId }]);
});

describe("what is done is told once, with what it was done to", () => {
  const api = "/api/v1";
  test.each([
    ["POST", `${api}/users`, { local: "fresh", host: "a.example", password: "a long password" }, "fresh@a.example"],
    ["POST", `${api}/users/${user}/suspend`, { reason: "spam" }, user],
    ["POST", `${api}/users/${user}/resume`, {}, user],
    ["PUT", `${api}/acl/friends`, { any: [{ user }] }, "friends"],
    ["PUT", `${api}/access/friends`, { lines: [{ allow: [{ acl: "friends" }] }] }, "friends"],
    ["POST", `${api}/roles/operator/members`, { jid: user }, user],
    ["POST", `${api}/keys`, { name: "ci", permissions: ["users:read"] }, "ci"],
    ["PUT", `${api}/views`, { page: "/users", name: "all", query: "" }, "all"],
    ["POST", `${api}/auth/factors/totp`, { password: passwordOf(boss) }, ""],
  ])("%s %s", async (method, path, body, object) => {
    const as = await server.signIn(boss);
    const added = await addedBy(() => server.ask(method, path, { as, body }));
    expect(added).toMatchObject([{ actor: boss, result: "done", object }]);
    expect(JSON.stringify(added)).not.toContain("password of");
  });
});

test("an entry tells by what means somebody acted", async () => {
  const before = await server.stores.admin.sessions(boss);
  const as = await server.signIn(boss);
  const session = (await server.stores.admin.sessions(boss)).find(({ id }) => before.every((one) => one.id !== id));
  const [own] = await addedBy(() =>
    server.ask("PUT", "/api/v1/acl/watched", { as: { ...as, "user-agent": "curl/8" }, body: { any: [] } }),
  );
  expect(JSON.parse(own!.means!)).toEqual({
    kind: "account",
    roles: ["owner"],
    credential: session!.id,
    userAgent: "curl/8",
  });
  const byKey = await server.key(["policy:write"]);
  const [entry] = await addedBy(() => server.ask("PUT", "/api/v1/acl/watched", { as: byKey, body: { any: [] } }));
  const { items } = (await server.ask("GET", "/api/v1/audit?limit=1", { as })).body as { items: unknown[] };
  expect(items).toMatchObject([{ id: entry!.id, means: { kind: "key", roles: [] } }]);
});

test("an entry of a changed policy names the revision that it began from", async () => {
  const as = await server.signIn(boss);
  const base = server.core.policy.revision.id;
  const [row] = await addedBy(() => server.ask("PUT", "/api/v1/acl/others", { as, body: { any: [] } }));
  expect(JSON.parse(row!.detail!)).toMatchObject({ base, changes: [{ path: "acl.others" }] });
});

test("the chain is checked", async () => {
  const as = await server.signIn(boss);
  const { body } = await server.ask("GET", "/api/v1/audit/chain", { as });
  const [newest] = await rows();
  expect(body).toEqual({
    intact: true,
    brokenAt: null,
    rows: newest!.id,
    head: { id: newest!.id, hash: newest!.hash },
  });
});

test.each([
  ["result=refused", (row: { result: string }) => row.result === "refused"],
  ["action=user.suspend", (row: { action: string }) => row.action === "user.suspend"],
])("the list is filtered by %s", async (filter, isWanted) => {
  const as = await server.signIn(boss);
  await server.ask("GET", "/api/v1/users", { as: await server.key([]) });
  const { body } = await server.ask("GET", `/api/v1/audit?limit=500&${filter}`, { as });
  const ids = (body["items"] as { id: number }[]).map(({ id }) => id);
  expect(ids).toEqual((await rows()).filter((row) => isWanted(row)).map(({ id }) => id));
});
