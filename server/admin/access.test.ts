import { encode } from "next-auth/jwt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import { Jid } from "../xmpp/jid.ts";
import {
  adminTestServer,
  type AdminTestServer,
  boss,
  consoleSecret,
  firstAdmin,
  passwordOf,
  user,
  warden,
  withoutAdmins,
} from "./testing.ts";

let server: AdminTestServer;
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(() => server.stop());

const api = "/api/v1";
const me = `${api}/auth/me`;
const create = { local: "new", host: "a.example", password: "correct horse" };
const audited = async () => (await server.stores.admin.auditList({}, { limit: 100 })).items;

describe("credentials that are none", () => {
  test.each([
    ["no scheme", { authorization: "np_x" }],
    ["another scheme", { authorization: "Basic Ym9zczpib3Nz" }],
    ["an unknown key", { authorization: `Bearer np_${"x".repeat(43)}` }],
    ["bytes", { authorization: "Bearer \u00ff\u00fe%%%" }],
    ["a long header", { authorization: `Bearer ${"np_".repeat(2_000)}` }],
    ["no token", { cookie: "nightpost.sid=" }],
    ["not a token", { cookie: "nightpost.sid=a.b.c.d.e" }],
    ["an encoding that is none", { cookie: "nightpost.sid=%E0%A4%A; ==; =;;" }],
  ])("%s", async (_name, as) => {
    expect(await server.ask("GET", me, { as })).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  });

  test.each([
    ["signed by somebody else", () => encode({ token: { sid: "s", jid: boss }, secret: "x".repeat(32) })],
    ["for another purpose", () => encode({ token: { sub: boss }, secret: consoleSecret })],
    ["with a list for an id", () => encode({ token: { sid: ["s"], jid: boss }, secret: consoleSecret })],
    ["of a session that is not kept", () => encode({ token: { sid: "s", jid: boss }, secret: consoleSecret })],
    ["that has expired", () => encode({ token: { sid: "s", jid: boss }, secret: consoleSecret, maxAge: -60 })],
  ])("a token %s", async (_name, make) => {
    const cookie = `nightpost.sid=${await make()}`;
    expect((await server.ask("GET", me, { as: { cookie } })).status).toBe(401);
  });

  test("another account's session", async () => {
    await server.signIn(boss);
    const [row] = await server.stores.admin.sessions(boss);
    const token = { sid: row!.id, jid: warden };
    const cookie = `nightpost.sid=${await encode({ token, secret: consoleSecret })}`;
    expect((await server.ask("GET", me, { as: { cookie } })).status).toBe(401);
  });
});

