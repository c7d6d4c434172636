import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newVapidPrivateKey, vapidPublicKey } from "../forward/push/webpush/vapid.ts";
import type { TargetState } from "../forward/service.ts";
import { readSigning } from "../forward/webhook/signing-secrets.ts";
import { outboxEvent } from "../storage/conformance/samples.ts";
import type { Change } from "./events.ts";
import { adminTestServer, boss, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
});
afterAll(() => server.stop());

type Body = Record<string, unknown>;
const at = (name: string): string => `/api/v1/forward/targets/${name}`;
const put = (name: string, target: object, more: object = {}) =>
  server.ask("PUT", at(name), { as, body: { target, ...more } });
const shown = async (name: string): Promise<Body | undefined> => {
  const { body } = await server.ask("GET", "/api/v1/forward/targets", { as });
  return (body["items"] as Body[]).find((one) => one["name"] === name);
};
const secretOf = async (name: string): Promise<string | null> => {
  const sealed = await server.stores.admin.secret(name);
  return sealed === null ? null : server.secrets.open(sealed);
};
const inPolicy = (name: string) => server.core.policy.document.forward.targets[name];

async function addEvent(id: string, target: string): Promise<void> {
  const now = server.clock.now();
  await server.stores.outbox.add([
    {
      id,
      target,
      rule: "all",
      lane: id,
      host: "a.example",
      user: "ann@a.example",
      from: "bob@a.example/x",
      type: "chat",
      contentType: "text/plain",
      payload: "hush",
      class: "chat",
      cancelOn: "never",
      maxWaiting: 9,
      maxWaitingPerRecipient: 9,
      createdAt: now,
      dueAt: now,
      expiresAt: now + 1e6,
      maxAttempts: 3,
    },
  ]);
}

const p8 = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const apns = (more: object = {}) => ({
  kind: "apns",
  key: p8(),
  keyId: "ABCDEFGHIJ",
  teamId: "KLMNOPQRST",
  topic: "org.example.chat",
  ...more,
});
const webpush = (more: object = {}) => ({ kind: "webpush", contact: "mailto:admin@nightpost.org", ...more });

