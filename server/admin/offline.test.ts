import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import type { NewOutboxEvent } from "../storage/ports.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

const api = "/api/v1/offline";
const queue = `${api}/${encodeURIComponent(user)}`;
/** What was asked of the module that keeps messages. */
let delivered: string[];

const keeper = defineModule({
  name: "keeper",
  summary: "Keeps messages, for the test.",
  xeps: [],
  options: z.strictObject({}),
  start({ hook, host }) {
    const maxMessages = host.name === "a.example" ? 4 : Infinity;
    hook("offline/limits", () => ({ maxMessages, maxBytes: 10_000, expireDays: 30 }));
    hook("offline/deliver", (event) => (delivered.push(event.user.bare), event.user.local === "user"));
  },
});

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  delivered = [];
  server = await adminTestServer({ modules: [keeper] });
  as = await server.signIn(boss);
  for (let index = 1; index <= 3; index += 1) await store(`text ${index}`);
});
afterEach(() => server.stop());

async function store(body: string, forwards: NewOutboxEvent[] = [], expiresAt: number | null = null): Promise<void> {
  const from = "romeo@b.example/garden";
  const xml = `<message from='${from}' to='${user}' type='chat'><body>${body}</body><no-copy xmlns='urn:xmpp:hints'/></message>`;
  const message = { from, type: "chat", at: 1_000, expiresAt, xml };
  const unit = { host: "a.example", local: "user", message, maxMessages: 100, maxBytes: 1e6 };
  await server.stores.offline.commit({ ...unit, forwards });
}

function event(id: string, changes: Partial<NewOutboxEvent> = {}): NewOutboxEvent {
  return {
    id,
    target: "hook",
    rule: "all",
    lane: user,
    host: "a.example",
    user,
    from: "romeo@b.example",
    type: "chat",
    contentType: "application/json",
    payload: "{}",
    class: "chat",
    cancelOn: "never",
    maxWaiting: 100,
    maxWaitingPerRecipient: 100,
    createdAt: 1_000,
    dueAt: 1_000,
    expiresAt: 2e12,
    maxAttempts: 3,
    ...changes,
  };
}

interface Message {
  readonly id: number;
  readonly expiresAt: string | null;
  readonly forwards: { readonly id: string }[];
}
const waiting = async () => (await server.ask("GET", queue, { as })).body["items"] as Message[];
const audited = async () =>
  (await server.stores.admin.auditList({}, { limit: 5 })).items.map(({ action, object }) => `${action} ${object}`);

describe("queues", () => {
  test("say how much waits, how full they are and whether anybody is there", async () => {
    await server.connect(`${user}/phone`);
    const { body } = await server.ask("GET", api, { as });
    expect(body["items"]).toMatchObject([
      {
        jid: user,
        host: "a.example",
        messages: 3,
        online: 1,
        pendingForwards: 0,
        limits: { maxMessages: 4, maxBytes: 10_000 },
        fill: 0.75,
      },
    ]);
    expect((await server.ask("GET", `${api}/totals`, { as })).body).toMatchObject({
      accounts: 1,
      messages: 3,
      policies: [
        { host: "a.example", maxMessages: 4, maxBytes: 10_000, expireDays: 30 },
        { host: "b.example", maxMessages: null },
      ],
    });
  });

  test("are those of one's own hosts", async () => {
    const warden = await server.key(["offline:read"], { hosts: ["b.example"] });
    expect((await server.ask("GET", api, { as: warden })).body["items"]).toEqual([]);
    expect((await server.ask("GET", `${api}/totals`, { as: warden })).body).toMatchObject({ messages: 0 });
    expect((await server.ask("GET", queue, { as: warden })).status).toBe(403);
  });
});

describe("a message", () => {
  test("is told without what is in it, with what became of it elsewhere", async () => {
    await store("4", [event("evt_1")]);
    const items = await waiting();
    expect(items).toHaveLength(4);
    expect(items[0]).toMatchObject({ from: "romeo@b.example/garden", type: "chat", archived: false, expiresAt: null });
    expect(items[3]).toMatchObject({ forwards: [{ id: "evt_1", target: "hook", state: "queued", device: null }] });
    expect(JSON.stringify(items)).not.toContain("text 1");
  });

  test("is revealed to who may read bodies, and that is recorded", async () => {
    const [first] = await waiting();
    const path = `${queue}/messages/${first!.id}`;
    const reader = await server.key(["offline:read"]);
    expect((await server.ask("GET", path, { as: reader })).status).toBe(403);
    const { body } = await server.ask("GET", path, { as });
    expect(body["body"]).toBe("text 1");
    expect(body["xml"]).toContain("no-copy");
    expect((await audited())[0]).toBe(`offline.reveal ${user}`);
    expect((await server.ask("GET", `${queue}/messages/${first!.id + 1}`, { as })).status).toBe(404);
  });

  test("is exported with the time it came and all that was in it", async () => {
    const { body } = await server.ask("GET", `${queue}/export?limit=2`, { as });
    expect(body).toMatchObject({ messages: 2, nextCursor: expect.any(String) });
    const rest = await server.ask("GET", `${queue}/export?limit=2&cursor=${String(body["nextCursor"])}`, { as });
    expect(rest.body).toMatchObject({ messages: 1, nextCursor: null });
    const xml = String(body["xml"]);
    const root = Stanza.parse(xml).element;
    expect([root.name, root.ns]).toEqual(["server-data", "urn:xmpp:pie:0"]);
    expect(xml).toContain("stamp=");
    expect(xml).toContain("no-copy");
    expect((await audited())[0]).toBe(`offline.export ${user}`);
  });

  test("is deleted, but not twice", async () => {
    const ids = (await waiting()).slice(0, 2).map(({ id }) => id);
    expect((await server.ask("POST", `${queue}/remove`, { as, body: { ids } })).body).toEqual({ removed: 2 });
    expect((await server.ask("POST", `${queue}/remove`, { as, body: { ids } })).body).toEqual({ removed: 0 });
    expect(await waiting()).toHaveLength(1);
    expect((await audited())[0]).toBe(`offline.remove ${user}`);
  });

  test("is handed over where somebody is there", async () => {
    expect((await server.ask("POST", `${queue}/deliver`, { as, body: {} })).status).toBe(200);
    expect((await server.ask("POST", `${api}/warden%40a.example/deliver`, { as, body: {} })).status).toBe(409);
    expect(delivered).toEqual([user, "warden@a.example"]);
  });
});

