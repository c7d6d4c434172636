/** The admin API through its front door: every entry of the contract, for everybody who may not use it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { permissions } from "../../lib/contracts/permissions.ts";
import { contractEntries } from "../../server/admin/dispatch.ts";
import { TestServer } from "../support/server.ts";

const entries = [...contractEntries().values()];
const guarded = entries.filter(({ meta }) => meta.permission !== "public");
const withPermission = guarded.filter(({ meta }) => meta.permission !== "self");

let server: TestServer;
before(async () => {
  server = await TestServer.start();
  await server.register("amy", "correct horse");
});
after(() => server.stop());

async function ask(entry: (typeof entries)[number], headers: Record<string, string>): Promise<Response> {
  const path = entry.path.replaceAll(/\{\w+\}/g, "x%40localhost");
  return fetch(`http://127.0.0.1:${server.httpPort}/api/v1${path}`, {
    method: entry.method,
    headers: { "content-type": "application/json", ...headers },
    ...(entry.method === "GET" ? {} : { body: "{}" }),
  });
}

const keyWith = async (granted: readonly string[], hosts?: string[]): Promise<Record<string, string>> => {
  const { key } = await server.api.keys.create({
    name: "attack",
    permissions: permissions.filter((one) => granted.includes(one)),
    ...(hosts === undefined ? {} : { hosts }),
  });
  return { authorization: `Bearer ${key}` };
};

describe("every entry", () => {
  const strangers: [who: string, headers: Record<string, string>, status: number][] = [
    ["nobody", {}, 401],
    ["a made-up session", { cookie: "nightpost.sid=eyJhbGciOiJkaXIifQ..x.y.z" }, 401],
    ["a made-up key", { authorization: `Bearer np_${"x".repeat(43)}` }, 401],
    ["a password where a key belongs", { authorization: "Basic YW15OmNvcnJlY3QgaG9yc2U=" }, 401],
    [
      "a request that skips the middleware (CVE-2025-29927)",
      { "x-middleware-subrequest": "middleware:middleware" },
      401,
    ],
  ];
  for (const [who, headers, status] of strangers)
    test(`for ${who}: ${status}`, async () => {
      const wrong: string[] = [];
      const origin = `http://127.0.0.1:${server.httpPort}`;
      for (const entry of guarded) {
        const answer = await ask(entry, { origin, ...headers });
        if (answer.status !== status) wrong.push(`${entry.name}: ${answer.status}`);
        if (!/no-store/.test(answer.headers.get("cache-control") ?? "")) wrong.push(`${entry.name} may be cached`);
      }
      assert.deepEqual(wrong, []);
    });

  test("for a key with every permission but the one it needs: 403", async () => {
    const wrong: string[] = [];
    for (const permission of permissions) {
      const headers = await keyWith(permissions.filter((one) => one !== permission));
      for (const entry of withPermission.filter(({ meta }) => meta.permission === permission)) {
        const answer = await ask(entry, headers);
        if (answer.status !== 403) wrong.push(`${entry.name}: ${answer.status}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test("that changes something, for a page of another site: 403", async () => {
    const headers = { origin: "https://evil.example", cookie: "nightpost.sid=x", "sec-fetch-site": "cross-site" };
    const wrong: string[] = [];
    for (const entry of guarded.filter(({ method }) => method !== "GET")) {
      const answer = await ask(entry, headers);
      if (answer.status !== 403) wrong.push(`${entry.name}: ${answer.status}`);
    }
    assert.deepEqual(wrong, []);
  });

  test("with another method: never the verb", async () => {
    const wrong: string[] = [];
    for (const entry of guarded.filter(({ method }) => method !== "GET")) {
      const path = entry.path.replaceAll(/\{\w+\}/g, "x%40localhost");
      const answer = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1${path}`, { method: "TRACE" }).catch(
        () => null,
      );
      if (answer !== null && answer.status < 400) wrong.push(`${entry.name}: ${answer.status}`);
    }
    assert.deepEqual(wrong, []);
  });
});

describe("keys", () => {
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/users`, { headers })).status;

  test("a revoked one is none at once", async () => {
    const headers = await keyWith(["users:read"]);
    assert.equal(await status(headers), 200);
    const { items } = await server.api.keys.list({});
    for (const key of items.filter(({ name }) => name === "attack")) await server.api.keys.revoke({ id: key.id });
    // What was found is trusted for two seconds.
    const end = Date.now() + 5_000;
    while ((await status(headers)) === 200 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await status(headers), 401);
  });

  test("none gets more than its maker has, and it is told once", async () => {
    const maker = await keyWith(["keys:write", "users:read"]);
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/keys`, {
      method: "POST",
      headers: { ...maker, "content-type": "application/json" },
      body: JSON.stringify({ name: "more", permissions: ["policy:write"] }),
    });
    assert.equal(answer.status, 403);
    const { items } = await server.api.keys.list({});
    assert.doesNotMatch(JSON.stringify(items), /np_[A-Za-z0-9_-]{20}/);
  });

  test("held to one host, it sees no other", async () => {
    await server.api.hosts.add({ host: "b.example" });
    await server.register("ben", "correct horse", "b.example");
    const headers = await keyWith(["users:read"], ["b.example"]);
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/users`, { headers });
    const text = await answer.text();
    assert.match(text, /ben@b\.example/);
    assert.doesNotMatch(text, /amy@localhost/);
    const other = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/users?host=localhost`, { headers });
    assert.equal(other.status, 403);
  });
});

describe("input", () => {
  const post = async (path: string, body: string): Promise<number> => {
    const headers = { ...(await keyWith([...permissions])), "content-type": "application/json" };
    return (await fetch(`http://127.0.0.1:${server.httpPort}/api/v1${path}`, { method: "POST", headers, body })).status;
  };
  const hostile: [name: string, path: string, body: string][] = [
    ["a prototype as user", "/users", '{"local":"__proto__","host":"__proto__","password":"secret pass"}'],
    ["a control character in a name", "/users", '{"local":"a\\u0000b","host":"localhost","password":"secret pass"}'],
    ["a JID in a name", "/users", '{"local":"a@b/c","host":"localhost","password":"secret pass"}'],
    [
      "a name of 100,000 characters",
      "/users",
      `{"local":"${"x".repeat(100_000)}","host":"localhost","password":"secret pass"}`,
    ],
    [
      "keys nobody knows",
      "/users",
      '{"local":"zoe","host":"localhost","password":"secret pass","isAdmin":true,"__proto__":{"x":1}}',
    ],
    ["a list", "/users", "[]"],
    ["a number", "/users", "1"],
    [
      "a policy of 100,000 unknown keys",
      "/policy/check",
      JSON.stringify({ document: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1])) }),
    ],
    [
      "a pattern that backtracks",
      "/acl/test",
      '{"acl":[{"user_regexp":"(a+)+$"}],"jid":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!@localhost"}',
    ],
  ];
  for (const [name, path, body] of hostile)
    test(`${name}: refused or harmless, within a second, never a fault`, async () => {
      const at = performance.now();
      const status = await post(path, body);
      assert.ok(status < 500, String(status));
      assert.ok(performance.now() - at < 5_000);
      assert.equal(
        (await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/health`).catch(() => null)) === null,
        false,
      );
    });

  test("a page that begins where nobody said: 400", async () => {
    const headers = await keyWith(["users:read"]);
    for (const cursor of ["x", "' OR 1=1 --", "\u0000", "eyJhIjoxfQ"]) {
      const answer = await fetch(
        `http://127.0.0.1:${server.httpPort}/api/v1/users?cursor=${encodeURIComponent(cursor)}`,
        { headers },
      );
      assert.equal(answer.status, 400, cursor);
    }
  });
});
