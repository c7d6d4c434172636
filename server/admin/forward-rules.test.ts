import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { permissions } from "../../lib/contracts/permissions.ts";
import { defineModule } from "../core/module.ts";
import { forward } from "../forward/module.ts";
import { checkForward } from "../forward/plan/checks.ts";
import { adminTestServer, boss, type AdminTestServer, user } from "./testing.ts";

/** Stands in for the module that keeps messages: the simulator asks it. */
const offline = defineModule({
  name: "offline",
  summary: "For the test.",
  xeps: [],
  options: z.strictObject({}),
  start: ({ hook }) => hook("offline/room", () => ({ refusal: null })),
});

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer({ modules: [forward, offline] });
  server.core.policy.addCheck(checkForward);
  as = await server.signIn(boss);
});
afterAll(() => server.stop());

const post = (path: string, body: unknown, who = as) =>
  server.ask("POST", `/api/v1/forward/${path}`, { as: who, body });
const setRules = (rules: unknown) => server.ask("PUT", "/api/v1/forward/rules", { as, body: { rules } });
const url = "https://hooks.example/in";
const chat = `<message type='chat' from='x@b.example/y' to='${user}'><body>wherefore</body></message>`;

describe("rules", () => {
  test("a good expression is saved, a bad one says where it is bad", async () => {
    const rule = { name: "all", targets: ["hook"], expression: "message.body.contains('there')" };
    expect((await setRules([rule])).status).toBe(200);
    const bad = await setRules([{ ...rule, expression: "message.bady\n == 'x'" }]);
    expect(bad).toMatchObject({ status: 422, body: { code: "policy-invalid" } });
    expect(bad.body["detail"]).toBe("forward.rules[0].expression: Line 1, column 9: No such key: bady.");
    const { body } = await server.ask("GET", "/api/v1/forward/rules", { as });
    expect(body["items"]).toMatchObject([rule]);
    expect((await setRules([{ name: "all", targets: ["hook"] }])).status).toBe(200);
  });

  test("rules are not saved over those that somebody else saved meanwhile", async () => {
    const { body } = await server.ask("GET", "/api/v1/forward/rules", { as });
    const base = (body["revision"] as { id: number }).id;
    const save = (name: string) => {
      const rules = [{ name, targets: ["hook"] }];
      return server.ask("PUT", "/api/v1/forward/rules", { as, body: { rules, baseRevision: base } });
    };
    expect((await save("theirs")).status).toBe(200);
    expect(await save("mine")).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await setRules([{ name: "all", targets: ["hook"] }])).status).toBe(200);
  });

  test("a bad template or key cannot be saved, by whatever way", async () => {
    const put = (target: object) => server.ask("PUT", "/api/v1/forward/targets/new", { as, body: { target } });
    const template = { kind: "webhook", url, preset: "template", template: "\n{{ x | jsn }}" };
    expect(await put(template)).toMatchObject({
      status: 400,
      body: { errors: [{ path: "target.template", message: "line 2, column 1: Undefined filter: jsn." }] },
    });
    const apns = { kind: "apns", key: "secret but no key", keyId: "ABCDEFGHIJ", teamId: "KLMNOPQRST", topic: "x.y" };
    const refused = await put(apns);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: "target.key" }] } });
    expect(JSON.stringify(refused.body)).not.toContain("secret but");
    const { policy } = (await server.ask("GET", "/api/v1/policy", { as })).body as { policy: Record<string, object> };
    for (const [target, status] of [
      [apns, 400],
      [template, 422],
    ] as const) {
      const document = structuredClone(policy) as { forward: { targets: Record<string, object> } } & typeof policy;
      document.forward.targets["new"] = target;
      expect((await server.ask("PUT", "/api/v1/policy", { as, body: { policy: document } })).status).toBe(status);
    }
  });
});

test("a document of 0.1 is understood where it is checked", async () => {
  const { policy } = (await server.ask("GET", "/api/v1/policy", { as })).body as { policy: Record<string, object> };
  const old = {
    ...policy,
    forward: { ...policy["forward"], rules: [{ name: "all", types: ["chat"], targets: ["hook"] }] },
  };
  const { body } = await server.ask("POST", "/api/v1/policy/check", { as, body: { policy: old } });
  expect(body).toMatchObject({ issues: [], changes: [] });
});

test("and where it is in the history", async () => {
  const { policies } = server.stores;
  const { revision, document } = (await policies.current())!;
  const rules = [{ name: "all", types: ["normal"], targets: ["hook"] }];
  const parsed = JSON.parse(document) as { forward: object };
  const old = JSON.stringify({ ...parsed, forward: { ...parsed.forward, rules } });
  const change = { at: 1, author: "x", comment: "", remark: null, rollbackOf: null, audit: null };
  await policies.commit({ ...change, base: revision.id, document: old });
  await policies.commit({ ...change, base: revision.id + 1, document });
  const path = `/api/v1/policy/revisions/${revision.id + 1}`;
  const shown = await server.ask("GET", path, { as });
  expect(shown).toMatchObject({ status: 200, body: { policy: { forward: { rules: [{ classes: ["normal"] }] } } } });
  const back = await server.ask("POST", `${path}/rollback`, { as, body: {} });
  expect(back.status).toBe(200);
  expect(server.core.policy.document.forward.rules).toMatchObject([{ name: "all", classes: ["normal"] }]);
  expect((await setRules([{ name: "all", targets: ["hook"] }])).status).toBe(200);
});

