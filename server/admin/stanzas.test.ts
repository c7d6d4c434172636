import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { LiveFrame } from "../../lib/contracts/events.ts";
import type { StanzaRecord } from "../../lib/contracts/stanzas.ts";
import { stanzas as tapped } from "../core/tap.ts";
import { StanzaPace } from "./stanza-pace.ts";
import { watchMs } from "./stanza-watches.ts";
import { adminTestServer, boss, user, type AdminTestServer } from "./testing.ts";

let server: AdminTestServer;
const sockets: WebSocket[] = [];
beforeEach(async () => {
  server = await adminTestServer();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.stop();
});

const api = "/api/v1/stanzas/watches";
const audited = async () => (await server.stores.admin.auditList({}, { limit: 10 })).items;

async function begin(as: Record<string, string>, filter: object = {}): Promise<string> {
  const { status, body } = await server.ask("POST", api, { as, body: filter });
  expect(body).toMatchObject({ revealed: false, open: false });
  expect(status).toBe(200);
  return String(body["id"]);
}

/** Follows a watch; its rows and frames as they come. */
async function follow(as: Record<string, string>, watch: string | undefined) {
  const frames: LiveFrame[] = [];
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/api/v1/live`, {
    headers: { origin: server.origin, ...as },
  });
  sockets.push(socket);
  socket.on("message", (data: Buffer) => frames.push(...(JSON.parse(data.toString()) as LiveFrame[])));
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0));
  socket.send(JSON.stringify({ type: "subscribe", topic: "stanzas", ...(watch === undefined ? {} : { watch }) }));
  await vi.waitFor(() => expect(frames.length).toBeGreaterThan(1));
  const rows = (): StanzaRecord[] =>
    frames.flatMap((frame) => (frame.type === "event" && frame.event.topic === "stanzas" ? frame.event.data : []));
  return { socket, frames, rows };
}

const chat = (body: string): string => `<message to='${user}/phone' type='chat' id='m1'><body>${body}</body></message>`;

describe("what is shown", () => {
  test("texts and tokens are masked until they are revealed, passwords never shown; all of it is recorded", async () => {
    const as = await server.signIn(boss);
    const watch = await begin(as, { jid: user, direction: "in" });
    const { rows } = await follow(as, watch);
    const client = await server.connect(`${user}/phone`);
    client.send(chat("hush"));
    client.send(
      `<iq type='set' id='1' to='x.example'><slot xmlns='urn:x'><put url='https://x.example/secret'>tok3n</put></slot></iq>`,
    );
    await vi.waitFor(() => expect(rows()).toHaveLength(2));
    expect(rows()[0]).toMatchObject({ seq: 1, kind: "message", id: "m1", type: "chat", masked: true, missed: 0 });
    expect(rows()[0]!.xml).toContain("<body>•••</body>");
    expect(JSON.stringify(rows())).not.toMatch(/hush|tok3n|secret/);

    expect((await server.ask("POST", `${api}/${watch}/reveal`, { as, body: {} })).body).toMatchObject({
      revealed: true,
    });
    client.send(chat("hush"));
    client.send(`<iq type='set' id='1'><query xmlns='jabber:iq:register'><password>sesame</password></query></iq>`);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    expect(rows()[2]).toMatchObject({ masked: false, xml: expect.stringContaining("hush") });
    expect(rows()[3]!.xml).not.toContain("sesame");
    expect((await audited()).map(({ action, object }) => [action, object])).toEqual([
      ["stanzas.reveal", user],
      ["stanzas.watch", user],
    ]);
  });

  const everythingIn = ["in message", "in presence", "in iq"];
  test.each([
    [{ kind: "iq", direction: "in" }, ["in iq"]],
    [{ direction: "out" }, ["out message", "out iq"]],
    [{ ns: "urn:xmpp:ping", direction: "in" }, ["in iq"]],
    [{ host: "a.example", direction: "in" }, everythingIn],
    [{ host: "b.example" }, []],
    [{ jid: `${user}/phone`, direction: "in" }, everythingIn],
    [{ jid: `${user}/pho` }, []],
    [{ jid: "stranger@b.example", direction: "in" }, ["in message"]],
  ])("the filter %j lets through %j", async (filter, expected) => {
    const as = await server.signIn(boss);
    const { rows } = await follow(as, await begin(as, filter));
    const client = await server.connect(`${user}/phone`);
    client.send(`<message to='stranger@b.example'><body>in</body></message>`);
    client.send(`<presence type='unavailable'/>`);
    client.send(`<iq type='get' id='p' to='a.example'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await vi.waitFor(() => expect(rows()).toHaveLength(expected.length));
    expect(rows().map(({ direction, kind }) => `${direction} ${kind}`)).toEqual(expected);
  });
});