describe("forwarding what waits", () => {
  test("makes what is missing and brings back what failed, and neither twice", async () => {
    await store("4", [event("evt_dead", { failed: "template failed" })]);
    const forward = (body: object = {}) => server.ask("POST", `${queue}/forward`, { as, body });
    expect((await forward()).body).toEqual({ planned: 3, retried: 1 });
    expect(server.dispatched).toEqual(["wake hook"]);
    const items = await waiting();
    expect(items.map(({ forwards }) => forwards.length)).toEqual([1, 1, 1, 1]);
    expect(items[3]!.forwards).toMatchObject([{ id: "evt_dead", state: "queued" }]);
    expect((await forward()).body).toMatchObject({ planned: 0 });
    const settled = items[0]!.forwards[0]!.id;
    await server.stores.outbox.cancel(settled, 5_000);
    expect((await forward({ ids: [items[0]!.id] })).body).toEqual({ planned: 0, retried: 0 });
  });
});

describe("keeping for longer", () => {
  const extend = (body: object) => server.ask("POST", `${api}/extend`, { as, body });

  test("a message, what a filter says, or what waits for an account, and it is recorded", async () => {
    const day = 86_400_000;
    const soon = server.clock.now() + day;
    for (const text of ["one", "two"]) await store(text, [], soon);
    const expiries = async () => (await waiting()).map(({ expiresAt }) => expiresAt);
    const [tomorrow, later] = [new Date(soon).toISOString(), new Date(soon + day).toISOString()];
    const ids = [(await waiting())[3]!.id];
    expect((await extend({ jid: user, ids, until: later })).body).toEqual({ extended: 1 });
    expect(await expiries()).toEqual([null, null, null, later, tomorrow]);
    expect((await extend({ from: "romeo@b.example", until: later })).body).toEqual({ extended: 1 });
    expect((await extend({ jid: user, until: null })).body).toEqual({ extended: 2 });
    expect(await expiries()).toEqual([null, null, null, null, null]);
    expect((await audited()).slice(0, 3)).toEqual([
      `offline.extend ${user}`,
      "offline.extend 1 messages",
      `offline.extend ${user}`,
    ]);
  });

  test.each([
    ["a time that has passed", { jid: user, until: "1970-01-01T00:00:00.000Z" }, 400],
    ["places of nobody's queue", { ids: [1], until: null }, 400],
    ["an account that is not there", { jid: "nobody@nowhere.example", until: null }, 404],
  ])("%s is refused", async (_, body, status) => {
    expect((await extend(body)).status).toBe(status);
  });
});

describe("a purge", () => {
  const count = (body: object) => server.ask("POST", `${api}/purges/count`, { as, body });
  const jobs = async () => (await server.ask("GET", `${api}/purges`, { as })).body["items"] as { state: string }[];

  test("says beforehand how much it would delete, and then deletes that", async () => {
    expect((await count({ from: "romeo@b.example" })).body).toMatchObject({ messages: 3, of: 3 });
    expect((await count({ before: "1970-01-01T00:00:01.000Z" })).body).toMatchObject({ messages: 0, of: 3 });
    expect((await count({ host: "b.example" })).body).toMatchObject({ messages: 0, of: 0 });
    const begun = await server.ask("POST", `${api}/purges`, { as, body: { jid: user } });
    expect(begun).toMatchObject({ status: 200, body: { state: "running", matching: 3, by: boss } });
    await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ state: "done", done: 3 }]));
    expect(await waiting()).toEqual([]);
    expect((await audited())[0]).toBe("offline.purge 3 messages");
  });

  test("ends when somebody stops it", async () => {
    const { discard } = server.stores.offline;
    const held = Promise.withResolvers<void>();
    vi.spyOn(server.stores.offline, "discard").mockImplementation(async (filter, after) => {
      await held.promise;
      return { ...(await discard(filter, after, 1)), upTo: after + 1 };
    });
    const { body } = await server.ask("POST", `${api}/purges`, { as, body: { jid: user } });
    const stopped = await server.ask("POST", `${api}/purges/${String(body["id"])}/stop`, { as, body: {} });
    held.resolve();
    expect(stopped.body).toMatchObject({ state: "stopped" });
    await vi.waitFor(async () => expect(await waiting()).toHaveLength(2));
    expect(await jobs()).toMatchObject([{ state: "stopped" }]);
  });

  test("is held to the hosts of whoever begins it", async () => {
    const warden = await server.key(["offline:read", "offline:write"], { hosts: ["b.example"] });
    expect((await server.ask("POST", `${api}/purges`, { as: warden, body: { jid: user } })).status).toBe(403);
    expect((await server.ask("POST", `${api}/purges/count`, { as: warden, body: {} })).body).toMatchObject({
      messages: 0,
    });
    expect(await waiting()).toHaveLength(3);
  });
});
