import { afterEach, beforeEach, expect, test } from "vitest";
import { adminTestServer, type AdminTestServer, boss, hosts, warden } from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

const ask = async (local: string, host = hosts[0]!, as?: Record<string, string>) =>
  server.ask("GET", `/api/v1/users/name?${new URLSearchParams({ local, host }).toString()}`, {
    as: as ?? (await server.signIn(boss)),
  });

test.each([
  ["alice", { jid: "alice@a.example", fault: null, holder: null }],
  ["Alice", { jid: "alice@a.example", fault: null, holder: null }],
  ["\uff21lice", { jid: "alice@a.example", fault: null, holder: null }],
  ["USER", { jid: "user@a.example", fault: null, holder: "account" }],
  ["a b", { jid: null, fault: { rule: "space", char: " " }, holder: null }],
  ["a\uff20b", { jid: null, fault: { rule: "reserved", char: "\uff20" }, holder: null }],
  ["i\u2665xmpp", { jid: null, fault: { rule: "symbol", char: "\u2665" }, holder: null }],
  ["", { jid: null, fault: { rule: "empty", char: null }, holder: null }],
  ["\u00e9".repeat(512), { jid: null, fault: { rule: "too-long", char: null }, holder: null }],
])("of %j it is said what it becomes, or what is wrong", async (local, expected) => {
  expect((await ask(local)).body).toEqual(expected);
});

test("a name is kept while its invite can be redeemed, and what is said of it is what comes of it", async () => {
  const as = await server.signIn(boss);
  await server.core.policy.change({ author: boss, comment: "", audit: null, force: true }, (draft) => {
    draft.registration.mode = "invite";
  });
  const body = { host: "a.example", local: "Alice", expireSeconds: 60 };
  expect((await server.ask("POST", "/api/v1/invites", { as, body })).status).toBe(200);
  expect((await ask("alice")).body).toMatchObject({ jid: "alice@a.example", holder: "invite" });
  expect((await server.ask("POST", "/api/v1/invites", { as, body })).status).toBe(409);
  server.clock.advance(61_000);
  expect((await ask("alice")).body).toMatchObject({ holder: null });
});

test("is for those who may see the accounts of the host, and nothing is made", async () => {
  expect((await ask("alice", "b.example", await server.signIn(warden))).status).toBe(403);
  expect((await ask("alice", "a.example", await server.key(["hosts:read"]))).status).toBe(403);
  expect((await ask("alice", "c.example")).status).toBe(404);
  expect((await ask("alice")).status).toBe(200);
  expect(await server.stores.accounts.exists("a.example", "alice")).toBe(false);
});