describe("simulate", () => {
  test("a pasted stanza", async () => {
    const answer = await post("simulate", { host: "a.example", stanza: chat });
    expect(answer).toMatchObject({ status: 200, body: { class: "chat", stored: true, skipped: [] } });
    const [event] = answer.body["events"] as { payload: string; bytes: number }[];
    expect(event!.payload).toContain("wherefore");
    expect(event!.bytes).toBe(Buffer.byteLength(event!.payload));
  });

  test("bodies only for those who may read them, hosts only for those who may ask", async () => {
    const reader = await server.key(["forward:read"]);
    const answer = await post("simulate", { host: "a.example", stanza: chat }, reader);
    expect(answer).toMatchObject({ status: 200, body: { events: [{ payload: null }] } });
    expect(JSON.stringify(answer.body)).not.toContain("wherefore");
    const other = await server.key(permissions, { hosts: ["b.example"] });
    expect((await post("simulate", { host: "a.example", stanza: chat }, other)).status).toBe(403);
  });

  test("the message of an event, while it is kept", async () => {
    const now = server.clock.now();
    const xml = `<message type='chat' from='${boss}' to='${user}'><body>from the log</body></message>`;
    const event = {
      id: "evt_kept",
      target: "hook",
      rule: "all",
      lane: user,
      host: "a.example",
      user,
      from: boss,
      type: "chat",
      contentType: "application/json",
      payload: "{}",
      createdAt: now,
      dueAt: now,
      expiresAt: now + 1000,
      maxAttempts: 3,
      class: "chat",
      cancelOn: "never",
      maxWaiting: 10,
      maxWaitingPerRecipient: 10,
    } as const;
    const message = { from: boss, type: "chat", at: now, expiresAt: null, xml };
    const unit = { host: "a.example", local: "user", maxMessages: 10, maxBytes: 10_000, message, forwards: [event] };
    await server.stores.offline.commit(unit);
    const asked = { host: "a.example", event: event.id };
    const answer = await post("simulate", asked);
    expect(answer).toMatchObject({ status: 200, body: { class: "chat", stored: true } });
    expect(JSON.stringify(answer.body)).toContain("from the log");
    expect((await post("simulate", { ...asked, host: "b.example" })).status).toBe(400);
    const other = await server.key(permissions, { hosts: ["b.example"] });
    expect((await post("simulate", { ...asked, host: "b.example" }, other)).status).toBe(403);
    await server.stores.offline.acknowledge("a.example", "user", Number.MAX_SAFE_INTEGER);
    const gone = await post("simulate", asked);
    expect(gone).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining("is not kept, or no longer") as string },
    });
  });

  test.for([
    [{ host: "a.example" }, 400],
    [{ host: "a.example", stanza: chat, event: "evt_1" }, 400],
    [{ host: "a.example", stanza: "<message" }, 400],
    [{ host: "a.example", stanza: "hello" }, 400],
    [{ host: "a.example", stanza: "<iq xmlns='jabber:client'/>" }, 400],
    [{ host: "b.example", stanza: chat }, 400],
    [{ host: "c.example", stanza: chat }, 404],
    [{ host: "a.example", event: "evt_none" }, 404],
    [{ host: "a.example", stanza: chat, rules: [{ name: "x" }] }, 400],
  ] as const)("%j is answered with %s", async ([asked, status]) => {
    expect((await post("simulate", asked)).status).toBe(status);
  });
});

describe("preview and check", () => {
  test("a preview of a made-up message, of a given one, and of a template that is not right", async () => {
    const target = { kind: "webhook", url, preset: "json" };
    const made = await post("preview", { target });
    expect(made).toMatchObject({ status: 200, body: { problems: [], payload: { contentType: "application/json" } } });
    const given = await post("preview", { target, stanza: chat });
    expect(JSON.stringify(given.body)).toContain("wherefore");
    const bad = await post("preview", { target: { ...target, preset: "template", template: "{{" } });
    expect(bad).toMatchObject({ status: 200, body: { problems: [{ field: "template", line: 1 }], payload: null } });
  });

  test("a key file's facts, never the key; a stored one only for the server it was typed for", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    const target = { kind: "apns", key, keyId: "ABCDEFGHIJ", teamId: "KLMNOPQRST", topic: "org.example" };
    const checked = await post("targets/check", { target });
    expect(checked).toMatchObject({ status: 200, body: { problems: [] } });
    expect(JSON.stringify(checked.body)).toContain("P-256");
    expect(JSON.stringify(checked.body)).not.toContain(key.split("\n")[1]);
    const put = await server.ask("PUT", "/api/v1/forward/targets/phone", { as, body: { target } });
    expect(put.status).toBe(200);
    const masked = { ...target, key: "***" };
    expect((await post("targets/check", { name: "phone", target: masked })).body["facts"]).toEqual(
      checked.body["facts"],
    );
    expect((await post("targets/check", { target: masked })).body).toMatchObject({ problems: [], facts: [] });
    const elsewhere = { ...masked, server: "https://evil.example" };
    expect((await post("targets/check", { name: "phone", target: elsewhere })).status).toBe(400);
  });
});
