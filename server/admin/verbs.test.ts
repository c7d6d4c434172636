import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { contractEntries } from "./dispatch.ts";
import { adminTestServer, boss, consoleToken, passwordOf, user, type AdminTestServer, type Answer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer({ modules: [probe] });
  as = await server.signIn(boss);
});
afterAll(() => server.stop());

const probe = defineModule({
  name: "probe",
  summary: "Does nothing.",
  xeps: [],
  options: z.strictObject({}),
  start() {},
});
const secret = "S3cret-value-that-must-not-show";
const api = "/api/v1";
/** A PNG of 16 x 16 black pixels, and its hash. */
const logo = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAEElEQVR4nGNgGAWjYBTAAAADEAABPywr7AAAAABJRU5ErkJggg==";
const logoId = "2e0a9a2d5f28563463f634d5b81ec2ef90d91afe472a0c6e2c6ef4082f93ec5f";
const at = (jid: string): string => `${api}/users/${encodeURIComponent(jid)}`;
const audited = async () => (await server.stores.admin.auditList({}, { limit: 500 })).items;

interface Step {
  readonly verb: string;
  readonly method: string;
  readonly path: string | (() => Promise<string>);
  readonly body?: unknown;
  readonly object: string;
  readonly answer?: Record<string, unknown>;
}

const target = {
  url: "https://hooks.example/in",
  preset: "mod_interact",
  accessToken: secret,
  headers: { "X-Key": secret },
};

