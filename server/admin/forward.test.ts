import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { permissions } from "../../lib/contracts/permissions.ts";
import { Secrets } from "../core/secrets.ts";
import { readSigning, signingSecretName } from "../forward/webhook/signing-secrets.ts";
import type { NewOutboxEvent } from "../storage/ports.ts";
import { adminTestServer, boss, warden, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
let as: Record<string, string>;
beforeAll(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  for (const [id, host] of [
    ["evt_1", "a.example"],
    ["evt_2", "a.example"],
    ["evt_3", "b.example"],
  ] as const) {
    await commit(id, host);
  }
});
afterAll(() => server.stop());

function eventOf(id: string, host: string, user: string, lane = user): NewOutboxEvent {
  const now = server.clock.now();
  return {
    id,
    target: "hook",
    rule: "all",
    lane,
    host,
    user,
    from: "bob@a.example/x",
    type: "chat",
    contentType: "application/json",
    payload: '{"body":"hush"}',
    createdAt: now,
    dueAt: now,
    expiresAt: now + 3_600_000,
    maxAttempts: 3,
    class: "chat",
    cancelOn: "never",
    maxWaiting: 1_000,
    maxWaitingPerRecipient: 1_000,
  };
}

async function commit(id: string, host: string, lane?: string, user = `ann@${host}`): Promise<void> {
  const forwards = [eventOf(id, host, user, lane)];
  const unit = { host, local: "ann", message: null, maxMessages: 10, maxBytes: 10_000, forwards };
  await server.stores.offline.commit(unit);
}

const ids = async (path: string, who = as): Promise<unknown[]> => {
  const { body } = await server.ask("GET", `/api/v1/forward/events${path}`, { as: who });
  return (body["items"] as { id: string }[]).map(({ id }) => id);
};

test("the log, newest first, by filter and by page", async () => {
  expect(await ids("")).toEqual(["evt_3", "evt_2", "evt_1"]);
  expect(await ids("?host=a.example")).toEqual(["evt_2", "evt_1"]);
  expect(await ids("?state=dead")).toEqual([]);
  expect(await ids("?search=evt_2")).toEqual(["evt_2"]);
  expect(await ids(`?since=${new Date(server.clock.now() + 1).toISOString()}`)).toEqual([]);
  const { body } = await server.ask("GET", "/api/v1/forward/events?limit=2", { as });
  expect(await ids(`?limit=2&cursor=${String(body["nextCursor"])}`)).toEqual(["evt_1"]);
});

test("an event, its body only for those who may read it and ask for it, which is told", async () => {
  const path = "/api/v1/forward/events/evt_1";
  expect((await server.ask("GET", path, { as })).body).toMatchObject({ id: "evt_1", payload: null });
  const reader = await server.key(["forward:read"]);
  expect((await server.ask("POST", `${path}/reveal`, { as: reader, body: {} })).status).toBe(403);
  expect((await server.ask("POST", `${path}/reveal`, { as, body: {} })).body).toMatchObject({
    payload: '{"body":"hush"}',
    attemptList: [],
  });
  const { items } = await server.stores.admin.auditList({ action: "forward.reveal" }, { limit: 5 });
  expect(items.map(({ object, result }) => [object, result])).toEqual([
    ["evt_1", "done"],
    ["evt_1", "refused"],
  ]);
  const other = await server.key(permissions, { hosts: ["b.example"] });
  expect((await server.ask("GET", path, { as: other })).status).toBe(403);
  expect(await ids("", other)).toEqual(["evt_3"]);
});

