import { afterEach, beforeEach, expect, test } from "vitest";
import { csvLine } from "./row-stream.ts";
import { adminTestServer, boss, user, warden, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

async function exported(path: string, as: Record<string, string>) {
  const response = await fetch(`${server.origin}/api/v1/exports/${path}`, { headers: as });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    lines: text.split(/\r?\n/).filter((line) => line !== ""),
  };
}

test("every row is there, over all pages, and the export is told in the audit trail", async () => {
  const accounts = Array.from({ length: 1_200 }, (_, index) => ({
    local: `x${index}`,
    host: "b.example",
    password: "a long password",
  }));
  const as = await server.key(["users:read", "users:write"]);
  for (const start of [0, 600])
    await server.ask("POST", "/api/v1/users/import", { as, body: { users: accounts.slice(start, start + 600) } });
  const { status, headers, lines } = await exported("users?host=b.example", as);
  expect([status, headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  expect(headers.get("content-disposition")).toBe('attachment; filename="users.ndjson"');
  expect(new Set(lines.map((line) => (JSON.parse(line) as { jid: string }).jid)).size).toBe(1_200);
  const { items } = await server.stores.admin.auditList({ action: "export.users" }, { limit: 9 });
  expect(items).toMatchObject([{ actor: "test key", result: "done" }]);
});

test("a table has a line of names, and the filter of the list", async () => {
  const { headers, lines } = await exported("users?format=csv&search=ward", await server.signIn(boss));
  expect(headers.get("content-type")).toContain("text/csv");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^jid,local,host,/);
  expect(lines[1]).toMatch(new RegExp(`^${warden},warden,a\\.example,`));
});

test("nobody exports more than they see", async () => {
  const { lines } = await exported("users", await server.signIn(warden));
  expect(lines.map((line) => (JSON.parse(line) as { host: string }).host)).toEqual(lines.map(() => "a.example"));
  expect((await exported("audit", await server.signIn(warden))).status).toBe(403);
  expect((await exported("users", {})).status).toBe(401);
  expect((await exported("users?format=xml", await server.signIn(boss))).status).toBe(400);
});

test("the audit trail is exported, with its hashes", async () => {
  const as = await server.signIn(boss);
  await server.ask("POST", `/api/v1/users/${user}/suspend`, { as, body: {} });
  const { lines } = await exported("audit?action=user.suspend", as);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { action: "user.suspend", object: user, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});

test.each([
  [["a", 1, true, null, undefined], "a,1,true,,\r\n"],
  [['say "hi", you', "two\nlines"], '"say ""hi"", you","two\nlines"\r\n'],
  [["=1+1", "@cmd", "-2", "+3"], "'=1+1,'@cmd,'-2,'+3\r\n"],
  [[-2, { a: [1] }], '-2,"{""a"":[1]}"\r\n'],
])("csvLine(%j)", (values, line) => {
  expect(csvLine(values)).toBe(line);
});
