import { TOTP, Secret } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adminTestServer, boss, consoleToken, passwordOf, user, warden, type AdminTestServer } from "./testing.ts";

const factors = "/api/v1/auth/factors";
const verify = "/api/v1/auth/verify";
const password = passwordOf(boss);

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const codeOf = (secret: string, aheadS = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.clock.now() + aheadS * 1_000 });

/** Adds an app to the boss's account; answers its secret and the recovery codes. */
async function enrol(name = "phone"): Promise<{ id: string; secret: string; codes: string[] }> {
  const { body: started } = await server.ask("POST", `${factors}/totp`, { as, body: { password } });
  const secret = String(started["secret"]);
  const added = await server.ask("POST", `${factors}/totp/${String(started["id"])}`, {
    as,
    body: { name, code: codeOf(secret) },
  });
  expect(added.status).toBe(200);
  const { factor, recoveryCodes } = added.body as { factor: { id: string }; recoveryCodes: string[] };
  server.clock.advance(60_000);
  return { id: factor.id, secret, codes: recoveryCodes };
}

const logIn = (body: Record<string, unknown>) =>
  server.ask("POST", verify, { body, headers: { "x-nightpost-console": consoleToken } });

async function ticket(): Promise<string> {
  const { status, body } = await logIn({ jid: boss, password });
  expect([status, body["code"]]).toEqual([401, "second-factor"]);
  return String(body["ticket"]);
}