test("retry wakes the dispatcher, cancel gives up, both are audited", async () => {
  server.dispatched.length = 0;
  expect((await server.ask("POST", "/api/v1/forward/events/evt_1/retry", { as, body: {} })).status).toBe(200);
  expect(server.dispatched).toEqual(["wake hook"]);
  expect((await server.ask("POST", "/api/v1/forward/events/evt_1/cancel", { as, body: {} })).status).toBe(200);
  expect(await server.ask("POST", "/api/v1/forward/events/evt_1/cancel", { as, body: {} })).toMatchObject({
    status: 409,
    body: { code: "conflict" },
  });
  expect((await server.ask("POST", "/api/v1/forward/events/evt_9/retry", { as, body: {} })).status).toBe(404);
  const { items } = await server.stores.admin.auditList({}, { limit: 4 });
  expect(items.map(({ action, object, result }) => [action, object, result])).toEqual([
    ["forward.retry", "evt_9", "failed"],
    ["forward.cancel", "evt_1", "failed"],
    ["forward.cancel", "evt_1", "done"],
    ["forward.retry", "evt_1", "done"],
  ]);
});

describe("what there is about an event", () => {
  const path = (id: string): string => `/api/v1/forward/events/${id}`;

  test("one that is too old to be kept is told from one that never was", async () => {
    const idOf = (ms: number): string => `evt_${ms.toString(16).padStart(12, "0")}7abc8${"0".repeat(15)}`;
    const dayMs = 86_400_000;
    const now = server.clock.now();
    for (const [id, reason] of [
      [idOf(now - 8 * dayMs), "event-deleted"],
      [`${idOf(now - 8 * dayMs)}_device`, "event-deleted"],
      [idOf(now - 6 * dayMs), "event-missing"],
      ["evt_9", "event-missing"],
    ] as const) {
      expect(await server.ask("GET", path(id), { as })).toMatchObject({ status: 404, body: { reason } });
    }
    const { body } = await server.ask("GET", path(idOf(now - 8 * dayMs)), { as });
    const day = new Date(now - 8 * dayMs).toISOString().slice(0, 10);
    expect(body["values"]).toMatchObject({ day, done: 7, dead: 30 });
  });

  test("related: its message, the message's other events, and the recipient's around it", async () => {
    server.clock.advance(600_000);
    const at = server.clock.now();
    const key = { id: at * 1000, salt: 7 };
    const xml = "<message from='bob@a.example/x' to='warden@a.example'><body>hush</body></message>";
    const message = { from: "bob@a.example/x", type: "chat", at, expiresAt: null, xml, archiveAs: key };
    const events = ["evt_r1", "evt_r2"].map((id) => ({ ...eventOf(id, "a.example", warden), lane: id }));
    const unit = { host: "a.example", local: "warden", maxMessages: 10, maxBytes: 10_000 };
    await server.stores.offline.commit({ ...unit, message, forwards: events });
    await commit("evt_other", "a.example", "other", warden);
    server.clock.advance(301_000);
    await commit("evt_late", "a.example", "late", warden);

    const { body } = await server.ask("GET", `${path("evt_r1")}/related`, { as });
    const idsOf = (name: string) => (body[name] as { id: string }[]).map(({ id }) => id);
    expect(body["message"]).toMatchObject({ isWaiting: true, isArchived: true, stanzaId: expect.any(String) });
    expect(idsOf("sameMessage")).toEqual(["evt_r2"]);
    expect(idsOf("sameUser")).toEqual(["evt_other"]);
    const late = await server.ask("GET", `${path("evt_late")}/related`, { as });
    expect(late.body).toEqual({ message: null, sameMessage: [], sameUser: [] });
    const other = await server.key(permissions, { hosts: ["b.example"] });
    expect((await server.ask("GET", `${path("evt_r1")}/related`, { as: other })).status).toBe(403);
  });

  test("its stanza, without what was written unless that is asked for", async () => {
    const closed = await server.ask("GET", path("evt_r1"), { as });
    const written = (body: string, masked: boolean): unknown => ({
      xml: expect.stringContaining(`<body>${body}<`),
      masked,
    });
    expect(closed.body["stanza"]).toEqual(written("•••", true));
    const open = await server.ask("POST", `${path("evt_r1")}/reveal`, { as, body: {} });
    expect(open.body["stanza"]).toEqual(written("hush", false));
    expect((await server.ask("GET", path("evt_late"), { as })).body["stanza"]).toBeNull();
  });

  test("its request is written anew by the target's settings now, under the same id", async () => {
    const { target } = eventOf("evt_r1", "a.example", warden);
    const settings = { url: "https://hooks.example/", preset: "template", template: "{{ id }}: {{ message.body }}" };
    const set = (more: object) =>
      server.ask("PUT", `/api/v1/forward/targets/${target}`, { as, body: { target: { ...settings, ...more } } });
    const again = (id: string) => server.ask("POST", `${path(id)}/retry`, { as, body: { render: true } });
    expect((await set({ templateType: "text/plain" })).status).toBe(200);
    expect((await again("evt_r1")).status).toBe(200);
    const { body } = await server.ask("POST", `${path("evt_r1")}/reveal`, { as, body: {} });
    expect(body).toMatchObject({ payload: "evt_r1: hush", contentType: "text/plain", bytes: 12, state: "queued" });

    await set({ template: "{{ message.body | json: 1, 2, 3 | nothing }}" });
    await set({ preset: "classic", confidential: false });
    await again("evt_r1");
    const form = await server.ask("POST", `${path("evt_r1")}/reveal`, { as, body: {} });
    expect(form.body).toMatchObject({ contentType: "application/x-www-form-urlencoded" });
    expect(await again("evt_late")).toMatchObject({ status: 404, body: { reason: "event-message-gone" } });
  });
});