/** Every entry that changes something, in an order in which each of them can be done. */
const steps: readonly Step[] = [
  {
    verb: "hosts.add",
    method: "POST",
    path: `${api}/hosts`,
    body: { host: "C.Example" },
    object: "c.example",
    answer: { host: "c.example" },
  },
  {
    verb: "hosts.update",
    method: "PATCH",
    path: `${api}/hosts/c.example`,
    body: { enabled: false },
    object: "c.example",
  },
  {
    verb: "users.create",
    method: "POST",
    path: `${api}/users`,
    body: { local: "Ann", host: "a.example", password: secret },
    object: "ann@a.example",
    answer: { jid: "ann@a.example", createdVia: "admin" },
  },
  {
    verb: "users.importBatch",
    method: "POST",
    path: `${api}/users/import`,
    body: {
      users: [
        { local: "bob", host: "a.example", password: secret },
        { local: "b@d", host: "a.example", password: secret },
      ],
    },
    object: "2 accounts",
    answer: { created: 1, failed: [{ jid: "b@d@a.example", reason: "is not the address of an account" }] },
  },
  {
    verb: "users.changePassword",
    method: "PUT",
    path: `${at("ann@a.example")}/password`,
    body: { password: `${secret}2` },
    object: "ann@a.example",
  },
  {
    verb: "users.checkPassword",
    method: "POST",
    path: `${at("ann@a.example")}/password/check`,
    body: { password: `${secret}2` },
    object: "ann@a.example",
    answer: { matches: true },
  },
  {
    verb: "users.expirePassword",
    method: "POST",
    path: `${at("ann@a.example")}/password/expire`,
    body: {},
    object: "ann@a.example",
  },
  {
    verb: "users.suspend",
    method: "POST",
    path: `${at("ann@a.example")}/suspend`,
    body: { reason: "spam" },
    object: "ann@a.example",
    answer: { suspended: { reason: "spam", by: boss } },
  },
  {
    verb: "users.resume",
    method: "POST",
    path: `${at("ann@a.example")}/resume`,
    body: {},
    object: "ann@a.example",
    answer: { suspended: null },
  },
  {
    verb: "users.setTags",
    method: "PATCH",
    path: `${at("ann@a.example")}/tags`,
    body: { add: ["vip", "staff"], remove: ["staff"] },
    object: "ann@a.example",
  },
  { verb: "users.grantAdmin", method: "POST", path: `${at("ann@a.example")}/admin`, body: {}, object: "ann@a.example" },
  { verb: "users.revokeAdmin", method: "DELETE", path: `${at("ann@a.example")}/admin`, object: "ann@a.example" },
  {
    verb: "sessions.end",
    method: "POST",
    path: `${api}/sessions/end`,
    body: { jid: "ann@a.example" },
    object: "ann@a.example",
    answer: { ended: 0 },
  },
  { verb: "users.remove", method: "DELETE", path: at("ann@a.example"), object: "ann@a.example" },
  {
    verb: "hosts.remove",
    method: "DELETE",
    path: `${api}/hosts/c.example`,
    body: { confirm: "c.example" },
    object: "c.example",
  },
  {
    verb: "policy.setAcl",
    method: "PUT",
    path: `${api}/acl/friends`,
    body: { any: [{ user: "x@a.example" }] },
    object: "friends",
  },
  {
    verb: "policy.setAccessRule",
    method: "PUT",
    path: `${api}/access/talk`,
    body: { lines: [{ allow: [{ acl: "friends" }] }] },
    object: "talk",
  },
  {
    verb: "modules.set",
    method: "PUT",
    path: `${api}/modules/probe`,
    body: { setting: { enabled: false } },
    object: "probe",
  },
  {
    verb: "policy.rollback",
    method: "POST",
    path: `${api}/policy/revisions/2/rollback`,
    body: {},
    object: "revision 2",
  },
  { verb: "policy.apply", method: "PUT", path: `${api}/policy`, body: {}, object: "policy" },
  {
    verb: "registration.set",
    method: "PUT",
    path: `${api}/registration`,
    body: { policy: { mode: "open" } },
    object: "all hosts",
  },
  { verb: "forward.setTarget", method: "PUT", path: `${api}/forward/targets/shop`, body: { target }, object: "shop" },
  {
    verb: "forward.testTarget",
    method: "POST",
    path: `${api}/forward/targets/shop/test`,
    body: {},
    object: "shop",
    answer: { outcome: "delivered" },
  },
  {
    verb: "forward.rotateSecret",
    method: "POST",
    path: `${api}/forward/targets/shop/secret`,
    body: {},
    object: "shop",
    answer: { signingSecret: expect.stringMatching(/^whsec_[\w+/]{43}=$/) },
  },
  {
    verb: "forward.pauseTarget",
    method: "POST",
    path: `${api}/forward/targets/shop/pause`,
    body: { paused: true },
    object: "shop",
  },
  {
    verb: "forward.drainTarget",
    method: "POST",
    path: `${api}/forward/targets/shop/drain`,
    body: { draining: true },
    object: "shop",
  },
  {
    verb: "forward.setRules",
    method: "PUT",
    path: `${api}/forward/rules`,
    body: { rules: [{ name: "r", targets: ["shop"] }] },
    object: "1 rules",
  },
  {
    verb: "forward.removeTarget",
    method: "DELETE",
    path: `${api}/forward/targets/shop`,
    body: { backlog: "cancel" },
    object: "shop",
  },
  {
    verb: "keys.create",
    method: "POST",
    path: `${api}/keys`,
    body: { name: "ci", permissions: ["users:read"] },
    object: "ci",
    answer: { name: "ci" },
  },
  {
    verb: "keys.revoke",
    method: "DELETE",
    path: async () => `${api}/keys/${(await server.stores.admin.keys())[0]!.id}`,
    object: "",
  },
  {
    verb: "roles.set",
    method: "PUT",
    path: `${api}/roles/helper`,
    body: { role: { permissions: ["users:read"], access: "helpers" } },
    object: "helper",
  },
  { verb: "roles.grant", method: "POST", path: `${api}/roles/helper/members`, body: { jid: user }, object: user },
  { verb: "roles.revoke", method: "DELETE", path: `${api}/roles/helper/members/${user}`, object: user },
  { verb: "roles.setLogin", method: "PUT", path: `${api}/login-policy`, body: { login: {} }, object: "" },
  { verb: "roles.addLogo", method: "POST", path: `${api}/brand/logos`, body: { data: logo }, object: logoId },
  { verb: "roles.setBrand", method: "PUT", path: `${api}/brand`, body: { brand: {} }, object: "" },
  { verb: "alerts.set", method: "PUT", path: `${api}/alerts`, body: { alerts: { recipients: [user] } }, object: "" },
  { verb: "alerts.test", method: "POST", path: `${api}/alerts/test`, body: {}, object: "" },
  {
    verb: "certificates.selfSign",
    method: "POST",
    path: `${api}/certificates/a.example/self-signed`,
    body: {},
    object: "a.example",
    answer: { host: "a.example", source: "self-signed" },
  },
  {
    verb: "certificates.request",
    method: "POST",
    path: `${api}/certificates/a.example/request`,
    body: { names: ["a.example", "*.a.example"] },
    object: "a.example",
    answer: { csr: expect.stringContaining("CERTIFICATE REQUEST") },
  },
  {
    verb: "certificates.setAcme",
    method: "PUT",
    path: `${api}/certificate-authority`,
    body: { acme: { below: ["conference"] } },
    object: "",
  },
  {
    verb: "views.save",
    method: "PUT",
    path: `${api}/views`,
    body: { page: "/users", name: "Suspended", query: "filter=suspended" },
    object: "Suspended",
  },
  {
    verb: "views.remove",
    method: "DELETE",
    path: async () => `${api}/views/${(await server.stores.views.list("/users", boss))[0]!.id}`,
    object: "Suspended",
  },
  {
    verb: "auth.revokeOthers",
    method: "POST",
    path: `${api}/auth/sessions/revoke-others`,
    body: {},
    object: "",
    answer: { ended: expect.any(Number) },
  },
  {
    verb: "auth.verify",
    method: "POST",
    path: `${api}/auth/verify`,
    body: { jid: boss, password: passwordOf(boss) },
    object: boss,
    answer: { jid: boss },
  },
  {
    verb: "auth.revoke",
    method: "DELETE",
    path: async () =>
      `${api}/auth/sessions/${(await server.stores.admin.sessions(boss)).find((one) => one.userAgent !== "")!.id}`,
    object: "",
  },
];

