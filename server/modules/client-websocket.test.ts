import { once } from "node:events";
import { get } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { login, openStream } from "../core/testing-streams.ts";
import { FrameClient, type WebTestOptions, type WebTestServer, webTestServer } from "../core/testing-web.ts";
import { RawClient } from "../net/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { modules } from "./index.ts";

const framing = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";
const open = (to: string, version = "1.0"): string => `<open ${framing} to='${to}' version='${version}'/>`;
const sm = "urn:xmpp:sm:3";

let server: WebTestServer;
const clients: { destroy(): void }[] = [];

async function start(options: Partial<WebTestOptions> = {}): Promise<void> {
  server = await webTestServer({
    modules,
    hosts: ["bix.org"],
    passwords: { "harttle@bix.org": "secret", "amy@bix.org": "secret" },
    ...options,
  });
}

async function connect(options?: Parameters<typeof FrameClient.connect>[1]): Promise<FrameClient> {
  const client = await FrameClient.connect(server.httpPort, options);
  clients.push(client);
  return client;
}

const sessionOf = (jid: string) => server.core.sessions.find(Jid.parse(jid));

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.stop();
});

describe("the handshake", () => {
  const refused: [name: string, headers: Record<string, string>, status: number][] = [
    ["another site's page", { origin: "https://elsewhere.example" }, 403],
    ["unencrypted at the proxy", { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" }, 403],
    ["a proxy that does not say", { "x-forwarded-for": "192.0.2.7" }, 403],
  ];

  it.each(refused)("refuses %s", async (_name, headers, status) => {
    await start({ origins: ["https://chat.bix.org"] });
    await expect(connect({ headers })).rejects.toThrow(`${status}`);
  });

  it.each(["https://chat.bix.org", "HTTPS://Chat.Bix.org", undefined])("takes a page of %s", async (origin) => {
    await start({ origins: ["https://chat.bix.org"] });
    const client = await connect({ headers: origin === undefined ? {} : { origin } });
    expect(client.socket.protocol).toBe("xmpp");
    expect(client.socket.extensions).toBe("");
  });

  it("refuses another subprotocol, and what is no WebSocket", async () => {
    await start();
    const headers = {
      connection: "upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const url = `http://127.0.0.1:${server.httpPort}/xmpp-websocket`;
    const statuses: (number | undefined)[] = [];
    for (const more of [{ ...headers, "sec-websocket-protocol": "mqtt" }, headers, {}]) {
      const request = get(url, { headers: more });
      const [response] = await once(request, "response");
      statuses.push(response.statusCode);
      response.destroy();
    }
    expect(statuses).toEqual([400, 400, 426]);
  });

  it("counts what comes through a proxy by the client's address", async () => {
    await start({ maxPerAddress: 2 });
    const from = (address: string) => ({
      headers: { "x-forwarded-for": `198.51.100.1, ${address}`, "x-forwarded-proto": "https" },
    });
    const first = await connect(from("192.0.2.7"));
    await connect(from("192.0.2.7"));
    await expect(connect(from("192.0.2.7"))).rejects.toThrow("429");
    await connect(from("192.0.2.8"));
    first.send(open("bix.org"), `<close ${framing}/>`);
    await first.ended();
    await connect(from("192.0.2.7"));
  });

  it("closes what there is no room for", async () => {
    await start({ settings: { maxUnauthenticated: 1 } });
    await connect();
    const second = await connect();
    expect(await second.ended()).toEqual([]);
    expect(second.closeCode).toBe(1013);
  });
});

describe("a stream over WebSocket", () => {
  beforeEach(() => start());

  it("is opened with whole elements, without STARTTLS", async () => {
    const client = await connect();
    const { header, features } = await client.open("bix.org");
    expect(header).toMatch(
      /^<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='[\w-]{20}' from='bix.org' version='1.0' xml:lang='en'\/>$/,
    );
    expect(features).toMatch(/^<stream:features xmlns:stream='http:\/\/etherx.jabber.org\/streams'>/);
    expect(features).toContain("<mechanism>PLAIN</mechanism>");
    expect(features).not.toContain("starttls");
  });

  it("names its transport, the address behind the proxy, and TLS", async () => {
    const proxied = await connect({ headers: { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" } });
    const jid = await proxied.login("harttle", "bix.org", "secret");
    expect(sessionOf(jid)?.link).toMatchObject({ transport: "websocket", address: "192.0.2.7", tls: null });
    const direct = await connect({ tls: true });
    const other = await direct.login("amy", "bix.org", "secret");
    expect(sessionOf(other)?.link).toMatchObject({
      transport: "websocket",
      address: "127.0.0.1",
      isSecure: true,
      tls: { protocol: "TLSv1.3" },
    });
  });

  it("chats with TCP, each message being an element of its own", async () => {
    const web = await connect();
    await web.login("harttle", "bix.org", "secret");
    web.send("<presence xmlns='jabber:client'/>");
    expect(await web.next()).toMatch(/^<presence xmlns='jabber:client' /);
    const tcp = await RawClient.connectTls(server.tlsPort);
    clients.push(tcp);
    await openStream(tcp, "bix.org");
    await login(tcp, "amy@bix.org/desk", "secret");
    tcp.send("<message to='harttle@bix.org' type='chat'><body>hi</body><x xmlns='urn:x'/></message>");
    expect(await web.next()).toMatch(
      /^<message xmlns='jabber:client' to='harttle@bix.org' from='amy@bix.org\/desk' type='chat'><body>hi<\/body><x xmlns='urn:x'\/>.*<\/message>$/,
    );
    web.send("<message xmlns='jabber:client' to='amy@bix.org/desk'><body>hello</body></message>");
    await tcp.until(/<message to='amy@bix.org\/desk' from='harttle@bix.org\/web'><body>hello<\/body>/);
  });

  it("is closed with <close/>, then the WebSocket is", async () => {
    const client = await connect();
    await client.login("harttle", "bix.org", "secret");
    client.send(`<close ${framing}/>`, "<presence xmlns='jabber:client'/>");
    expect(await client.ended()).toEqual([`<close ${framing}/>`]);
    expect(client.closeCode).toBe(1000);
    expect(sessionOf("harttle@bix.org/web")).toBeUndefined();
  });

  it("is closed with an error when the server stops", async () => {
    const client = await connect();
    await client.open("bix.org");
    await server.clients.drain();
    const messages = await client.ended();
    expect(messages[0]).toMatch(/^<stream:error xmlns:stream='http:\/\/etherx.jabber.org\/streams'><system-shutdown /);
    expect(messages[1]).toBe(`<close ${framing}/>`);
  });

  const errors: [name: string, messages: string[], condition: string][] = [
    ["an unknown host", [open("nowhere.example")], "host-unknown"],
    ["a stanza before <open/>", ["<message xmlns='jabber:client'/>"], "invalid-namespace"],
    [
      "the tag of other streams",
      ["<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>"],
      "invalid-namespace",
    ],
    ["version 0.9", [open("bix.org", "0.9")], "unsupported-version"],
    ["<open/> twice", [open("bix.org"), open("bix.org")], "bad-format"],
    ["two elements in a message", [`${open("bix.org")}<a xmlns='b'/>`], "not-well-formed"],
    ["half an element", [open("bix.org").slice(0, -2), "/>"], "not-well-formed"],
    ["leading white space", [` ${open("bix.org")}`], "not-well-formed"],
    ["an XML declaration", [`<?xml version='1.0'?>${open("bix.org")}`], "restricted-xml"],
    ["a document type", ["<!DOCTYPE x []>"], "restricted-xml"],
    ["a stanza before the login", [open("bix.org"), "<message xmlns='jabber:client'/>"], "not-authorized"],
    ["too much before the login", [`${open("bix.org").slice(0, -2)} x='${"x".repeat(9_000)}'/>`], "policy-violation"],
  ];

  it.each(errors)("ends with an error for %s", async (_name, messages, condition) => {
    const client = await connect();
    client.send(...messages);
    const received = await client.ended();
    expect(received[0]).toMatch(/^<open /);
    expect(received.at(-2)).toContain(`<${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>`);
    expect(received.at(-1)).toBe(`<close ${framing}/>`);
  });

  it("takes text only", async () => {
    const client = await connect();
    client.send(Buffer.from(open("bix.org")));
    expect(await client.ended()).toEqual([]);
    expect(client.closeCode).toBe(1003);
  });

  it("takes white space for a sign of life, and fragments for one message", async () => {
    const client = await connect();
    client.send(" ", "");
    const text = open("bix.org");
    client.socket.send(text.slice(0, 10), { fin: false });
    client.socket.send(text.slice(10), { fin: true });
    expect(await client.next()).toMatch(/^<open /);
  });

  it("does not collect what somebody unknown sends bit by bit", async () => {
    const client = await connect();
    for (let index = 0; index < 100; index += 1) client.socket.send("x".repeat(1_024), { fin: false });
    expect(await client.ended()).toEqual([]);
    expect(client.closeCode).toBe(1006);
  });

  it.each([
    [256, 1000],
    [512, 1009],
  ])("takes no stanza of %i KiB", async (kib, closeCode) => {
    const client = await connect();
    await client.login("harttle", "bix.org", "secret");
    client.send(`<message xmlns='jabber:client'><body>${"x".repeat(kib * 1024)}</body></message>`);
    const messages = await client.ended();
    expect(client.closeCode).toBe(closeCode);
    if (closeCode === 1000) expect(messages.join("")).toContain("<policy-violation ");
  });

  it("drops a client that shows no sign of life", async () => {
    const [dead, alive] = [await connect({ autoPong: false }), await connect()];
    server.clock.advance(60_000);
    server.webSockets.sweep();
    await Promise.all([once(dead.socket, "ping"), once(alive.socket, "ping")]);
    await alive.open("bix.org");
    server.clock.advance(60_000);
    server.webSockets.sweep();
    await dead.ended();
    expect(alive.closeCode).toBeUndefined();
  });

  it("keeps the order of many messages in one turn", async () => {
    const client = await connect();
    await client.login("harttle", "bix.org", "secret");
    const ids = Array.from({ length: 500 }, (_, index) => `i${index}`);
    client.send(
      ...ids.map((id) => `<iq xmlns='jabber:client' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`),
    );
    const answered: string[] = [];
    while (answered.length < ids.length) answered.push(/id='(\w+)'/.exec(await client.next())![1]!);
    expect(answered).toEqual(ids);
  });

  it("goes on over TCP (XEP-0198 5)", async () => {
    const web = await connect();
    await web.login("harttle", "bix.org", "secret");
    web.send(`<enable xmlns='${sm}' resume='true'/>`);
    const id = /id='([^']+)'/.exec(await web.next())![1]!;
    web.destroy();
    const tcp = await RawClient.connectTls(server.tlsPort);
    clients.push(tcp);
    await openStream(tcp, "bix.org");
    tcp.send(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from("\0harttle\0secret").toString("base64")}</auth>`,
    );
    await tcp.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    await openStream(tcp, "bix.org");
    tcp.send(`<resume xmlns='${sm}' previd='${id}' h='0'/>`);
    await tcp.until(`<resumed xmlns='${sm}'`);
    expect(sessionOf("harttle@bix.org/web")?.link.transport).toBe("tls");
  });
});

it("where TLS is optional, an unencrypted WebSocket is like unencrypted TCP", async () => {
  await start({ settings: { starttls: "optional" } });
  const client = await connect({ headers: { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" } });
  const { features } = await client.open("bix.org");
  expect(features).toContain("<mechanism>SCRAM-SHA-256</mechanism>");
  expect(features).not.toContain("PLAIN");
  expect(features).not.toContain("starttls");
});