test("the histogram has as many buckets as asked for", async () => {
  const { body } = await server.ask("GET", "/api/v1/forward/histogram?buckets=12", { as });
  expect(body["buckets"]).toHaveLength(12);
});

test("facets count what events have in common, for those that a filter matches", async () => {
  const none = { targets: [], classes: [], states: [], reasons: [], isComplete: true };
  expect((await server.ask("GET", "/api/v1/forward/facets?target=nobody", { as })).body).toEqual(none);
  const { body } = await server.ask("GET", "/api/v1/forward/facets?class=chat", { as });
  expect(body["classes"]).toEqual([{ value: "chat", count: expect.any(Number) }]);
});

describe("signing secrets", () => {
  const path = "/api/v1/forward/targets/signed";
  const target = { url: "https://hooks.example/signed" };
  const signingOf = async (): Promise<unknown> => {
    const { body } = await server.ask("GET", "/api/v1/forward/targets", { as });
    return (body["items"] as { name: string; signing: unknown }[]).find(({ name }) => name === "signed")?.signing;
  };
  const stored = async () => readSigning("signed", server.stores.admin, server.secrets);
  const at = (ms: number): string => new Date(ms).toISOString();

  test("a new target gets one, which is told once", async () => {
    const added = await server.ask("PUT", path, { as, body: { target } });
    const secret = String(added.body["signingSecret"]);
    expect(Buffer.from(secret.replace("whsec_", ""), "base64")).toHaveLength(32);
    expect(await stored()).toMatchObject({ current: secret, previous: null });
    expect((await server.ask("PUT", path, { as, body: { target } })).body["signingSecret"]).toBeNull();
    expect(await signingOf()).toEqual({ since: at(server.clock.now()), previousUntil: null });
    expect([...(await server.stores.admin.secrets()).values()].join()).not.toContain(secret);
  });

  test("a new one signs beside the one before for a day, unless told otherwise", async () => {
    const before = (await stored())!.current;
    server.dispatched.length = 0;
    const { body } = await server.ask("POST", `${path}/secret`, { as, body: {} });
    const until = server.clock.now() + 86_400_000;
    expect(body["previousUntil"]).toBe(at(until));
    expect(await stored()).toMatchObject({ current: body["signingSecret"], previous: { secret: before, until } });
    expect(server.dispatched).toEqual(["reload"]);
    expect(await signingOf()).toMatchObject({ previousUntil: at(until) });
    server.clock.advance(86_400_000);
    as = await server.signIn(boss);
    expect(await signingOf()).toMatchObject({ previousUntil: null });
    await server.ask("POST", `${path}/secret`, { as, body: { overlapHours: 0 } });
    expect((await stored())!.previous).toBeNull();
  });

  test("two rotations at once are one after the other", async () => {
    const rotate = async () => (await server.ask("POST", `${path}/secret`, { as, body: {} })).body["signingSecret"];
    const secrets = await Promise.all([rotate(), rotate()]);
    const { current, previous } = (await stored())!;
    expect(new Set([current, previous!.secret])).toEqual(new Set(secrets));
  });

  test("one that was sealed with a key that is gone is replaced", async () => {
    const name = signingSecretName("signed");
    await server.stores.admin.putSecret(name, Secrets.ephemeral().seal("{}", name));
    expect(await signingOf()).toBeNull();
    const { body } = await server.ask("POST", `${path}/secret`, { as, body: {} });
    expect(await stored()).toMatchObject({ current: body["signingSecret"], previous: null });
  });

  test("a target that is refused leaves none behind, one that is removed takes its own along", async () => {
    const bad = { target: { ...target, headers: { Host: "elsewhere" } } };
    expect((await server.ask("PUT", "/api/v1/forward/targets/bad", { as, body: bad })).status).toBe(400);
    await server.ask("DELETE", path, { as });
    expect([...(await server.stores.admin.secrets()).keys()]).toEqual([]);
  });
});