describe("secrets by kind", () => {
  test("an APNs key is kept sealed, shown as a mask, and goes on with the mask", async () => {
    const target = apns();
    expect(await put("ios", target)).toMatchObject({ status: 200, body: { signingSecret: null } });
    expect(await secretOf("forward/ios/:key")).toBe(target.key);
    expect(inPolicy("ios")).toMatchObject({ key: "***" });
    expect(await shown("ios")).toMatchObject({ target: { key: "***" }, signing: null, publicKey: null, devices: 0 });
    expect((await put("ios", { ...target, key: "***", topic: "org.example.other" })).status).toBe(200);
    expect(await secretOf("forward/ios/:key")).toBe(target.key);
    const { items } = await server.stores.admin.auditList({}, { limit: 10 });
    expect(JSON.stringify(items)).not.toContain("PRIVATE KEY");
  });

  test.for([
    { name: "another server would get what is made with it", change: { server: "https://relay.example/" } },
    { name: "another kind has another secret", change: webpush({ privateKey: "***" }), field: "privateKey" },
  ])("a key has to be given again: $name", async ({ change, field = "key" }) => {
    const target = "kind" in change ? change : { ...apns(), key: "***", ...change };
    const answer = await put("ios", target);
    expect(answer).toMatchObject({ status: 400, body: { code: "bad-input" } });
    expect(JSON.stringify(answer.body)).toContain(`target.${field}`);
  });

  test.for([
    { name: "no key", key: "" },
    { name: "a certificate", key: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
  ])("a wrong file is refused and not kept: $name", async ({ key }) => {
    const answer = await put("wrong", apns({ key }));
    expect(answer).toMatchObject({ status: 400, body: { code: "bad-input", errors: [{ path: "target.key" }] } });
    expect(await secretOf("forward/wrong/:key")).toBeNull();
    expect(inPolicy("wrong")).toBeUndefined();
  });

  test("a target that is removed takes its key along", async () => {
    await server.ask("DELETE", at("ios"), { as });
    expect(await secretOf("forward/ios/:key")).toBeNull();
  });

  test("Web Push makes its own key, and keeps it whatever is saved without one", async () => {
    expect((await put("web", webpush())).status).toBe(200);
    const key = (await secretOf("forward/web/:private-key"))!;
    expect(await shown("web")).toMatchObject({ target: { privateKey: "***" }, publicKey: vapidPublicKey(key) });
    for (const privateKey of ["", "***"]) {
      expect((await put("web", webpush({ privateKey, urgency: "low" }))).status).toBe(200);
      expect(await secretOf("forward/web/:private-key")).toBe(key);
      expect(inPolicy("web")).toMatchObject({ privateKey: "***" });
    }
    const other = newVapidPrivateKey();
    expect((await put("web", webpush({ privateKey: other }))).status).toBe(200);
    expect(await shown("web")).toMatchObject({ publicKey: vapidPublicKey(other) });
  });

  test("a policy document may bring Web Push targets without a key", async () => {
    const policy = structuredClone(server.core.policy.document);
    const body = { policy: { ...policy, forward: { targets: { more: webpush() }, rules: [] } } };
    expect((await server.ask("PUT", "/api/v1/policy", { as, body })).status).toBe(200);
    const key = (await secretOf("forward/more/:private-key"))!;
    expect(await shown("more")).toMatchObject({ publicKey: vapidPublicKey(key) });
    expect(await secretOf("forward/web/:private-key")).toBeNull();
    const { revision } = server.core.policy;
    await server.ask("POST", `/api/v1/policy/revisions/${revision.id - 1}/rollback`, { as, body: {} });
    expect(await secretOf("forward/more/:private-key")).toBeNull();
    // The key of the target that came back is gone; browsers have to subscribe anew.
    const made = (await secretOf("forward/web/:private-key"))!;
    expect(await shown("web")).toMatchObject({ publicKey: vapidPublicKey(made) });
  });
});

describe("Ed25519", () => {
  const target = { url: "https://hooks.example/signed", signatures: ["v1", "v1a"] };

  test("the public key is shown where it signs, and changes with the secret", async () => {
    await put("signed", target);
    const first = (await shown("signed"))!["publicKey"];
    expect(first).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    await server.ask("POST", `${at("signed")}/secret`, { as, body: {} });
    const second = (await shown("signed"))!["publicKey"];
    expect(second).not.toBe(first);
    const signing = (await readSigning("signed", server.stores.admin, server.secrets))!;
    expect(signing.previous).toMatchObject({ key: expect.stringMatching(/^whsk_/) });
    await put("signed", { ...target, signatures: ["v1"] });
    expect((await shown("signed"))!["publicKey"]).toBeNull();
  });

  test("a secret of before there were keys gets one when it is wanted", async () => {
    const name = "forward/signed/:signing";
    const before = { current: "whsec_AAAA", since: 1, previous: { secret: "whsec_BBBB", until: 2 } };
    await server.stores.admin.putSecret(name, server.secrets.seal(JSON.stringify(before), name));
    await put("signed", { ...target, signatures: ["v1"] });
    expect(await readSigning("signed", server.stores.admin, server.secrets)).toMatchObject({ key: null });
    server.dispatched.length = 0;
    await put("signed", target);
    const signing = (await readSigning("signed", server.stores.admin, server.secrets))!;
    expect(signing).toMatchObject({ current: "whsec_AAAA", previous: { secret: "whsec_BBBB", key: null } });
    expect(signing.key).toMatch(/^whsk_/);
    expect(server.dispatched).toContain("reload");
  });

  test("pushes have no such signature, and are tested with a device", async () => {
    await put("web", webpush());
    for (const path of [`${at("web")}/secret`, `${at("web")}/test`])
      expect(await server.ask("POST", path, { as, body: {} })).toMatchObject({
        status: 409,
        body: { code: "conflict" },
      });
  });
});

describe("addresses", () => {
  beforeAll(() => {
    server.resolved.set("inside.example", "10.0.0.7");
    server.resolved.set("metadata.example", "169.254.169.254");
  });

  test.for([
    { name: "a private literal", target: { url: "http://127.0.0.1:8080/" }, field: "url" },
    { name: "a name of a private address", target: { url: "https://inside.example/" }, field: "url" },
    { name: "a provider of one", target: apns({ server: "https://metadata.example/" }), field: "server" },
  ])("$name is refused when it is saved", async ({ target, field }) => {
    const answer = await put("inside", target);
    expect([400, 422]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).toContain(field);
    expect(inPolicy("inside")).toBeUndefined();
  });

  test("a policy document cannot bring one either, but one that is allowed stays", async () => {
    const { document } = server.core.policy;
    const policyWith = (targets: object) => ({ policy: { ...document, forward: { targets, rules: [] } } });
    const apply = (targets: object) => server.ask("PUT", "/api/v1/policy", { as, body: policyWith(targets) });
    const inside = { url: "https://inside.example/" };
    const answer = await apply({ inside });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: "policy.forward.targets.inside.url" }] } });
    expect((await apply({ inside: { ...inside, allowPrivate: true } })).status).toBe(200);
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      draft.forward = structuredClone(document.forward);
    });
  });

  test("unless the operator allows it", async () => {
    expect((await put("inside", { url: "https://inside.example/", allowPrivate: true })).status).toBe(200);
    expect((await put("inside", { url: "http://127.0.0.1:8080/", allowPrivate: true })).status).toBe(200);
  });
});