const entries = contractEntries();
const elsewhere = [
  "devices.register",
  "devices.remove",
  "devices.enable",
  "devices.test",
  "factors.prepareTotp",
  "factors.addTotp",
  "factors.preparePasskey",
  "factors.addPasskey",
  "factors.remove",
  "factors.newRecoveryCodes",
  "factors.reset",
  "exports.users",
  "exports.forward",
  "exports.audit",
  "forward.reveal",
  "invites.create",
  "invites.resetPassword",
  "invites.revoke",
  "users.revokeClient",
  "users.startJob",
  "users.stopJob",
  "users.setContact",
  "users.removeContact",
  "users.raw",
  "sessions.endMatching",
  "sessions.stopJob",
  "registration.approve",
  "registration.deny",
  "registration.allowOnce",
  "registration.revokePass",
  "offline.reveal",
  "offline.export",
  "offline.remove",
  "offline.deliver",
  "offline.forward",
  "offline.extend",
  "offline.purge",
  "offline.stopPurge",
  "modules.restart",
  "stanzas.watch",
  "stanzas.reveal",
  "stanzas.stop",
  "stanzas.send",
  "log.setLevel",
  "log.resetLevel",
  "certificates.upload",
  "certificates.rollback",
  "certificates.order",
  "backups.create",
  "backups.verify",
  "backups.restore",
  "backups.download",
  "backups.remove",
  "backups.setSchedule",
  "announcements.send",
  "announcements.stop",
  "announcements.setMotd",
  "announcements.removeMotd",
  "groups.create",
  "groups.update",
  "groups.remove",
  "groups.changeMembers",
  "reports.resolve",
  "reports.reopen",
  "portability.export",
  "portability.import",
  "portability.importPart",
  "portability.importEnd",
  "rooms.create",
  "rooms.configure",
  "rooms.affiliate",
  "rooms.setRole",
  "rooms.history",
  "rooms.remove",
  "rooms.removeMatching",
  "rooms.stopRemoval",
  "uploads.remove",
  "uploads.removeOf",
  "uploads.purge",
  "components.add",
  "components.remove",
  "components.rotateSecret",
  "components.setRights",
  "components.disconnect",
  "hosts.drain",
  "hosts.stopDraining",
  "hosts.resetSetting",
  "links.close",
  "links.retry",
  "server.stop",
  "setup.complete",
  "auth.logout",
  "forward.retry",
  "forward.cancel",
  "forward.replay",
  "forward.recoverMissing",
  "forward.stopReplay",
];

