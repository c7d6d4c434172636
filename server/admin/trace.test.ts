import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { formatStanzaId, type MessageKey } from "../core/stanza-id.ts";
import { Jid } from "../xmpp/jid.ts";
import { Stanza } from "../xmpp/stanza.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

const sender = "romeo@b.example/garden";
const key: MessageKey = { id: 1_700_000_000_000_000, salt: 7 };

/** Keeps every message under one key, and drops what says so. */
const keeper = defineModule({
  name: "keeper",
  summary: "For the test.",
  xeps: [],
  options: z.strictObject({}),
  start({ hook }) {
    hook("message/stamp", ({ stanza }) => ({ key, original: stanza, stanza }));
    hook("stanza/incoming", ({ stanza }) => (stanza.childText("body") === "spam" ? "drop" : undefined));
    hook("message/offline", () => "stored");
  },
});

let server: AdminTestServer;
let as: Record<string, string>;
beforeEach(async () => {
  server = await adminTestServer({ modules: [keeper] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const xmlOf = (body: string) =>
  `<message from='${sender}' to='${user}' id='m1' type='chat'><body>${body}</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>`;

/** On its way to somebody who is away, as the modules would see it. */
async function send(body: string): Promise<void> {
  const stanza = Stanza.parse(xmlOf(body));
  const host = server.core.hosts.get("a.example")!;
  const { router } = server.core;
  const origin = { answer: () => {}, awaitCommit: () => {}, session: null };
  const packet = { stanza, from: Jid.parse(sender), to: Jid.parse(user), origin, host };
  await router.route(packet);
  if (body === "spam") return;
  const forwards = [
    {
      id: "evt_1",
      target: "hook",
      rule: "all",
      lane: user,
      host: "a.example",
      user,
      from: sender,
      type: "chat",
      contentType: "application/json",
      payload: "{}",
      class: "chat",
      cancelOn: "never",
      maxWaiting: 9,
      maxWaitingPerRecipient: 9,
      createdAt: 1_000,
      dueAt: 1_000,
      expiresAt: 2e12,
      maxAttempts: 3,
    } as const,
  ];
  const kept = await host.hooks.fire("message/stamp", packet);
  await host.hooks.fire("message/offline", {
    packet,
    user: packet.to,
    at: 0,
    notStored: null,
    kept,
    forwards: [...forwards],
  });
  const message = {
    archiveAs: key,
    from: sender,
    type: "chat",
    at: 1_700_000_000_000,
    expiresAt: null,
    xml: xmlOf(body),
  };
  const unit = { host: "a.example", local: "user", message, maxMessages: 9, maxBytes: 9_999, forwards };
  await server.stores.offline.commit(unit);
}

interface Traced {
  readonly messages: { readonly steps: { readonly kind: string }[]; readonly forwards: { readonly id: string }[] }[];
}
const traceOf = async (id: string, who = as) => {
  const { status, body } = await server.ask("GET", `/api/v1/trace/${encodeURIComponent(id)}`, { as: who });
  return { status, body: body as unknown as Traced };
};
const steps = ({ messages }: Traced) => messages[0]!.steps.map(({ kind }) => kind);

test.each([["m1"], ["o1"], [formatStanzaId(key)], ["evt_1"]])("by %s: the whole way of a message", async (id) => {
  await send("But soft");
  const { status, body } = await traceOf(id);
  expect(status).toBe(200);
  expect(steps(body)).toEqual(["received", "kept", "stored", "waiting", "archived"]);
  expect(body).toMatchObject({
    messages: [
      {
        stanzaId: formatStanzaId(key),
        id: "m1",
        originId: "o1",
        from: sender,
        to: user,
        host: "a.example",
        forwards: [{ id: "evt_1", state: "queued", attemptList: [] }],
      },
    ],
    memorySince: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toContain("But soft");
});

test("once a client has it, that is said", async () => {
  await send("But soft");
  await server.stores.offline.acknowledge("a.example", "user", Number.MAX_SAFE_INTEGER);
  const { body } = await traceOf("evt_1");
  expect(steps(body)).toEqual(["received", "kept", "stored", "taken", "archived"]);
  expect(body.messages[0]!.steps[3]).toMatchObject({ at: expect.any(String), source: "store" });
});

test("a message that was dropped says by whom", async () => {
  await send("spam");
  const { body } = await traceOf("m1");
  expect(body.messages[0]).toMatchObject({
    stanzaId: null,
    steps: [
      { kind: "received", source: "memory" },
      { kind: "dropped", by: "keeper", detail: "stanza/incoming" },
    ],
  });
});

test("what is not known, or of another's host, is not found", async () => {
  await send("But soft");
  const warden = await server.key(["offline:read"], { hosts: ["b.example"] });
  expect((await traceOf("m1", warden)).status).toBe(404);
  expect((await traceOf("nonesuch")).status).toBe(404);
  expect((await traceOf(formatStanzaId({ id: key.id, salt: 8 }))).status).toBe(404);
});

describe("what was decided about the messages of an account", () => {
  const decisionsOf = async (jid: string, who = as, query = "") =>
    server.ask("GET", `/api/v1/users/${encodeURIComponent(jid)}/decisions${query}`, { as: who });

  test("is told newest first, with the rule behind each forward", async () => {
    expect((await decisionsOf(user)).body).toEqual({ items: [], memorySince: null });
    await send("But soft");
    server.clock.advance(1_000);
    await send("spam");
    const { body } = await decisionsOf(user);
    expect(body).toEqual({
      memorySince: expect.any(String),
      items: [
        {
          ...{ kind: "dropped", by: "keeper", detail: "stanza/incoming", from: sender, to: user, traceId: "m1" },
          ...{ planned: 0, forwards: [], at: new Date(server.clock.now()).toISOString() },
        },
        {
          ...{ kind: "stored", by: "keeper", detail: null, from: sender, to: user, traceId: formatStanzaId(key) },
          ...{ planned: 1, forwards: [{ id: "evt_1", target: "hook", rule: "all" }], at: expect.any(String) },
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain("But soft");
    const { body: newest } = await decisionsOf(user, as, "?limit=1");
    expect(newest["items"]).toMatchObject([{ kind: "dropped" }]);
  });

  test("has what the account itself sent where that went no further, and nothing of others", async () => {
    await send("But soft");
    const phone = await server.connect(`${user}/phone`);
    phone.send(`<message to='${boss}' id='m2' type='chat'><body>spam</body></message>`);
    await phone.sync();
    const kindsOf = async (jid: string) => {
      const { items } = (await decisionsOf(jid)).body as { items: { kind: string; from: string }[] };
      return items.map(({ kind, from }) => `${kind} ${from}`);
    };
    expect(await kindsOf(user)).toEqual([`dropped ${user}/phone`, `stored ${sender}`]);
    expect(await kindsOf(boss)).toEqual([`dropped ${user}/phone`]);
    expect(await kindsOf("use@a.example")).toEqual([]);
  });

  test("is for those who see messages that wait, on the account's host", async () => {
    const [reader, stranger] = await Promise.all(
      ["a.example", "b.example"].map((host) => server.key(["offline:read"], { hosts: [host] })),
    );
    expect((await decisionsOf(user, reader)).status).toBe(200);
    expect((await decisionsOf(user, stranger)).status).toBe(403);
    const { body } = await decisionsOf(user, await server.key(["users:read"]));
    expect(body).toMatchObject({ code: "forbidden", permission: "offline:read" });
  });
});