describe("replays", () => {
  const path = "/api/v1/forward/replays";
  const jobs = async (who = as) => (await server.ask("GET", path, { as: who })).body["items"] as { id: string }[];
  beforeAll(async () => {
    for (const id of ["dead_1", "dead_2", "dead_3"]) {
      const host = id === "dead_3" ? "b.example" : "a.example";
      await commit(id, host, id);
    }
    const lanes = await server.stores.outbox.claim("hook", server.clock.now(), 1_000, 100, 1);
    await server.stores.outbox.settle(
      lanes.flatMap(({ claim, events }) =>
        events.map(({ seq }) => ({ seq, claim, attempt: null, next: { state: "dead" as const }, at: 0 })),
      ),
    );
  });

  test("the count comes first and changes nothing", async () => {
    const reader = await server.key(["forward:read"]);
    const count = async (body: object, who = reader) =>
      (await server.ask("POST", `${path}/count`, { as: who, body })).body["matching"];
    expect(await count({ search: "dead_" })).toBe(3);
    expect(await count({ search: "dead_", host: "a.example" })).toBe(2);
    expect(await count({ ids: ["dead_1", "evt_9"] })).toBe(1);
    expect(await count({ search: "dead_" }, await server.key(["forward:read"], { hosts: ["b.example"] }))).toBe(1);
    expect((await server.ask("POST", path, { as: reader, body: {} })).status).toBe(403);
    expect(await ids("?state=dead&search=dead_")).toHaveLength(3);
  });

  test("a replay is a job, audited with its filter", async () => {
    server.dispatched.length = 0;
    const { body } = await server.ask("POST", path, { as, body: { search: "dead_", host: "a.example" } });
    expect(body).toMatchObject({ by: boss, state: "running", matching: 2 });
    await expect.poll(async () => (await jobs())[0]).toMatchObject({ state: "done", replayed: 2 });
    expect(server.dispatched).toEqual(["wake hook"]);
    expect(await ids("?state=dead&search=dead_")).toEqual(["dead_3"]);
    const [row] = (await server.stores.admin.auditList({}, { limit: 1 })).items;
    expect(row).toMatchObject({ action: "forward.replay", object: "2 events", result: "done" });
    expect(row!.detail).toContain('"search":"dead_"');
  });

  test("expired events are brought back when they are asked for", async () => {
    await commit("late_1", "a.example", "late");
    const lanes = await server.stores.outbox.claim("hook", server.clock.now(), 1_000, 100, 1);
    const lane = lanes.find(({ events }) => events[0]!.id === "late_1");
    const { seq } = lane!.events[0]!;
    await server.stores.outbox.settle([
      { seq, claim: lane!.claim, attempt: null, next: { state: "expired" }, at: server.clock.now() },
    ]);
    await server.stores.outbox.release(lanes.map(({ claim }) => claim));
    const count = async (body: object) =>
      (await server.ask("POST", `${path}/count`, { as, body: { ids: ["late_1"], ...body } })).body["matching"];
    expect(await count({})).toBe(0);
    expect(await count({ withExpired: true })).toBe(1);
    await server.ask("POST", path, { as, body: { ids: ["late_1"], withExpired: true } });
    await expect.poll(async () => (await server.stores.outbox.find("late_1"))!.state).toBe("queued");
    expect((await server.stores.outbox.find("late_1"))!.expiresAt).toBeGreaterThan(server.clock.now());
  });

  test("what a target missed: counted, made, held to the caller's hosts", async () => {
    const at = server.clock.now();
    for (const [host, local] of [
      ["a.example", "user"],
      ["a.example", "boss"],
    ] as const) {
      const from = "bob@elsewhere.example/x";
      const xml = `<message type='chat' from='${from}' to='${local}@${host}'><body>hush</body></message>`;
      const message = { from, type: "chat", at, expiresAt: null, xml };
      await server.stores.offline.commit({ host, local, message, maxMessages: 9, maxBytes: 9_999, forwards: [] });
    }
    const missing = "/api/v1/forward/missing";
    const filter = {
      target: "hook",
      since: new Date(0).toISOString(),
      until: new Date(Date.now() + 1e9).toISOString(),
    };
    const count = async (who: Record<string, string>, more: object = {}) =>
      (await server.ask("POST", `${missing}/count`, { as: who, body: { ...filter, ...more } })).body["matching"];
    expect(await count(as)).toBe(2);
    expect(await count(as, { host: "b.example" })).toBe(0);
    expect(await count(await server.key(["forward:read"], { hosts: ["b.example"] }))).toBe(0);
    expect((await server.ask("POST", `${missing}/count`, { as, body: { ...filter, target: "nobody" } })).status).toBe(
      404,
    );
    const { body } = await server.ask("POST", missing, { as, body: filter });
    expect(body).toMatchObject({ kind: "missing", matching: 2, by: boss });
    await expect.poll(async () => (await jobs())[0]).toMatchObject({ state: "done", replayed: 2 });
    expect(await count(as)).toBe(0);
    const [row] = (await server.stores.admin.auditList({}, { limit: 1 })).items;
    expect(row).toMatchObject({ action: "forward.missing", object: "2 events", result: "done" });
    expect(row!.detail).not.toContain("hush");
  });

  test("stopping, and who sees whose", async () => {
    const [job] = await jobs();
    const other = await server.key(permissions, { hosts: ["b.example"] });
    expect(await jobs(other)).toEqual([]);
    expect((await server.ask("POST", `${path}/${job!.id}/stop`, { as: other, body: {} })).status).toBe(404);
    const stopped = await server.ask("POST", `${path}/${job!.id}/stop`, { as, body: {} });
    expect(stopped).toMatchObject({ status: 200, body: { id: job!.id, state: "done" } });
    expect((await server.ask("POST", `${path}/nothing/stop`, { as, body: {} })).status).toBe(404);
  });
});

test("going back to a revision of a version that knew fewer settings", async () => {
  const { policies } = server.stores;
  const { revision, document } = (await policies.current())!;
  const old = JSON.parse(document) as { forward: { targets: Record<string, object> } };
  const { hook } = old.forward.targets;
  for (const setting of ["accessToken", "confidential"]) Reflect.deleteProperty(hook!, setting);
  const get = vi.spyOn(policies, "get").mockResolvedValue({ revision, document: JSON.stringify(old) });
  const path = `/api/v1/policy/revisions/${revision.id}/rollback`;
  expect((await server.ask("POST", path, { as, body: {} })).status).toBe(200);
  expect(server.core.policy.document.forward.targets["hook"]).toMatchObject({ accessToken: "", confidential: false });
  get.mockRestore();
});
