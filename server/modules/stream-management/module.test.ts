import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Policy } from "../../../lib/contracts/policy.ts";
import type { Session } from "../../core/session.ts";
import { login, openStream, plainAuth, type StreamTestServer, streamTestServer } from "../../core/testing-streams.ts";
import { RawClient } from "../../net/testing.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { modules } from "../index.ts";

const sm = "xmlns='urn:xmpp:sm:3'";
const failed = (condition: string): string =>
  `<failed ${sm}><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
const juliet = Jid.parse("juliet@capulet.example");
const balcony = juliet.withResource("balcony");

let server: StreamTestServer;
let clients: RawClient[];
let syncs = 0;

async function start(options: Record<string, number> = {}): Promise<void> {
  clients = [];
  server = await streamTestServer({
    modules,
    passwords: { "romeo@capulet.example": "secret", "juliet@capulet.example": "secret" },
    settings: { starttls: "optional", plainWithoutTls: true },
    policy(draft: Policy) {
      draft.modules["stream-management"] = { enabled: true, options };
    },
  });
}

beforeEach(() => start());

afterEach(async () => {
  for (const client of clients) client.destroy();
  await server.stop();
  expect(server.complaints).toEqual([]);
});

async function stream(): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  clients.push(client);
  await openStream(client, "capulet.example");
  return client;
}

/** Authenticated, and nothing bound. */
async function authenticated(user: string): Promise<RawClient> {
  const client = await stream();
  client.send(plainAuth("", user, "secret"));
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await openStream(client, "capulet.example");
  return client;
}

async function connected(jid: string): Promise<RawClient> {
  const client = await stream();
  await login(client, jid, "secret");
  return client;
}

/** Bound, with stream management, and available. */
async function managed(jid: Jid, attributes = " resume='true'"): Promise<{ client: RawClient; id: string }> {
  const client = await connected(jid.full);
  client.send(`<enable ${sm}${attributes}/>`);
  const enabled = await client.until(/<enabled[^>]*>/);
  client.send("<presence/>");
  await client.until(/<presence [^>]*from='[^']*'[^>]*>/);
  client.send(`<a ${sm} h='1'/>`);
  return { client, id: / id='([^']+)'/.exec(enabled)?.[1] ?? "" };
}

const romeo = (): Promise<RawClient> => connected("romeo@capulet.example/orchard");

async function sync(client: RawClient): Promise<string> {
  syncs += 1;
  const id = `sync-${syncs}-`;
  client.send(`<iq type='get' id='${id}' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>`);
  return client.until(new RegExp(`<iq [^>]*id='${id}'[^>]*/>`));
}

const chat = (text: string, to = juliet.bare, more = ""): string =>
  `<message type='chat' to='${to}' id='${text}'><body>${text}</body>${more}</message>`;
const receipt = (id: string, to = juliet.bare): string =>
  `<message to='${to}' id='${id}'><received xmlns='urn:xmpp:receipts' id='x'/></message>`;

/** Ids of the messages in a text, in order. */
const ids = (text: string): string[] =>
  [...text.matchAll(/<message [^>]*>/g)].map(([tag]) => / id='([^']*)'/.exec(tag)?.[1] ?? "");

const session = (): Session | undefined => server.core.sessions.find(balcony);
const depth = async (): Promise<number> => (await server.stores.offline.depth("capulet.example", "juliet")).messages;

/** Waits until `isSo`; every round lets the server work. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; !(await isSo()); round += 1) {
    if (round > 500) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function lose(client: RawClient): Promise<void> {
  client.destroy();
  await until(() => session()?.detachedAt !== null);
}

async function resume(id: string, h: number, user = "juliet"): Promise<RawClient> {
  const client = await authenticated(user);
  client.send(`<resume ${sm} previd='${id}' h='${h}'/>`);
  return client;
}

describe("enabling", () => {
  test("is offered after the login, and possible after the binding, once", async () => {
    const client = await stream();
    client.send(`<enable ${sm}/>`);
    await client.until(failed("unexpected-request"));
    client.send(plainAuth("", "juliet", "secret"));
    await client.until("<success");
    expect(await openStream(client, "capulet.example")).toContain(`<sm ${sm}/>`);
    for (const name of ["enable", "r", "a h='0'"]) {
      client.send(`<${name.replace(" ", ` ${sm} `)}${name.includes(" ") ? "" : ` ${sm}`}/>`);
      await client.until(failed("unexpected-request"));
    }
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    await client.until("</iq>");
    client.send(`<enable ${sm}/><enable ${sm}/>`);
    expect(await client.until("</failed>")).toBe(`<enabled ${sm}/>${failed("unexpected-request")}`);
  });

  test.each([
    [" resume='true'", "max='300'"],
    [" resume='1' max='20'", "max='20'"],
    [" resume='true' max='9999'", "max='300'"],
  ])("with%s the answer says %s", async (attributes, max) => {
    const client = await connected(balcony.full);
    client.send(`<enable ${sm}${attributes}/>`);
    expect(await client.until("/>")).toMatch(new RegExp(`^<enabled ${sm} id='[\\w-]{48}' resume='true' ${max}/>$`));
  });
});

describe("acknowledgements", () => {
  test("count what was dealt with since it was enabled", async () => {
    const client = await connected(balcony.full);
    await sync(client);
    client.send(`<enable ${sm}/><r ${sm}/>`);
    await client.until(`<a ${sm} h='0'/>`);
    client.send(`<presence/>${chat("one", "romeo@capulet.example")}<r ${sm}/>`);
    await client.until(`<a ${sm} h='2'/>`);
  });

  test("wait for the commit of what they cover", async () => {
    const gate = Promise.withResolvers<void>();
    const commit = server.stores.offline.commit;
    server.stores.offline.commit = async (unit) => {
      await gate.promise;
      return commit(unit);
    };
    const { client } = await managed(balcony);
    client.send(`${chat("one", "romeo@capulet.example")}<presence><show>away</show></presence><r ${sm}/>`);
    expect(await client.until(/<show>away<\/show><\/presence>/)).not.toContain("<a ");
    expect(client.text).not.toContain("<a ");
    gate.resolve();
    await client.until(`<a ${sm} h='3'/>`);
  });

  test("are asked for after some stanzas, and after a while in any case", async () => {
    await server.stop();
    await start({ ack_every: 3 });
    const { client } = await managed(balcony);
    const sender = await romeo();
    for (const text of ["one", "two", "three", "four"]) sender.send(chat(text));
    expect(ids(await client.until(`<r ${sm}/>`))).toEqual(["one", "two", "three"]);
    await client.until("id='four'");
    client.send(`<a ${sm} h='4'/>`);
    await client.until(`<r ${sm}/>`);
  });

  test.each([
    ["h='2'", "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'/>"],
    ["h='4294967295'", "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
    ["", "<bad-format xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
    ["h='many'", "<bad-format xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
  ])("<a %s/> after one stanza ends the stream", async (attribute, error) => {
    const { client } = await managed(balcony);
    client.send(`<a ${sm} ${attribute}/>`);
    expect(await client.ended()).toContain(error);
    expect(session()).toBeUndefined();
  });

  test("decide when offline messages leave the store; an answer does not", async () => {
    const sender = await romeo();
    sender.send(chat("one") + chat("two"));
    await sync(sender);
    const { client } = await managed(balcony);
    await client.until(/id='two'.*<\/message>/s);
    await sync(client);
    expect(await depth()).toBe(2);
    client.send(`<a ${sm} h='2'/>`);
    await sync(client);
    expect(await depth()).toBe(2);
    client.send(`<a ${sm} h='3'/>`);
    await until(async () => (await depth()) === 0);
  });

  test("pace the offline messages: one page at a time is unconfirmed", async () => {
    const sender = await romeo();
    for (let n = 0; n < 250; n += 1) sender.send(chat(`m${n}`));
    await sync(sender);
    const { client } = await managed(balcony);
    await client.until("id='m99'");
    await sync(client);
    expect(client.text).not.toContain("id='m100'");
    client.send(`<a ${sm} h='101'/>`);
    await client.until("id='m199'");
    expect(await depth()).toBe(150);
  });
});

describe("a lost connection", () => {
  test("leaves the session: contacts hear nothing, messages wait on disk, and all go on at resumption", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one") + chat("two") + receipt("three"));
    await client.until("id='three'");
    await lose(client);
    // "one" had been read; the connection died before the rest could be confirmed.
    expect(session()?.isAvailable).toBe(true);
    sender.send(chat("four") + receipt("five") + chat("six", balcony.full));
    await sync(sender);
    expect(await depth()).toBe(4);
    const next = await resume(id, 2);
    const text = await next.until(/id='six'.*<\/message>/s);
    expect(text).toContain(`<resumed ${sm} previd='${id}' h='1'/>`);
    expect(ids(text)).toEqual(["two", "three", "five", "four", "six"]);
    expect(session()?.detachedAt).toBeNull();
    next.send(`<a ${sm} h='7'/>${chat("back", "romeo@capulet.example")}<r ${sm}/>`);
    await next.until(`<a ${sm} h='2'/>`);
    await until(async () => (await depth()) === 0);
    sender.send(chat("seven"));
    expect(ids(await next.until(/id='seven'.*<\/message>/s))).toEqual(["seven"]);
  });

  test("can be resumed while the old one still seems open, which is closed", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    const next = await resume(id, 1);
    expect(ids(await next.until("</message>"))).toEqual(["one"]);
    expect(await client.ended()).toContain("<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>");
    expect(await depth()).toBe(0);
    expect(server.core.sessions.of(juliet)).toHaveLength(1);
    next.send(`<a ${sm} h='2'/>`);
    await sync(next);
  });

  test("what was handled over the old one is not asked for again", async () => {
    const { client, id } = await managed(balcony);
    client.send(chat("one", "romeo@capulet.example") + chat("two", "romeo@capulet.example"));
    await sync(client);
    await lose(client);
    const next = await resume(id, 2);
    await next.until(`<resumed ${sm} previd='${id}' h='4'/>`);
  });

  test("ends the session when the client did not ask for more", async () => {
    const { client } = await managed(balcony, "");
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    client.destroy();
    await until(() => session() === undefined);
    await until(async () => (await depth()) === 1);
  });

  test.each(["close", "kick", "conflict", "overflow"])("a session ends for good by %s", async (how) => {
    await server.stop();
    await start({ max_queue: 10 });
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    if (how === "close") client.send("</stream:stream>");
    else await lose(client);
    if (how === "kick") session()!.close(new StreamError("reset"));
    if (how === "conflict") await connected(balcony.full);
    if (how === "overflow") for (let n = 0; n < 11; n += 1) sender.send(receipt(`r${n}`));
    await until(() => session()?.keeper == null);
    const next = await resume(id, 1);
    expect(await next.until("</failed>")).toContain("item-not-found");
  });

  test("after the time to resume it the contacts hear, and everything is where it was, in order", async () => {
    const { client, id } = await managed(balcony);
    const sender = await romeo();
    sender.send(`<presence to='${balcony.full}'/>${chat("one")}`);
    await client.until("id='one'");
    client.send("<presence to='romeo@capulet.example/orchard'/>");
    await sender.until("<presence ");
    await lose(client);
    sender.send(
      `${chat("two")}<iq type='get' id='ask' to='${balcony.full}'><query xmlns='jabber:iq:version'/></iq>${chat("three")}`,
    );
    await sync(sender);
    server.clock.advance(300_000);
    const told = await sender.until(/type='unavailable'/);
    expect(told + (await sync(sender))).toMatch(/<iq [^>]*type='error' id='ask'.*service-unavailable/s);
    const next = await resume(id, 1);
    expect(await next.until("</failed>")).toContain("<failed xmlns='urn:xmpp:sm:3' h='2'><item-not-found");
    next.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
    const text = await next.until(/id='three'.*<\/message>/s);
    expect(ids(text)).toEqual(["one", "two", "three"]);
    expect(
      text.match(/<delay xmlns='urn:xmpp:delay' from='capulet.example' stamp='2026-01-01T00:00:00Z'\/>/g),
    ).toHaveLength(3);
  });

  test("nobody but the account resumes, and only with the whole id", async () => {
    const { client, id } = await managed(balcony);
    await lose(client);
    for (const [user, previd] of [
      ["romeo", id],
      ["juliet", `${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`],
      ["juliet", id.slice(0, 16)],
      ["juliet", `${id}x`],
      ["juliet", ""],
    ] as const) {
      const other = await resume(previd, 0, user);
      expect(await other.until("</failed>")).toContain(failed("item-not-found"));
    }
    const next = await resume(id, 9);
    expect(await next.ended()).toContain("handled-count-too-high");
  });

  test("what another resource has is not sent twice; what it has not, it gets", async () => {
    const { client } = await managed(balcony);
    const chamber = await connected(`${juliet.bare}/chamber`);
    chamber.send("<presence/>");
    await sync(chamber);
    const sender = await romeo();
    sender.send(chat("both") + chat("mine", balcony.full));
    await client.until("id='mine'");
    await chamber.until("id='both'");
    await lose(client);
    expect(ids((await chamber.until("</message>")) + (await chamber.until("</message>")))).toEqual(["mine"]);
    sender.send(chat("later"));
    await chamber.until("id='later'");
    session()!.close();
    await sync(chamber);
    expect(ids(await sync(chamber))).toEqual([]);
    expect(await depth()).toBe(0);
  });

  test("only so many sessions of an account wait", async () => {
    for (const resource of ["1", "2", "3", "4"]) {
      const jid = juliet.withResource(resource);
      const { client } = await managed(jid);
      client.destroy();
      await until(() => server.core.sessions.find(jid)?.detachedAt !== null);
      server.clock.advance(1);
    }
    expect(server.core.sessions.of(juliet).map(({ jid }) => jid.resource)).toEqual(["2", "3", "4"]);
  });

  test("when the server stops, nothing that is unconfirmed is lost", async () => {
    const { client } = await managed(balcony);
    const sender = await romeo();
    sender.send(chat("one"));
    await client.until("id='one'");
    sender.send(receipt("two"));
    await lose(client);
    await server.clients.drain();
    expect(session()).toBeUndefined();
    expect(await depth()).toBe(1);
  });

  test("options that change end the sessions that wait and keep the others", async () => {
    const { client } = await managed(balcony);
    const other = await managed(juliet.withResource("chamber"));
    await lose(client);
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.modules["stream-management"] = { enabled: true, options: { ack_every: 1 } };
    });
    await until(() => session() === undefined);
    other.client.send(`<presence><show>away</show></presence><r ${sm}/>`);
    await other.client.until(`<a ${sm} h='2'/>`);
  });
});
