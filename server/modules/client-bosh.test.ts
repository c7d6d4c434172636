import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BoshClient, type BoshRequest } from "../core/testing-bosh.ts";
import { base64, plainAuth, scramClient } from "../core/testing-streams.ts";
import { type WebTestOptions, type WebTestServer, webTestServer } from "../core/testing-web.ts";
import { Jid } from "../xmpp/jid.ts";
import { modules } from "./index.ts";

const empty = "<body xmlns='http://jabber.org/protocol/httpbind'/>";
const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
const terminate = (condition: string): string =>
  `<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='${condition}'/>`;
const ping = (id: string): string =>
  `<iq xmlns='jabber:client' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;
const pong = (id: string): string => `type='result' id='${id}'`;

let server: WebTestServer;
const clients: BoshClient[] = [];

async function start(options: Partial<WebTestOptions> = {}): Promise<void> {
  server = await webTestServer({
    modules,
    hosts: ["bix.org"],
    passwords: { "harttle@bix.org": "secret", "amy@bix.org": "secret" },
    ...options,
  });
}

function newClient(headers?: Record<string, string>): BoshClient {
  const client = new BoshClient(server.httpPort, headers);
  clients.push(client);
  return client;
}

const sessionOf = (jid: string) => server.core.sessions.find(Jid.parse(jid));

async function loggedIn(user: string, attributes?: string): Promise<BoshClient> {
  const client = newClient();
  await client.create(attributes);
  await client.send(plainAuth("", user, "secret"));
  await client.restart();
  await client.send(
    "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>",
  );
  return client;
}

/** Sends a request that finds nothing to be told; resolves when it waits. */
async function held(client: BoshClient, request: BoshRequest = {}): Promise<{ readonly text: Promise<string> }> {
  const before = server.bosh.waiting;
  const text = client.request(request).then((answer) => answer.text);
  text.catch(() => undefined);
  while (server.bosh.waiting === before) await turn();
  return { text };
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.stop();
});

describe("the endpoint", () => {
  it("is open to pages from everywhere", async () => {
    await start();
    const options = await fetch(`http://127.0.0.1:${server.httpPort}/http-bind`, { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.get("access-control-allow-origin")).toBe("*");
    expect(options.headers.get("access-control-allow-headers")).toBe("content-type");
    expect((await fetch(`http://127.0.0.1:${server.httpPort}/http-bind`)).status).toBe(405);
    const { headers } = await newClient().post("");
    expect(headers).toMatchObject({
      "content-type": "text/xml; charset=utf-8",
      "access-control-allow-origin": "*",
      "content-security-policy": "default-src 'none'; sandbox",
    });
  });

  it("is for pages of the origins that are named, if any are", async () => {
    await start({ origins: ["https://chat.bix.org"] });
    const named = await newClient({ origin: "https://chat.bix.org" }).post("");
    expect([named.status, named.headers["access-control-allow-origin"]]).toEqual([200, "https://chat.bix.org"]);
    expect((await newClient({ origin: "https://elsewhere.example" }).post("")).status).toBe(403);
  });

  const refused: [name: string, text: string, condition: string][] = [
    ["no XML", "hello", "bad-request"],
    ["nothing", "", "bad-request"],
    ["a document type", "<!DOCTYPE x []><body/>", "bad-request"],
    ["another element", "<what xmlns='http://jabber.org/protocol/httpbind' rid='1' to='bix.org'/>", "bad-request"],
    ["another namespace", "<body xmlns='jabber:client' rid='1' to='bix.org'/>", "bad-request"],
    ["no rid", "<body xmlns='http://jabber.org/protocol/httpbind' to='bix.org'/>", "bad-request"],
    [
      "a rid that is no number",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='1e3' to='bix.org'/>",
      "bad-request",
    ],
    [
      "a rid past 2^53",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='9007199254740992' to='bix.org'/>",
      "bad-request",
    ],
    ["text", "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='bix.org'>x</body>", "bad-request"],
    ["no host", "<body xmlns='http://jabber.org/protocol/httpbind' rid='1'/>", "improper-addressing"],
    [
      "a host that is not here",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='nowhere.example'/>",
      "host-unknown",
    ],
    [
      "a session that is not there",
      "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='x'/>",
      "item-not-found",
    ],
  ];

  it.each(refused)("refuses %s", async (_name, text, condition) => {
    await start();
    const answer = await newClient().post(text);
    expect([answer.status, answer.text]).toEqual([200, terminate(condition)]);
    expect(server.bosh.size).toBe(0);
  });

  it("reads no more than it takes", async () => {
    await start();
    expect((await newClient().post("x".repeat(300 * 1024))).status).toBe(413);
  });

  it("looks into nothing large from somebody unknown, and into it after the login", async () => {
    await start();
    const large = `<message to='harttle@bix.org/web'><body>${"x".repeat(20_000)}</body></message>`;
    const client = newClient();
    await client.create();
    expect((await client.request({ payload: large, rid: client.rid + 1 })).text).toBe(terminate("policy-violation"));
    const { text } = await client.post(`<body rid='1' sid='${"x".repeat(24)}'>${large}</body>`);
    expect(text).toBe(terminate("policy-violation"));
    const known = await loggedIn("harttle");
    expect(await known.send(large)).toContain("<message xmlns='jabber:client'");
  });

  it("takes no streams that somebody could read along", async () => {
    await start();
    const plain = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" };
    expect(await newClient(plain).create()).toBe(terminate("policy-violation"));
  });

  it("takes 100 sessions from one address, and one from another", async () => {
    await start({ settings: { maxUnauthenticated: 5_000 } });
    const from = (address: string) => ({ "x-forwarded-for": address, "x-forwarded-proto": "https" });
    const attacker = newClient(from("192.0.2.7"));
    let taken = 0;
    for (let index = 0; index < 300; index += 1) {
      const answer = await attacker.create();
      if (!answer.includes("type='terminate'")) taken += 1;
      else expect(answer).toBe(terminate("policy-violation"));
    }
    expect([taken, server.bosh.size]).toEqual([100, 100]);
    expect(await newClient(from("192.0.2.8")).create()).toContain("<stream:features>");
  });

  it("says so where there is no room", async () => {
    await start({ settings: { maxUnauthenticated: 1 } });
    await newClient().create();
    expect(await newClient().create()).toBe(terminate("remote-connection-failed"));
  });
});