describe("an authenticator app", () => {
  test("is asked for after the password, once it has proved itself", async () => {
    expect(await logIn({ jid: boss, password })).toMatchObject({ status: 200 });
    const { secret } = await enrol();
    expect(await logIn({ jid: boss, password })).toMatchObject({
      status: 401,
      body: { code: "second-factor", factors: ["totp"], ticket: expect.any(String) },
    });
    const answer = await logIn({ ticket: await ticket(), code: codeOf(secret) });
    expect(answer).toMatchObject({ status: 200, body: { jid: boss, sessionId: expect.any(String) } });
    const { items } = await server.stores.admin.auditList({ action: "auth.login" }, { limit: 10 });
    expect(items[0]).toMatchObject({ actor: boss, result: "done", object: boss });
  });

  test("its secret is nowhere in the store, the log and the audit trail", async () => {
    const { secret, codes } = await enrol();
    const [row] = await server.stores.factors.of(boss);
    const { items } = await server.stores.admin.auditList({}, { limit: 100 });
    for (const hidden of [secret, codes[0]!, password]) expect(JSON.stringify([row, items])).not.toContain(hidden);
  });

  test("a code is good once, also for a second log-in with a ticket of its own", async () => {
    const { secret } = await enrol();
    const code = codeOf(secret);
    const [one, other] = [await ticket(), await ticket()];
    expect((await logIn({ ticket: one, code })).status).toBe(200);
    expect(await logIn({ ticket: other, code })).toMatchObject({ status: 401, body: { code: "bad-code" } });
    expect(await logIn({ ticket: one, code })).toMatchObject({ status: 401, body: { code: "bad-ticket" } });
    server.clock.advance(30_000);
    expect((await logIn({ ticket: other, code: codeOf(secret) })).status).toBe(200);
  });

  test.each([
    ["of the step before", -30, 200, {}],
    ["of the step after", 30, 200, {}],
    ["of five minutes ago", -300, 401, { code: "bad-code", clockSkewSeconds: -300 }],
    ["of five minutes hence", 300, 401, { code: "bad-code", clockSkewSeconds: 300 }],
  ])("a code %s", async (_name, aheadS, status, body) => {
    const { secret } = await enrol();
    expect(await logIn({ ticket: await ticket(), code: codeOf(secret, aheadS) })).toMatchObject({ status, body });
  });

  test("guessing is refused, from wherever, and says when to come back", async () => {
    const { secret } = await enrol();
    for (let tries = 0; tries < 5; tries += 1)
      expect(await logIn({ ticket: await ticket(), code: "000000", address: `192.0.2.${tries}` })).toMatchObject({
        body: { code: expect.stringMatching(/^bad-(code|ticket)$/) },
      });
    // The address is part of the ticket, so those tries were for nothing; from here they count.
    for (let tries = 0; tries < 5; tries += 1) await logIn({ ticket: await ticket(), code: "000000" });
    const refused = await logIn({ ticket: await ticket(), code: codeOf(secret) });
    expect(refused).toMatchObject({ status: 429, body: { code: "throttled" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    server.clock.advance(60_000);
    expect((await logIn({ ticket: await ticket(), code: codeOf(secret) })).status).toBe(200);
  });

  test("the step ends after five minutes, and is for the address that began it", async () => {
    const { secret } = await enrol();
    const late = await ticket();
    server.clock.advance(5 * 60_000);
    expect(await logIn({ ticket: late, code: codeOf(secret) })).toMatchObject({ body: { code: "bad-ticket" } });
    const code = codeOf(secret);
    const elsewhere = await logIn({ ticket: await ticket(), code, address: "192.0.2.9" });
    expect(elsewhere).toMatchObject({ body: { code: "bad-ticket" } });
    expect(await logIn({ ticket: "made up", code })).toMatchObject({ body: { code: "bad-ticket" } });
  });

  test.each(["", "12345", "1234567", "abcdef", "000000 OR 1=1"])("%j is no code", async (code) => {
    await enrol();
    expect((await logIn({ ticket: await ticket(), code })).status).toBe(401);
  });
});

describe("recovery codes", () => {
  test("each replaces the app once, however it is typed", async () => {
    const { codes } = await enrol();
    expect(codes).toHaveLength(10);
    const typed = codes[0]!.toUpperCase().replaceAll("-", " ");
    expect((await logIn({ ticket: await ticket(), code: typed })).status).toBe(200);
    expect((await logIn({ ticket: await ticket(), code: codes[0] })).status).toBe(401);
    expect((await server.ask("GET", factors, { as })).body).toMatchObject({ recoveryCodes: 9 });
  });

  test("come with the first factor only, and are replaced on demand", async () => {
    const { codes } = await enrol();
    expect((await enrol("tablet")).codes).toBeNull();
    const made = await server.ask("POST", `${factors}/recovery-codes`, { as, body: { password } });
    const [fresh] = made.body["recoveryCodes"] as string[];
    expect((await logIn({ ticket: await ticket(), code: codes[1] })).status).toBe(401);
    expect((await logIn({ ticket: await ticket(), code: fresh })).status).toBe(200);
  });
});

describe("changing what one logs in with", () => {
  test("takes the password again", async () => {
    const { id } = await enrol();
    for (const [method, path] of [
      ["POST", `${factors}/totp`],
      ["POST", `${factors}/passkey`],
      ["POST", `${factors}/recovery-codes`],
      ["POST", `${factors}/${id}/remove`],
    ] as const)
      expect(await server.ask(method, path, { as, body: { password: "not it" } })).toMatchObject({
        status: 401,
        body: { code: "bad-credentials" },
      });
    expect((await server.ask("POST", `${factors}/${id}/remove`, { as, body: { password } })).status).toBe(200);
    expect((await logIn({ jid: boss, password })).status).toBe(200);
  });

  test("is for one's own account", async () => {
    const { id } = await enrol();
    const other = await server.signIn(warden);
    const body = { password: passwordOf(warden) };
    expect((await server.ask("POST", `${factors}/${id}/remove`, { as: other, body })).status).toBe(404);
    const { body: started } = await server.ask("POST", `${factors}/totp`, { as, body: { password } });
    const finish = { name: "theirs", code: codeOf(String(started["secret"])) };
    expect(
      await server.ask("POST", `${factors}/totp/${String(started["id"])}`, { as: other, body: finish }),
    ).toMatchObject({ body: { code: "bad-ticket" } });
    const key = await server.key(["roles:write"]);
    expect((await server.ask("POST", `${factors}/totp`, { as: key, body })).status).toBe(404);
  });

  test("an owner takes lost factors from an account; its consoles end", async () => {
    await enrol();
    const key = await server.key(["roles:write"]);
    expect(await server.ask("DELETE", `/api/v1/users/${boss}/factors`, { as: key })).toMatchObject({
      status: 200,
      body: { removed: 1 },
    });
    expect((await server.ask("GET", "/api/v1/auth/me", { as })).status).toBe(401);
    expect((await logIn({ jid: boss, password })).status).toBe(200);
  });

  test("a role that takes one opens with it", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.console.login.secondFactor = ["owner"];
    });
    expect((await server.ask("GET", "/api/v1/users", { as })).status).toBe(403);
    expect((await server.ask("GET", factors, { as })).body).toMatchObject({ isRequired: true });
    await enrol();
    expect((await server.ask("GET", "/api/v1/users", { as })).status).toBe(200);
  });
});

test("a passkey is asked for by the name of the console, never for an IP address", async () => {
  const headers = { host: "chat.example:5280" };
  // fetch sets Host itself, so here by the front's way: the name is what the request was sent to.
  const { body } = await server.ask("GET", "/api/v1/auth/passkey", { headers });
  expect(body).toMatchObject({ code: "bad-input" });
});

test.each([
  ["an unknown challenge", { id: "made-up", response: "{}" }],
  ["no answer", { id: "made-up", response: "[]" }],
  ["no JSON", { id: "made-up", response: "nonsense" }],
])("a passkey with %s is no log-in", async (_name, passkey) => {
  expect([400, 401]).toContain((await logIn({ passkey })).status);
});

test("a log-in needs something to prove", async () => {
  expect((await logIn({ jid: user })).status).toBe(400);
  expect((await logIn({})).status).toBe(400);
});