describe("changes", () => {
  test("all of them are tried", () => {
    const tried = new Set([...steps.map(({ verb }) => verb), ...elsewhere]);
    const changing = [...entries.values()].filter(({ meta }) => meta.audit !== undefined);
    expect(changing.filter(({ name }) => !tried.has(name)).map(({ name }) => name)).toEqual([]);
  });

  test.each(steps.map((step) => [step.verb, step] as const))("%s is done, with one audit row", async (verb, step) => {
    const before = await audited();
    const path = typeof step.path === "string" ? step.path : await step.path();
    const body = verb === "policy.apply" ? { policy: await policyInForce() } : step.body;
    const answer = await server.ask(step.method, path, { as, ...(body === undefined ? {} : { body }) });
    expect(answer.body, JSON.stringify(answer.body)).toMatchObject(step.answer ?? {});
    expect(answer.status).toBe(200);
    const rows = (await audited()).slice(0, -before.length || undefined);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      actor: boss,
      action: entries.get(verb)!.meta.audit,
      result: "done",
      address: "127.0.0.1",
    });
    if (step.object !== "") expect(rows[0]!.object).toBe(step.object);
  });

  test("no secret is in an audit row, a revision or an answer", async () => {
    const revisions = await server.stores.policies.list({ limit: 100 });
    const documents = await Promise.all(revisions.items.map(({ id }) => server.stores.policies.get(id)));
    const targets = await server.ask("GET", `${api}/forward/targets`, { as });
    const shown = JSON.stringify([await audited(), documents, targets.body]);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(passwordOf(boss));
    expect(shown).toContain('"password\\":\\"***\\"');
  });
});

const policyInForce = async (): Promise<unknown> => (await server.ask("GET", `${api}/policy`, { as })).body["policy"];

describe("reads", () => {
  // Not JSON (exports.test.ts), not of a store in memory and of an authority (operations.test.ts, e2e/operations), for names only, which this server is not reached by (factors.test.ts), or until there is an admin (setup.test.ts).
  const others = [
    "exports.users",
    "exports.forward",
    "exports.audit",
    "auth.passkeyChallenge",
    "backups.list",
    "backups.estimate",
    "certificates.terms",
    "setup.names",
  ];
  const reads = [...entries.values()].filter(
    ({ name, method, path }) => method === "GET" && !path.includes("{") && !others.includes(name),
  );
  const queries = new Map([
    ["views.list", "?page=%2Fusers"],
    ["users.checkName", "?host=a.example&local=alice"],
    ["registration.templates", "?host=a.example"],
  ]);
  test.each(reads.map(({ name, path }) => [name, path + (queries.get(name) ?? "")] as const))(
    "%s answers",
    async (_name, path) => {
      expect((await server.ask("GET", `${api}${path}`, { as })).status).toBe(200);
    },
  );

  test("one account", async () => {
    const { body } = await server.ask("GET", at(user), { as });
    expect(body).toMatchObject({ jid: user, isAdmin: false, online: 0, roster: [], offlineBytes: 0 });
  });

  test("users by page, by part of the name, and online", async () => {
    const page = await server.ask("GET", `${api}/users?limit=2`, { as });
    expect(page.body["items"]).toHaveLength(2);
    const next = await server.ask("GET", `${api}/users?limit=2&cursor=${String(page.body["nextCursor"])}`, { as });
    expect(jids(next)).not.toContain(jids(page)[0]);
    expect(jids(await server.ask("GET", `${api}/users?search=boss`, { as }))).toEqual([boss]);
    const client = await server.connect(`${user}/phone`);
    expect(jids(await server.ask("GET", `${api}/users?filter=online`, { as }))).toEqual([user]);
    const sessions = await server.ask("GET", `${api}/sessions?search=phone`, { as });
    expect(sessions.body).toMatchObject({
      items: [{ jid: `${user}/phone`, transport: "tcp", priority: null }],
      total: 1,
    });
    const ended = await server.ask("POST", `${api}/sessions/end`, { as, body: { jid: `${user}/phone`, reason: "go" } });
    expect(ended.body).toEqual({ ended: 1 });
    expect(client.closedWith).toMatchObject({ condition: "reset", text: "go" });
  });
});

const jids = ({ body }: Answer): unknown[] => (body["items"] as { jid: string }[]).map(({ jid }) => jid);