describe("for how long", () => {
  test("sessions are tapped while somebody follows, and no longer", async () => {
    const as = await server.signIn(boss);
    const watch = await begin(as);
    expect(tapped.tap).toBeNull();
    const { socket } = await follow(as, watch);
    expect(tapped.tap).not.toBeNull();
    socket.close();
    await vi.waitFor(() => expect(tapped.tap).toBeNull());
  });

  test("a watch that is stopped ends whoever follows it", async () => {
    const as = await server.signIn(boss);
    const watch = await begin(as);
    const { frames } = await follow(as, watch);
    expect((await server.ask("DELETE", `${api}/${watch}`, { as })).status).toBe(200);
    await vi.waitFor(() => expect(frames.some(({ type }) => type === "reset")).toBe(true));
    expect(tapped.tap).toBeNull();
    expect((await server.ask("GET", api, { as })).body).toEqual({ items: [] });
  });

  test("a watch ends by itself", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const as = await server.signIn(boss);
      const watch = await begin(as);
      vi.advanceTimersByTime(watchMs);
      expect((await server.ask("DELETE", `${api}/${watch}`, { as })).status).toBe(404);
    } finally {
      vi.useRealTimers();
    }
  });

  test("nobody follows a watch that is over, another's, or none", async () => {
    const as = await server.signIn(boss);
    const watch = await begin(as);
    const other = await server.key(["stanzas:inspect"]);
    for (const [who, asked] of [
      [as, undefined],
      [as, "gone"],
      [other, watch],
    ] as const) {
      const { frames } = await follow(who, asked);
      expect(frames[1]).toMatchObject({ type: "reset", topic: "stanzas" });
    }
    expect(tapped.tap).toBeNull();
    expect((await server.ask("POST", `${api}/${watch}/reveal`, { as: other, body: {} })).status).toBe(403);
  });
});

test("whoever is held to a host sees the sessions of that host", async () => {
  const as = await server.key(["stanzas:inspect"], { hosts: ["b.example"] });
  expect((await server.ask("POST", api, { as, body: { host: "a.example" } })).status).toBe(403);
  const { rows } = await follow(as, await begin(as));
  const boss2 = await server.signIn(boss);
  const all = await follow(boss2, await begin(boss2));
  (await server.connect(`${user}/phone`)).send(chat("a"));
  await vi.waitFor(() => expect(all.rows()).not.toHaveLength(0));
  expect(rows()).toEqual([]);
});

describe("the pace", () => {
  test("all are shown while they are few", () => {
    const pace = new StanzaPace();
    for (let index = 0; index < 200; index += 1) expect(pace.admits(index * 5)).toBe(true);
    expect(pace.takeMissed()).toBe(0);
  });

  test("of many an even sample is shown, and the rest counted", () => {
    const pace = new StanzaPace();
    let shown = 0;
    let missed = 0;
    for (let index = 0; index < 30_000; index += 1) {
      if (!pace.admits(index / 3)) continue;
      if (index >= 3_000) shown += 1;
      missed += pace.takeMissed();
    }
    missed += pace.takeMissed();
    // Nine seconds of 3,000 each, after the first one has told how many there are.
    expect(shown).toBe(900);
    expect(pace.matched).toBe(30_000);
    expect(missed).toBe(30_000 - 900 - 300);
  });
});

describe("stanzas that an admin sends", () => {
  const send = (as: Record<string, string>, from: string, xml: string) =>
    server.ask("POST", "/api/v1/stanzas", { as, body: { from, xml } });

  test("a host asks, and the answer comes back", async () => {
    const as = await server.signIn(boss);
    const client = await server.connect(`${user}/phone`);
    const asked = send(as, "a.example", `<iq type='get' id='1' to='${user}/phone'><ping xmlns='urn:xmpp:ping'/></iq>`);
    const [iq] = await client.take(1);
    expect(iq).toMatchObject({ from: "a.example", type: "get" });
    client.send(`<iq type='result' id='${iq!.id}' to='a.example'/>`);
    expect(await asked).toMatchObject({ status: 200, body: { answer: expect.stringContaining("result") } });
  });

  test("a message is sent in an account's name; the audit trail has it with its text masked", async () => {
    const as = await server.signIn(boss);
    const { body } = await send(as, boss, `<message to='${user}' from='x@y'><body>hush</body></message>`);
    expect(body).toMatchObject({ xml: expect.stringContaining(`from='${boss}'`) });
    // Nothing takes messages here.
    expect(body["answer"]).toContain("service-unavailable");
    const [row] = await audited();
    expect(row).toMatchObject({ action: "stanzas.send", object: boss, result: "done" });
    expect(String(row!.detail)).toContain("<body>•••</body>");
    expect(String(row!.detail)).not.toContain("hush");
  });

  test("what cannot be delivered comes back as its error", async () => {
    const as = await server.signIn(boss);
    const { body } = await send(as, "a.example", "<iq type='get' id='1' to='b.example'><x xmlns='urn:x'/></iq>");
    expect(body).toMatchObject({ answer: expect.stringContaining("service-unavailable") });
  });

  const ping = `<iq type='get' id='1' to='a.example'><ping xmlns='urn:xmpp:ping'/></iq>`;
  test.each([
    ["a.example", "<message to='a.example'>", "bad-input", "unreadable"],
    ["a.example", "<stream to='a.example'/>", "bad-input", "no-stanza"],
    ["a.example", "<message xmlns='jabber:server' to='a.example'/>", "bad-input", "no-stanza"],
    ["a.example", "<message/>", "bad-input", "stanza-needs-to"],
    ["a.example", "<iq type='get' id='1' to='a.example'/>", "bad-input", "one-question"],
    ["elsewhere.example", ping, "not-found", "host-missing"],
    ["nobody@a.example", ping, "not-found", "account-missing"],
  ])("from %s: %s is refused (%s, %s)", async (from, xml, code, reason) => {
    const { body } = await send(await server.signIn(boss), from, xml);
    const [error] = (body["errors"] ?? [body]) as { reason: string }[];
    expect([body["code"], error?.reason]).toEqual([code, reason]);
  });
});