describe("a session", () => {
  beforeEach(() => start());

  it("begins with what was agreed, and the features", async () => {
    const text = await newClient().create("to='bix.org' from='harttle@bix.org' hold='1' wait='90' ver='1.6'");
    expect(text).toMatch(
      /^<body xmlns='http:\/\/jabber.org\/protocol\/httpbind' xmlns:stream='http:\/\/etherx.jabber.org\/streams' sid='[\w-]{24}' wait='60' requests='2' hold='1' inactivity='60' maxpause='120' ver='1.6' ack='4711' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0' xmpp:restartlogic='true' from='bix.org' authid='[\w-]{20}'><stream:features>/,
    );
    expect(text).not.toContain("starttls");
  });

  it.each([
    ["hold='9' wait='10' ver='1.99'", "wait='10' requests='3' hold='2'", "ver='1.11'"],
    ["hold='0' wait='60'", "requests='1' hold='0' inactivity='120' polling='2'", "ver='1.11'"],
    ["hold='1' wait='0' ver='2.0'", "wait='0' requests='1' hold='0'", "ver='1.11'"],
  ])("agrees on %s", async (attributes, agreed, version) => {
    const text = await newClient().create(`to='bix.org' ${attributes}`);
    expect(text).toContain(agreed);
    expect(text).toContain(version);
  });

  it("logs in with SCRAM", async () => {
    const client = newClient();
    await client.create();
    const scram = scramClient("harttle", "secret");
    const challenge = await client.send(`<auth ${sasl} mechanism='SCRAM-SHA-256'>${base64(scram.first)}</auth>`);
    const text = Buffer.from(/<challenge [^>]*>([^<]+)/.exec(challenge)![1]!, "base64").toString();
    const final = scram.final(text);
    const success = await client.send(`<response ${sasl}>${base64(final.message)}</response>`);
    expect(success).toContain(`<success ${sasl}>${base64(final.signature)}</success>`);
    expect(await client.restart()).toContain("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
  });

  it("has a transport and an address", async () => {
    await loggedIn("harttle");
    expect(sessionOf("harttle@bix.org/web")?.link).toMatchObject({
      transport: "bosh",
      address: "127.0.0.1",
      isSecure: true,
    });
  });

  it("takes stanzas whose namespace is left out (XEP-0206 2)", async () => {
    const client = await loggedIn("harttle");
    const answer = await client.send("<message to='harttle@bix.org/web'><body>a<x xmlns='urn:x'/></body></message>");
    expect(answer).toMatch(
      /<message xmlns='jabber:client' to='harttle@bix.org\/web' from='harttle@bix.org\/web'><body>a<x xmlns='urn:x'\/><\/body>/,
    );
  });

  it("holds a request until there is something for it", async () => {
    const harttle = await loggedIn("harttle");
    const amy = await loggedIn("amy");
    const waiting = await held(harttle);
    const sending = amy.send("<message xmlns='jabber:client' to='harttle@bix.org/web'><body>hi</body></message>");
    expect(await waiting.text).toContain("<body>hi</body>");
    server.clock.advance(60_000);
    server.bosh.sweep();
    expect(await sending).toBe(empty);
  });

  it("answers the older request when a newer one comes", async () => {
    const client = await loggedIn("harttle");
    const first = client.request();
    const second = client.request({ payload: ping("p") });
    expect((await first).text).toMatch(
      new RegExp(`ack='${client.rid}'.*${pong("p")}|^<body [^>]*ack='${client.rid}'/>$`),
    );
    server.clock.advance(60_000);
    server.bosh.sweep();
    expect(`${(await first).text}${(await second).text}`).toContain(pong("p"));
  });

  it("puts requests in order", async () => {
    const client = await loggedIn("harttle");
    const { rid } = client;
    const late = client.request({ rid: rid + 2, payload: ping("two") });
    const early = client.request({ rid: rid + 1, payload: ping("one") });
    client.rid = rid + 2;
    const both = (await early).text;
    expect(both.indexOf(pong("one"))).toBeGreaterThan(-1);
    server.clock.advance(60_000);
    server.bosh.sweep();
    const text = both + (await late).text;
    expect(text.indexOf(pong("two"))).toBeGreaterThan(text.indexOf(pong("one")));
  });

  it("gives a lost answer again, to the byte", async () => {
    const client = await loggedIn("harttle");
    const { text } = await client.request({ payload: ping("p") });
    expect(text).toContain(pong("p"));
    const again = await client.request({ rid: client.rid, payload: ping("p") });
    expect(again.text).toBe(text);
    expect(sessionOf("harttle@bix.org/web")?.stanzasIn).toBe(1);
  });

  it("answers a request that is repeated while it is held at once, and goes on with the repetition", async () => {
    const client = await loggedIn("harttle");
    const first = await held(client);
    const repetition = client.request({ rid: client.rid });
    expect(await first.text).toBe("<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>");
    server.clock.advance(60_000);
    server.bosh.sweep();
    expect((await repetition).text).toBe(empty);
  });

  it("goes on when the connection under a request breaks", async () => {
    const client = await loggedIn("harttle");
    const abort = new AbortController();
    const broken = await held(client, { signal: abort.signal });
    abort.abort();
    await expect(broken.text).rejects.toThrow("abort");
    // Whether the server has noticed or not, the request is answered, and nothing is lost.
    const repetition = client.request({ rid: client.rid });
    const next = client.request({ payload: ping("p") });
    const { text } = await repetition;
    expect(text === empty ? (await next).text : text).toContain(pong("p"));
  });

  const broken: [name: string, rid: (next: number) => number][] = [
    ["far ahead", (next) => next + 10],
    ["just past the window", (next) => next + 2],
    ["forgotten", (next) => next - 5],
  ];

  it.each(broken)("ends for a request id that is %s", async (_name, rid) => {
    const client = await loggedIn("harttle");
    const { text } = await client.request({ rid: rid(client.rid + 1) });
    expect(text).toBe(terminate("item-not-found"));
    expect(server.bosh.size).toBe(0);
    expect(sessionOf("harttle@bix.org/web")).toBeUndefined();
  });

  it("ends for a client in a hurry", async () => {
    const client = await loggedIn("harttle");
    let last = "";
    let requests = 0;
    while (!last.includes("type='terminate'") && requests < 500) {
      requests += 1;
      last = (await client.request({ payload: ping("p") })).text;
    }
    expect(last).toBe(terminate("policy-violation"));
    expect(requests).toBeLessThan(250);
  });

  it("is paused, and ends when that was too long", async () => {
    const client = await loggedIn("harttle");
    const waiting = await held(client);
    expect((await client.request({ attributes: "pause='100'" })).text).toBe(empty);
    expect(await waiting.text).toMatch(/^<body [^>]*\/>$/);
    server.clock.advance(99_000);
    server.bosh.sweep();
    expect(await client.send(ping("p"))).toContain(pong("p"));
    await client.request({ attributes: "pause='100'" });
    server.clock.advance(100_000);
    server.bosh.sweep();
    expect(server.bosh.size).toBe(0);
  });

  it("ends without its client, which may resume on another one (XEP-0198 5)", async () => {
    const client = await loggedIn("harttle");
    const enabled = await client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const id = /<enabled [^>]*id='([^']+)'/.exec(enabled)![1]!;
    server.clock.advance(60_000);
    server.bosh.sweep();
    expect(await client.send(ping("p"))).toContain("item-not-found");
    const next = newClient();
    await next.create();
    await next.send(plainAuth("", "harttle", "secret"));
    await next.restart();
    expect(await next.send(`<resume xmlns='urn:xmpp:sm:3' previd='${id}' h='0'/>`)).toContain("<resumed ");
  });

  it("is ended by its client", async () => {
    const client = await loggedIn("harttle");
    const waiting = await held(client);
    const last = await client.request({
      payload: "<presence xmlns='jabber:client' type='unavailable'/>",
      attributes: "type='terminate'",
    });
    const texts = [await waiting.text, last.text];
    expect(texts).toContain("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>");
    expect(sessionOf("harttle@bix.org/web")).toBeUndefined();
    expect(server.bosh.size).toBe(0);
  });

  it("ends with the error of the stream", async () => {
    const client = newClient();
    await client.create();
    const text = await client.send("<message xmlns='jabber:client'/>");
    expect(text).toMatch(
      /^<body xmlns='http:\/\/jabber.org\/protocol\/httpbind' xmlns:stream='[^']+' type='terminate' condition='remote-stream-error'><stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'\/><\/stream:error><\/body>$/,
    );
  });

  it("tells the next request of an end that came between two", async () => {
    const client = await loggedIn("harttle");
    sessionOf("harttle@bix.org/web")!.close();
    await turn();
    expect(await client.send("")).toBe("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>");
    expect((await client.request()).text).toBe(terminate("item-not-found"));
  });

  it("ends when the server stops", async () => {
    const client = await loggedIn("harttle");
    const waiting = await held(client);
    await server.clients.drain();
    expect(await waiting.text).toContain("<stream:error><system-shutdown ");
  });

  it("is deaf to unencrypted requests, if it is encrypted", async () => {
    const client = await loggedIn("harttle");
    const headers = { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" };
    await expect(client.request({ headers, rid: client.rid + 1 })).rejects.toThrow("socket hang up");
    expect(await client.send(ping("p"))).toContain(pong("p"));
  });

  it("is bound to a sequence of keys", async () => {
    const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
    const keys = [sha1("seed")];
    for (let index = 1; index < 4; index += 1) keys.push(sha1(keys.at(-1)!));
    const other = sha1("another seed");
    const client = newClient();
    await client.create(`to='bix.org' newkey='${keys[3]}'`);
    expect(
      await client.send(plainAuth("", "harttle", "secret"), `key='${keys[2]!.toUpperCase().toLowerCase()}'`),
    ).toContain("<success");
    expect(
      await client.send(
        "",
        `key='${keys[1]}' newkey='${sha1(other)}' to='bix.org' xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'`,
      ),
    ).toContain("<bind ");
    expect(await client.send("", `key='${keys[0]}'`)).toBe(terminate("item-not-found"));
  });

  it("is polled, at a measured pace", async () => {
    const client = newClient();
    await client.create("to='bix.org' hold='0'");
    let text = await client.send(plainAuth("", "harttle", "secret"));
    while (!text.includes("<success")) {
      server.clock.advance(2_000);
      text = await client.send("");
    }
    expect(await client.restart()).toContain("<bind ");
    expect(await client.send("")).toBe(empty);
    server.clock.advance(2_000);
    expect(await client.send("")).toBe(empty);
    expect(await client.send("")).toBe(terminate("policy-violation"));
  });

  it("knows what its client has got", async () => {
    const client = await loggedIn("harttle", "to='bix.org' hold='1' ack='1'");
    const session = sessionOf("harttle@bix.org/web")!;
    const unsent: number[] = [];
    const note = async (answer: Promise<unknown>): Promise<void> => {
      await answer;
      unsent.push(session.link.unsent);
    };
    await note(client.send(ping("a")));
    await note(client.send(ping("b")));
    const waiting = await held(client);
    unsent.push(session.link.unsent);
    server.clock.advance(60_000);
    server.bosh.sweep();
    await waiting.text;
    expect(unsent.map((length) => length > 0)).toEqual([true, true, false]);
  });
});