test("a push target that brings its rule tells of everything", async () => {
  const { body } = await put("app", webpush(), { withRule: true });
  expect(body).toMatchObject({ ruleAdded: true });
  expect(server.core.policy.document.forward.rules.find(({ name }) => name === "app")!.classes).toContain("call");
});

describe("a test", () => {
  const testOf = (body: object, who = as) => server.ask("POST", `${at("tested")}/test`, { as: who, body });
  test("of what an event was sent as, for whoever may read it, and signed as asked", async () => {
    await put("tested", { url: "https://hooks.example/tested" });
    await addEvent("evt_past", "tested");
    await addEvent("evt_elsewhere", "elsewhere");
    server.dispatched.length = 0;
    expect((await testOf({ event: "evt_past", signature: "old" })).status).toBe(200);
    expect((await testOf({})).status).toBe(200);
    expect(server.dispatched.map((told) => told.split(" ").at(-1))).toEqual(["old:hush", "{}"]);
    expect(await testOf({ event: "evt_elsewhere" })).toMatchObject({
      status: 400,
      body: { errors: [{ path: "event", reason: "not-of-the-target" }] },
    });
    expect(await testOf({ event: "evt_none" })).toMatchObject({ status: 404, body: { reason: "event-missing" } });
    const writer = await server.key(["forward:read", "forward:write"]);
    expect(await testOf({ event: "evt_past" }, writer)).toMatchObject({
      status: 403,
      body: { reason: "needs-bodies-read" },
    });
  });
});

test("removing a target keeps what waits as dead letters, or gives it up", async () => {
  const waiting = async (id: string, backlog?: string) => {
    const name = `gone-${backlog ?? "dead"}`;
    await put(name, { url: "https://hooks.example/gone" });
    await addEvent(id, name);
    const { body } = await server.ask("DELETE", at(name), { as, body: backlog === undefined ? {} : { backlog } });
    expect(body).toMatchObject({ ended: 1 });
    return (await server.stores.outbox.find(id))?.state;
  };
  expect(await waiting("evt_kept")).toBe("dead");
  expect(await waiting("evt_given-up", "cancel")).toBe("cancelled");
});

test("a check tells when attempts come", async () => {
  const target = { url: "https://hooks.example/x", maxAttempts: 4 };
  const { body } = await server.ask("POST", "/api/v1/forward/targets/check", { as, body: { target } });
  expect(body["attemptsAt"]).toEqual([0, 2, 12, 72]);
});

test("draining is a revision", async () => {
  const drained = await server.ask("POST", `${at("hook")}/drain`, { as, body: { draining: true } });
  expect(drained).toMatchObject({ status: 200, body: { revision: { comment: "target hook is drained" } } });
  expect(inPolicy("hook")!.draining).toBe(true);
  await server.ask("POST", `${at("hook")}/drain`, { as, body: { draining: false } });
  expect(inPolicy("hook")!.draining).toBe(false);
});