describe("requests on behalf of another site", () => {
  test.each([
    ["another origin", { origin: "https://evil.example" }],
    ["an origin that hides", { origin: "null" }],
    ["a sibling", { "sec-fetch-site": "same-site" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
  ])("%s", async (_name, headers) => {
    const as = await server.signIn(boss);
    const answer = await server.ask("POST", `${api}/users`, { as, headers, body: create });
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await server.stores.accounts.exists("a.example", "new")).toBe(false);
  });

  test("a browser that sends no origin is not believed", async () => {
    const { cookie } = await server.signIn(boss);
    const headers = { cookie: cookie!, "content-type": "application/json" };
    const response = await fetch(server.origin + `${api}/users`, {
      method: "POST",
      headers,
      body: JSON.stringify(create),
    });
    expect(response.status).toBe(403);
  });

  test("a key needs no origin, and no answer allows another one", async () => {
    const as = await server.key(["users:write"]);
    const answer = await server.ask("POST", `${api}/users`, {
      as,
      headers: { origin: "https://ci.example" },
      body: create,
    });
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe("sessions and keys", () => {
  test("a session ends with its row, at the latest two seconds later", async () => {
    const as = await server.signIn(boss);
    expect((await server.ask("GET", me, { as })).body).toMatchObject({ kind: "account", name: boss, hosts: null });
    const [row] = await server.stores.admin.sessions(boss);
    await server.stores.admin.removeSession(row!.id);
    server.clock.advance(2_000);
    expect((await server.ask("GET", me, { as })).status).toBe(401);
  });

  test("logging out ends it at once", async () => {
    const as = await server.signIn(boss);
    expect((await server.ask("POST", `${api}/auth/logout`, { as, body: {} })).status).toBe(200);
    expect((await server.ask("GET", me, { as })).status).toBe(401);
  });

  test("it ends at its time, with the account, and with a new password", async () => {
    const expiring = await server.signIn(boss);
    server.clock.advance(3_600_001);
    expect((await server.ask("GET", me, { as: expiring })).status).toBe(401);
    const as = await server.key(permissions);
    const held = await server.signIn(warden);
    await server.ask("POST", `${api}/users/${warden}/suspend`, { as, body: {} });
    expect((await server.ask("GET", me, { as: held })).status).toBe(401);
    await server.ask("POST", `${api}/users/${warden}/resume`, { as, body: {} });
    const other = await server.signIn(warden);
    await server.ask("PUT", `${api}/users/${warden}/password`, { as, body: { password: "another one" } });
    expect((await server.ask("GET", me, { as: other })).status).toBe(401);
  });

  test("somebody else's session cannot be revoked", async () => {
    await server.signIn(boss);
    const [row] = await server.stores.admin.sessions(boss);
    const as = await server.signIn(warden);
    expect((await server.ask("DELETE", `${api}/auth/sessions/${row!.id}`, { as })).status).toBe(404);
  });

  test("a key ends at its time, and gives nothing that its maker does not have", async () => {
    const as = await server.key(["users:read"], { expiresAt: server.clock.now() + 1_000 });
    expect((await server.ask("GET", `${api}/users`, { as })).status).toBe(200);
    server.clock.advance(1_000);
    expect((await server.ask("GET", `${api}/users`, { as })).status).toBe(401);
    const maker = await server.key(["keys:write", "users:read"]);
    const body = { name: "more", permissions: ["users:read", "users:write"] };
    expect(await server.ask("POST", `${api}/keys`, { as: maker, body })).toMatchObject({
      status: 403,
      body: { permission: "users:write" },
    });
  });

  test("a key is for the addresses it was made for, and ends in 90 days unless said otherwise", async () => {
    const near = await server.key(["users:read"], { addresses: ["192.0.2.0/24", "127.0.0.0/8"] });
    expect((await server.ask("GET", `${api}/users`, { as: near })).status).toBe(200);
    const far = await server.key(["users:read"], { addresses: ["192.0.2.0/24"] });
    expect((await server.ask("GET", `${api}/users`, { as: far })).status).toBe(401);
    const as = await server.signIn(boss);
    const make = (more: object) =>
      server.ask("POST", `${api}/keys`, { as, body: { name: "ci", permissions: ["users:read"], ...more } });
    const { body } = await make({ addresses: ["2001:db8:0::/48"] });
    expect(body).toMatchObject({ addresses: ["2001:db8::/48"] });
    expect(Date.parse(String(body["expiresAt"])) - server.clock.now()).toBe(90 * 86_400_000);
    expect((await make({ expiresAt: null })).body).toMatchObject({ expiresAt: null });
    expect(await make({ addresses: ["everywhere"] })).toMatchObject({ status: 400, body: { code: "bad-input" } });
  });

  test("all other sessions end at once, this one stays", async () => {
    const [as, other] = [await server.signIn(boss), await server.signIn(boss)];
    const wardens = await server.signIn(warden);
    expect((await server.ask("POST", `${api}/auth/sessions/revoke-others`, { as, body: {} })).body).toEqual({
      ended: 1,
    });
    expect((await server.ask("GET", me, { as: other })).status).toBe(401);
    for (const kept of [as, wardens]) expect((await server.ask("GET", me, { as: kept })).status).toBe(200);
  });

  test("the policy counts at once", async () => {
    const as = await server.signIn(boss);
    expect((await server.ask("GET", `${api}/users`, { as })).status).toBe(200);
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.acl["admin"] = [{ user: user }];
    });
    expect(await server.ask("GET", `${api}/users`, { as })).toMatchObject({
      status: 403,
      body: { permission: "users:read", rule: "configure" },
    });
  });
});

describe("an admin of one host", () => {
  test("sees and changes that host only", async () => {
    const as = await server.signIn(warden);
    expect((await server.ask("GET", me, { as })).body).toMatchObject({ hosts: ["a.example"] });
    await server.core.accounts.create({ user: Jid.parse("x@b.example"), password: "p", via: "cli" });
    const { body } = await server.ask("GET", `${api}/users`, { as });
    expect((body["items"] as { host: string }[]).every(({ host }) => host === "a.example")).toBe(true);
    expect((await server.ask("GET", `${api}/hosts`, { as })).body["items"]).toMatchObject([{ host: "a.example" }]);
    expect((await server.ask("POST", `${api}/users`, { as, body: create })).status).toBe(200);
    for (const [method, path, body] of [
      ["GET", "/users?host=b.example", undefined],
      ["GET", "/users/x@b.example", undefined],
      ["POST", "/users", { ...create, host: "b.example" }],
      ["POST", "/users", { ...create, host: "B.EXAMPLE" }],
      ["POST", "/users/import", { users: [create, { ...create, host: "b.example" }] }],
      ["GET", "/registration", undefined],
      ["GET", "/registration?host=b.example", undefined],
      ["GET", "/policy", undefined],
      ["GET", "/audit", undefined],
    ] as const) {
      const answer = await server.ask(method, api + path, { as, ...(body === undefined ? {} : { body }) });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test("cannot become more by way of an admin's password", async () => {
    const as = await server.signIn(warden);
    const body = { password: "mine now" };
    expect(await server.ask("PUT", `${api}/users/${boss}/password`, { as, body })).toMatchObject({
      status: 403,
      body: { permission: "roles:write" },
    });
    const users = [{ local: "boss", host: "a.example", password: "mine now" }];
    expect(
      (await server.ask("POST", `${api}/users/import`, { as, body: { users, onConflict: "update" } })).status,
    ).toBe(403);
    expect((await server.ask("DELETE", `${api}/users/${boss}`, { as })).status).toBe(403);
  });
});

describe("login", () => {
  const login = (jid: string, password: string) =>
    server.ask("POST", `${api}/auth/verify`, { body: { jid, password } });

  test("tells wrong pairs, people who are no admins, and admins apart", async () => {
    const wrong = await login(boss, "nonsense");
    const unknown = await login("nobody-here@a.example", "nonsense");
    expect(wrong).toMatchObject({ status: 401, body: { code: "bad-credentials" } });
    expect({ ...unknown.body, requestId: "" }).toEqual({ ...wrong.body, requestId: "" });
    expect(await login(user, passwordOf(user))).toMatchObject({
      status: 403,
      body: { code: "not-admin", rule: "configure" },
    });
    expect(await login(warden, passwordOf(warden))).toMatchObject({ status: 200, body: { jid: warden } });
    expect((await audited()).map(({ object, result }) => [object, result])).toEqual([
      [warden, "done"],
      [user, "refused"],
      ["nobody-here@a.example", "refused"],
      [boss, "refused"],
    ]);
  });

  test("too many attempts are refused unseen, and say when to come back", async () => {
    for (let failures = 0; failures < 20; failures += 1) server.throttle.failed("127.0.0.1", boss);
    const answer = await login(boss, passwordOf(boss));
    expect(answer).toMatchObject({ status: 429, body: { code: "throttled", retryAfterSeconds: 3 } });
    expect(answer.headers.get("retry-after")).toBe("3");
    expect(await audited()).toEqual([]);
  });
});

describe("an admin's account that is removed", () => {
  test("leaves no line that the next owner of the name would profit from", async () => {
    const jid = Jid.parse("second@a.example");
    await server.core.accounts.create({ user: jid, password: "p", via: "cli" });
    const as = await server.signIn(boss);
    await server.ask("POST", `${api}/users/${jid.bare}/admin`, { as, body: {} });
    expect(server.core.policy.isAdmin(jid, null)).toBe(true);
    await server.core.accounts.remove(jid);
    expect(server.core.policy.isAdmin(jid, null)).toBe(false);
    expect(server.core.policy.document.acl["admin"]).toEqual([{ user: boss }]);
  });

  test("the last one cannot be removed by the API, nor can its host", async () => {
    const as = await server.key(permissions);
    expect(await server.ask("DELETE", `${api}/users/${boss}`, { as })).toMatchObject({ body: { code: "last-admin" } });
    const removal = await server.ask("DELETE", `${api}/hosts/a.example`, { as, body: { confirm: "a.example" } });
    expect(removal).toMatchObject({ status: 409, body: { code: "locks-out-admin" } });
    expect(await server.stores.accounts.exists("a.example", "boss")).toBe(true);
  });
});

describe("set-up", () => {
  let fresh: AdminTestServer;
  beforeEach(async () => {
    fresh = await adminTestServer({ policy: withoutAdmins });
  });
  afterEach(() => fresh.stop());

  test("needs the token, works once, and makes an admin", async () => {
    const token = fresh.api.issueSetupToken()!;
    expect((await fresh.ask("GET", `${api}/status`)).body).toMatchObject({ needsSetup: true });
    expect((await fresh.ask("GET", `${api}/setup?token=${token}`)).body).toMatchObject({
      open: true,
      tokenValid: true,
    });
    const guess = await fresh.ask("POST", `${api}/setup`, { body: { ...firstAdmin, token: "guess" } });
    expect(guess).toMatchObject({ status: 403, body: { code: "bad-token" } });
    const done = await fresh.ask("POST", `${api}/setup`, { body: { ...firstAdmin, token, registration: "open" } });
    expect(done).toMatchObject({ status: 200, body: { jid: firstAdmin.admin } });
    const { document, revision } = fresh.core.policy;
    expect(document.acl["admin"]).toEqual([{ user: firstAdmin.admin }]);
    expect(document.registration.mode).toBe("open");
    expect(revision.author).toBe(firstAdmin.admin);
    expect(fresh.core.hosts.get("bix.example")).toBeDefined();
    const again = await fresh.ask("POST", `${api}/setup`, { body: { ...firstAdmin, token } });
    expect(again).toMatchObject({ status: 410, body: { code: "setup-done" } });
    expect(fresh.api.issueSetupToken()).toBeNull();
    const body = { jid: "harttle@bix.example", password: firstAdmin.password };
    expect((await fresh.ask("POST", `${api}/auth/verify`, { body })).status).toBe(200);
  });

  test("by configuration, also on an account that is there", async () => {
    await fresh.api.completeSetup({
      host: "a.example",
      admin: boss,
      password: passwordOf(boss),
      registration: "closed",
    });
    expect(fresh.core.policy.document.acl["admin"]).toEqual([{ user: boss }]);
    const row = (await fresh.stores.admin.auditList({}, { limit: 1 })).items[0];
    expect(row).toMatchObject({ action: "setup.complete", object: boss, result: "done" });
  });

  test("an address on another host is refused", async () => {
    const body = { ...firstAdmin, token: fresh.api.issueSetupToken()!, admin: "x@elsewhere.example" };
    expect(await fresh.ask("POST", `${api}/setup`, { body })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "admin" }] },
    });
  });
});