describe("problems", () => {
  test.each([
    ["POST", "/users", { local: "", host: "a.example", password: "x" }, 400, "bad-input", "local"],
    ["POST", "/users", { local: "a b", host: "a.example", password: "x" }, 400, "bad-input", "local"],
    ["POST", "/users", { local: "x", host: "nowhere.example", password: "x" }, 404, "not-found", undefined],
    ["POST", "/users", { local: "user", host: "a.example", password: "x" }, 409, "exists", undefined],
    ["POST", "/users/import", { users: [{ local: "x", host: "a.example" }] }, 400, "bad-input", "users[0].password"],
    ["PUT", "/acl/__proto__", { any: [] }, 400, "bad-input", "name"],
    ["PUT", "/access/configure", { lines: [] }, 409, "locks-out-admin", undefined],
    ["PUT", "/access/configure", { lines: [{ allow: [{ acl: "amdin" }] }] }, 422, "policy-invalid", undefined],
    ["PUT", "/policy", { policy: {} }, 400, "bad-input", "policy.hosts"],
    ["DELETE", "/hosts/b.example", { confirm: "a.example" }, 400, "bad-input", "confirm"],
    ["DELETE", `/users/${boss}`, {}, 400, "bad-input", "jid"],
    ["DELETE", `/users/${boss}/admin`, {}, 409, "last-admin", undefined],
    ["POST", "/stop", {}, 403, "forbidden", undefined],
    ["GET", "/users?cursor=zzz", undefined, 400, "bad-input", "cursor"],
    ["GET", "/nothing", undefined, 404, "not-found", undefined],
    ["POST", "/forward/targets/nobody/secret", {}, 404, "not-found", undefined],
    [
      "PUT",
      "/forward/targets/other",
      { target: { url: "https://o.example", accessToken: "***" } },
      400,
      "bad-input",
      "target.accessToken",
    ],
    [
      "PUT",
      "/forward/targets/other",
      { target: { url: "https://o.example", headers: { a: "***" } } },
      400,
      "bad-input",
      "target.headers.a",
    ],
  ])("%s %s %j: %i %s", async (method, path, body, status, code, field) => {
    const answer = await server.ask(method, api + path, { as, ...(body === undefined ? {} : { body }) });
    expect(answer).toMatchObject({ status, body: { code, status } });
    if (field !== undefined) expect((answer.body["errors"] as { path: string }[])[0]!.path).toBe(field);
  });

  test("input nested so deep that walking it would overflow the stack", async () => {
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.origin}${api}/auth/verify`, { method: "POST", headers, body: deep });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "bad-input", detail: expect.stringContaining("32 levels") });
  });

  test("a secret does not follow its target to another server", async () => {
    const path = `${api}/forward/targets/keep`;
    await server.ask("PUT", path, { as, body: { target } });
    const moved = { ...target, url: "https://evil.example/in", accessToken: "***", headers: { "X-Key": "***" } };
    expect((await server.ask("PUT", path, { as, body: { target: moved } })).status).toBe(400);
    expect((await server.ask("POST", `${path}/test`, { as, body: { target: moved } })).status).toBe(400);
    server.dispatched.length = 0;
    await server.ask("POST", `${path}/test`, {
      as,
      body: { target: { ...moved, url: "https://hooks.example/other" } },
    });
    expect(server.dispatched).toEqual([`test keep ${secret} ${JSON.stringify({ "X-Key": secret })}`]);
  });

  test("bodies that are not JSON, or too large", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await server.ask("POST", `${api}/users`, { as, body: {}, headers: form })).body["code"]).toBe(
      "bad-media-type",
    );
    const large = await server.ask("POST", `${api}/policy/check`, { as, body: { policy: "x".repeat(1_100_000) } });
    expect(large).toMatchObject({ status: 413, body: { code: "too-large" } });
  });

  test("what is not an entry of the API is left to others", async () => {
    expect((await fetch(`${server.origin}/other`)).status).toBe(404);
  });
});

test("the console vouches for the address of whoever logs in", async () => {
  const body = { jid: boss, password: passwordOf(boss), address: "198.51.100.7", userAgent: "Firefox" };
  const vouched = await server.ask("POST", `${api}/auth/verify`, {
    body,
    headers: { "x-nightpost-console": consoleToken },
  });
  const session = await server.stores.admin.session(String(vouched.body["sessionId"]));
  expect(session).toMatchObject({ jid: boss, address: "198.51.100.7", userAgent: "Firefox" });
  expect((await audited())[0]).toMatchObject({ action: "auth.login", actor: boss, address: "198.51.100.7" });
  const forged = await server.ask("POST", `${api}/auth/verify`, { body, headers: { "x-nightpost-console": "guess" } });
  expect(await server.stores.admin.session(String(forged.body["sessionId"]))).toMatchObject({ address: "127.0.0.1" });
});