describe("what needs attention", () => {
  const sound: TargetState = {
    breaker: "closed",
    breakerUntil: null,
    inFlight: 0,
    limit: 4,
    failingSince: null,
    failingReason: "",
    fault: null,
    goneSince: null,
    blocked: null,
    pruning: null,
    attempts: new Map(),
  };
  const attention = async () => {
    const { body } = await server.ask("GET", "/api/v1/overview", { as });
    return (body["attention"] as Body[]).filter(({ subject }) => subject === "hook");
  };
  const pause = (paused: boolean) => server.ask("POST", `${at("hook")}/pause`, { as, body: { paused } });
  const now = () => server.clock.now();

  test.for([
    { code: "target-misconfigured", state: { fault: { since: 1_000, detail: "BadTopic" } }, value: "BadTopic" },
    { code: "target-blocked", state: { blocked: { since: 1_000, detail: "10.0.0.7" } }, value: "10.0.0.7" },
    { code: "target-gone", state: { goneSince: 1_000 }, value: "" },
    { code: "target-failing", state: { failingSince: 1_000, failingReason: "HTTP 503" }, value: "HTTP 503" },
    { code: "target-pruning", state: { pruning: { since: 1_000, devices: 25 } }, value: "25" },
  ])("$code", async ({ code, state, value }) => {
    server.health.set("hook", { ...sound, ...state });
    const since = new Date(1_000).toISOString();
    expect(await attention()).toMatchObject([{ code, value, since }]);
    expect((await shown("hook"))!["fault"]).toEqual(
      code === "target-misconfigured" ? { since, detail: "BadTopic" } : null,
    );
  });

  test("what is due and nobody attempts is told, unless something keeps it back", async () => {
    server.health.set("hook", sound);
    const at = now();
    const times = { createdAt: at, dueAt: at, expiresAt: at + 86_400_000 };
    await server.stores.outbox.add([outboxEvent("evt_stalled", { target: "hook", ...times })]);
    server.clock.advance(60_000);
    expect(await attention()).toEqual([]);
    server.clock.advance(1);
    const since = new Date(at).toISOString();
    expect(await attention()).toMatchObject([{ code: "target-stalled", severity: "error", value: "1", since }]);
    server.health.set("hook", { ...sound, inFlight: 1 });
    expect(await attention()).toEqual([]);
    server.health.set("hook", { ...sound, breaker: "open" });
    expect(await attention()).toEqual([]);
    server.health.set("hook", sound);
    await pause(true);
    expect(await attention()).toMatchObject([{ code: "target-paused" }]);
    await pause(false);
    await server.stores.outbox.endTarget("hook", "cancelled", now());
  });

  test("a breaker that has just opened is nothing yet", async () => {
    server.health.set("hook", { ...sound, failingSince: now() - 30_000 });
    expect(await attention()).toEqual([]);
  });

  test("a target that is gone is paused, and said to be gone", async () => {
    server.health.set("hook", { ...sound, goneSince: 1_000 });
    await pause(true);
    expect((await attention()).map(({ code }) => code)).toEqual(["target-gone"]);
    const { body } = await server.ask("GET", "/api/v1/forward/targets", { as });
    expect((body["items"] as Body[])[0]).toMatchObject({ goneSince: "1970-01-01T00:00:01.000Z" });
    server.health.set("hook", { ...sound, fault: { since: 1_000, detail: "" }, failingSince: 1_000 });
    expect((await attention()).map(({ code }) => code)).toEqual(["target-paused"]);
    await pause(false);
    server.health.set("hook", sound);
    expect(await attention()).toEqual([]);
  });

  test("one call releases a target whose settings were refused, with no revision where nothing changes", async () => {
    server.dispatched.splice(0);
    const held = await pause(true);
    const released = await pause(false);
    const again = await pause(false);
    const idOf = ({ body }: { body: Body }) => (body["revision"] as Body)["id"];
    expect([released, again].map(idOf)).toEqual([Number(idOf(held)) + 1, Number(idOf(held)) + 1]);
    expect(server.dispatched).toEqual(["release hook", "release hook"]);
    const { body } = await server.ask("GET", "/api/v1/audit?limit=3", { as });
    expect((body["items"] as Body[]).map(({ action }) => action)).toEqual(Array(3).fill("forward.target.pause"));
  });

  test("too much that waits", async () => {
    const time = now();
    const event = {
      target: "hook",
      rule: "all",
      lane: "ann@a.example",
      host: "a.example",
      user: "ann@a.example",
      from: "bob@a.example/x",
      type: "chat",
      contentType: "text/plain",
      payload: "",
      createdAt: time,
      dueAt: time,
      expiresAt: time + 3_600_000,
      maxAttempts: 3,
      class: "chat",
      cancelOn: "never",
      maxWaiting: 1,
      maxWaitingPerRecipient: 1,
    } as const;
    for (const id of ["evt_1", "evt_2", "evt_3"]) {
      const unit = { host: "a.example", local: "ann", message: null, maxMessages: 9, maxBytes: 9_999 };
      await server.stores.offline.commit({ ...unit, forwards: [{ ...event, id }] });
    }
    expect(await attention()).toMatchObject([
      { code: "target-overflow", value: "2", severity: "error" },
      { code: "dead-letters", value: "2" },
    ]);
  });

  test("viewers are told", async () => {
    const changes: Change[] = [];
    const stop = server.api.events.subscribe((change) => changes.push(change));
    server.alert({ kind: "misconfigured", target: "ios", detail: "BadTopic" });
    // What changed a moment ago is told together with it.
    await expect
      .poll(() => changes, { timeout: 2_000 })
      .toContainEqual(expect.objectContaining({ resource: "targets" }));
    stop();
  });
});

test("Prometheus is told for how long forwards could have been attempted", async () => {
  await put("late", { kind: "webhook", url: "https://hooks.example/late" });
  await addEvent("late-1", "late");
  server.clock.advance(90_000);
  const text = await server.api.metricsText({ authorization: undefined, address: "192.0.2.1", isTrusted: true });
  expect(text).toMatch(/^nightpost_forward_overdue_seconds\{target="late",kind="webhook"\} 90$/m);
});
