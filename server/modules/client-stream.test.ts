import { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineModule } from "../core/module.ts";
import {
  header,
  login,
  openSecureStream,
  openStream,
  plainAuth,
  type StreamTestOptions,
  type StreamTestServer,
  streamTestServer,
} from "../core/testing-streams.ts";
import { RawClient } from "../net/testing.ts";
import { Jid } from "../xmpp/jid.ts";
import { modules } from "./index.ts";

const streams = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
const open = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
const ping = (id: string): string => `<iq type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;

let server: StreamTestServer;
const clients: RawClient[] = [];

async function start(options: Partial<StreamTestOptions> = {}): Promise<void> {
  server = await streamTestServer({
    modules,
    hosts: ["bix.org", "other.org"],
    passwords: { "harttle@bix.org": "secret", "amy@bix.org": "secret" },
    ...options,
  });
}

async function connect(): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  clients.push(client);
  return client;
}

/** A client that is logged in over an unencrypted stream, which the test has to allow. */
async function loggedIn(jid: string): Promise<RawClient> {
  const client = await connect();
  await openStream(client, Jid.parse(jid).domain);
  await login(client, jid, "secret");
  return client;
}

const insecure = { settings: { starttls: "optional", plainWithoutTls: true } } as const;

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.stop();
});

describe("opening a stream", () => {
  beforeEach(() => start());

  const refused: [name: string, text: string, condition: string][] = [
    ["an unknown host", header("nowhere.example"), "host-unknown"],
    ["no host", `${open} version='1.0'>`, "improper-addressing"],
    ["an account instead of a host", header("harttle@bix.org"), "host-unknown"],
    ["another content namespace", header("bix.org").replace("jabber:client", "jabber:server"), "invalid-namespace"],
    ["no content namespace", header("bix.org").replace("xmlns='jabber:client' ", ""), "invalid-namespace"],
    ["another stream namespace", header("bix.org").replace("etherx", "example"), "invalid-namespace"],
    ["another root element", header("bix.org").replaceAll("<stream:stream", "<stream:flow"), "bad-format"],
    ["no version", `${open} to='bix.org'>`, "unsupported-version"],
    ["version 0.9", header("bix.org").replace("1.0", "0.9"), "unsupported-version"],
    ["no XML at all", "GET / HTTP/1.1\r\n\r\n", "not-well-formed"],
    ["a document type", `<!DOCTYPE x []>${header("bix.org")}`, "restricted-xml"],
    ["too much", `${open} to='bix.org' x='${"x".repeat(9_000)}'>`, "policy-violation"],
    ["a stanza before the login", `${header("bix.org")}<message to='amy@bix.org'/>`, "not-authorized"],
    ["an unknown element", `${header("bix.org")}<what xmlns='urn:example'/>`, "not-authorized"],
    [
      "a second <starttls/> inside one stream",
      `${header("bix.org")}<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`,
      "not-authorized",
    ],
  ];

  it.each(refused)("refuses %s", async (_name, text, condition) => {
    const client = await connect();
    client.send(text);
    const answer = await client.ended();
    expect(answer).toMatch(/^<\?xml version='1\.0'\?><stream:stream [^>]*id='[\w-]{20}'/);
    expect(answer).toContain(`<stream:error><${condition} ${streams}/>`);
    expect(answer).toMatch(/<\/stream:stream>$/);
  });

  it("answers a later version with its own", async () => {
    const client = await connect();
    client.send(header("bix.org").replace("1.0", "2.7"));
    expect(await client.until("<stream:features>")).toContain("version='1.0'");
  });

  it("names the host as it is prepared, and the client", async () => {
    const client = await connect();
    client.send(header("BIX.org").replace(" to=", " from='harttle@bix.org' to="));
    const answer = await client.until("<stream:features>");
    expect(answer).toContain("from='bix.org' to='harttle@bix.org'");
  });

  it("takes the header byte by byte", async () => {
    const client = await connect();
    for (const byte of `<?xml version='1.0'?>${header("bix.org")}`) client.send(byte);
    await client.until("</stream:features>");
  });

  it("answers the end of the stream", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send("</stream:stream>");
    expect(await client.ended()).toBe("</stream:stream>");
  });

  it("refuses a host that is switched off", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.hosts["other.org"]!.enabled = false;
    });
    await server.loader.apply(server.core.policy.document);
    const client = await connect();
    client.send(header("other.org"));
    expect(await client.ended()).toContain("<host-gone");
  });
});

describe("required TLS", () => {
  beforeEach(() => start());

  it("offers nothing but STARTTLS", async () => {
    const features = await openStream(await connect(), "bix.org");
    expect(features).toContain(
      "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    );
  });

  it("fails a login with encryption-required", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    expect(await client.until("</failure>")).toContain("<encryption-required/>");
  });

  it("refuses to bind", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    expect(await client.until("</iq>")).toContain("<policy-violation");
  });

  it("drops a connection with plaintext behind <starttls/>", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(`<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>${header("bix.org")}`);
    expect(await client.ended()).not.toContain("features");
  });

  it("does not mind a line feed behind <starttls/>, which some clients send", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n");
    expect(await client.until("/>")).toBe("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  });

  it("offers the login, and STARTTLS no more, once it is encrypted", async () => {
    const { client, features } = await openSecureStream(server.port, "bix.org");
    clients.push(client);
    expect(features).not.toContain("starttls");
    expect(features).toContain("<mechanism>PLAIN</mechanism>");
    expect(await login(client, "harttle@bix.org/desk", "secret")).toBe("harttle@bix.org/desk");
    expect(server.core.sessions.find(Jid.parse("harttle@bix.org/desk"))?.link.transport).toBe("starttls");
    expect(server.core.sessions.find(Jid.parse("harttle@bix.org/desk"))?.link.tls?.protocol).toBe("TLSv1.3");
  });

  it("answers ALPN on the direct port, and refuses other protocols (XEP-0368)", async () => {
    const client = await RawClient.connectTls(server.tlsPort, { ALPNProtocols: ["xmpp-client"] });
    clients.push(client);
    expect(client.tlsSocket.alpnProtocol).toBe("xmpp-client");
    await openStream(client, "bix.org");
    expect(await login(client, "harttle@bix.org/desk", "secret")).toBe("harttle@bix.org/desk");
    await expect(RawClient.connectTls(server.tlsPort, { ALPNProtocols: ["http/1.1"] })).rejects.toThrow();
  });

  it("survives rubbish instead of a handshake", async () => {
    const client = await RawClient.connect(server.tlsPort);
    client.send("GET / HTTP/1.1\r\n\r\n");
    await client.ended();
    expect(server.clients.size).toBe(0);
  });
});

describe("a stream without TLS, where it is optional", () => {
  beforeEach(() => start(insecure));

  it("stays with its host over the restart", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    client.send(header("other.org"));
    expect(await client.ended()).toContain("<host-unknown");
  });

  it("takes a whole login in one segment", async () => {
    const client = await connect();
    const bind =
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>";
    client.send(header("bix.org") + plainAuth("", "harttle", "secret") + header("bix.org") + bind + ping("p"));
    expect(await client.until("id='p'/>")).toContain("<jid>harttle@bix.org/r</jid>");
  });

  it("allows stanzas only after the resource is bound", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    await openStream(client, "bix.org");
    client.send("<presence/>");
    expect(await client.ended()).toContain("<not-authorized");
  });

  const fatal: [name: string, xml: string, condition: string][] = [
    ["an unknown element", "<what xmlns='urn:example'/>", "unsupported-stanza-type"],
    ["an unknown stanza", "<telegram/>", "unsupported-stanza-type"],
    ["somebody else's address as from", "<message from='amy@bix.org' to='amy@bix.org'/>", "invalid-from"],
    ["ill-formed XML", "<message></presence>", "not-well-formed"],
    ["a second login", plainAuth("", "amy", "secret"), "policy-violation"],
  ];
  it.each(fatal)("ends for %s", async (_name, xml, condition) => {
    const client = await loggedIn("harttle@bix.org/desk");
    client.send(xml);
    expect(await client.ended()).toContain(`<stream:error><${condition} ${streams}/>`);
    expect(server.core.sessions.size).toBe(0);
  });

  it("knows its own addresses as from", async () => {
    const client = await loggedIn("harttle@bix.org/desk");
    client.send(ping("1").replace("<iq", "<iq from='Harttle@bix.org/desk'"));
    client.send(ping("2").replace("<iq", "<iq from='harttle@bix.org'"));
    await client.until("id='2'/>");
  });

  // RFC 6120 4.7.4, 8.1.5.
  const languages: [header: string, stanza: string, received: string][] = [
    [" xml:lang='de'", "", " xml:lang='de'"],
    [" xml:lang='zh-Hans-CN'", "", " xml:lang='zh-Hans-CN'"],
    [" xml:lang='de'", " xml:lang='it'", " xml:lang='it'"],
    [" xml:lang='en'", "", ""],
    ["", "", ""],
    [" xml:lang='&apos; from=&apos;x'", "", ""],
  ];
  it.each(languages)("with%s takes a message with%s to have%s", async (inHeader, inStanza, received) => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    client.send(header("bix.org").replace(" to=", `${inHeader} to=`));
    await client.until("</stream:features>");
    client.send(
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>",
    );
    await client.until("</iq>");
    client.send(`<message to='harttle@bix.org/r'${inStanza}><subject>hi</subject></message>`);
    expect(await client.until("</message>")).toContain(`from='harttle@bix.org/r'${received}><subject>`);
  });

  it("answers a second bind with not-allowed and the session request with a result", async () => {
    const client = await loggedIn("harttle@bix.org/desk");
    client.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    expect(await client.until("</iq>")).toContain("<not-allowed");
    client.send("<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
    expect(await client.until("/>")).toContain("type='result'");
  });

  const resources: [resource: string, outcome: RegExp][] = [
    ["", /<jid>harttle@bix\.org\/[\w-]{16}<\/jid>/],
    ["Büro ☕", /<jid>harttle@bix\.org\/Büro ☕<\/jid>/],
    ["\u200b", /<bad-request/],
    ["x".repeat(1024), /<bad-request/],
    [" ", /<jid>harttle@bix\.org\/ <\/jid>|<bad-request/],
  ];
  it.each(resources)("binds %j", async (resource, outcome) => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(plainAuth("", "harttle", "secret"));
    await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    await openStream(client, "bix.org");
    client.send(
      `<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
    );
    expect(await client.until("</iq>")).toMatch(outcome);
  });

  it("gives the resource to the newer session", async () => {
    const older = await loggedIn("harttle@bix.org/desk");
    const newer = await loggedIn("harttle@bix.org/desk");
    expect(await older.ended()).toContain("<conflict");
    newer.send(ping("1"));
    await newer.until("id='1'/>");
    expect(server.core.sessions.size).toBe(1);
  });

  it("holds to the largest number of sessions", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.shaperRules["max_user_sessions"] = [{ value: 2, to: ["all"] }];
    });
    await loggedIn("harttle@bix.org/1");
    await loggedIn("harttle@bix.org/2");
    const client = await connect();
    await openStream(client, "bix.org");
    expect(await login(client, "harttle@bix.org/3", "secret")).toContain("<resource-constraint");
  });

  it("keeps the streams of a host that is drained, and takes no more", async () => {
    const [there, before] = [await loggedIn("harttle@bix.org/desk"), await connect()];
    await openStream(before, "bix.org");
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.hosts["bix.org"]!.drainUntil = "2100-01-01T00:00:00.000Z";
    });
    await server.loader.apply(server.core.policy.document);
    const late = await connect();
    late.send(header("bix.org"));
    expect(await late.ended()).toContain("<host-gone");
    // Whoever was about to log in gets through, and so does what those say who are there.
    expect(await login(before, "harttle@bix.org/tablet", "secret")).toBe("harttle@bix.org/tablet");
    there.send(ping("still"));
    await there.until(/id='still'/);
  });

  it("ends the streams of a host that is switched off", async () => {
    const client = await loggedIn("harttle@bix.org/desk");
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.hosts["bix.org"]!.enabled = false;
    });
    expect(await client.ended()).toContain("<host-gone");
  });

  it("gives a login 30 s, whatever the client does meanwhile", async () => {
    const idle = await connect();
    await openStream(idle, "bix.org");
    const done = await loggedIn("harttle@bix.org/desk");
    server.clock.advance(29_999);
    idle.send(" ");
    server.clients.sweepLogins();
    idle.send(" ");
    server.clock.advance(1);
    server.clients.sweepLogins();
    expect(await idle.ended()).toContain("<connection-timeout");
    done.send(ping("1"));
    await done.until("id='1'/>");
  });

  it("gives a person five minutes for the form of a registration, once", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.registration = { ...draft.registration, mode: "open", requireTls: false };
    });
    const person = await connect();
    await openStream(person, "bix.org");
    const asks = async (id: string): Promise<string> => {
      person.send(`<iq type='get' id='${id}'><query xmlns='jabber:iq:register'/></iq>`);
      return person.until(`</iq>`);
    };
    server.clock.advance(20_000);
    expect(await asks("1")).toContain("<username/>");
    server.clock.advance(299_999);
    server.clients.sweepLogins();
    expect(await asks("2")).toContain("<username/>");
    server.clock.advance(1);
    server.clients.sweepLogins();
    expect(await person.ended()).toContain("<connection-timeout");
  });

  it("counts what comes before the login", async () => {
    const client = await connect();
    await openStream(client, "bix.org");
    client.send(" ".repeat(70_000));
    expect(await client.ended()).toContain("<policy-violation");
  });

  it("tells everybody when the server stops, logged in or not", async () => {
    const bound = await loggedIn("harttle@bix.org/desk");
    const fresh = await connect();
    await openStream(fresh, "bix.org");
    await server.clients.drain();
    for (const client of [bound, fresh]) expect(await client.ended()).toContain("<system-shutdown");
    expect(server.clients.size).toBe(0);
    expect(server.core.sessions.size).toBe(0);
  });

  it("deals with a flood in order and answers others meanwhile", async () => {
    const busy = await loggedIn("harttle@bix.org/desk");
    const other = await loggedIn("amy@bix.org/phone");
    const count = 2_000;
    busy.send(Array.from({ length: count }, (_, index) => ping(`f${index}`)).join(""));
    other.send(ping("quick"));
    await other.until("id='quick'/>");
    const answers = await busy.until(`id='f${count - 1}'/>`);
    const ids = [...answers.matchAll(/id='f(\d+)'/g)].map((match) => Number(match[1]));
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => index));
  });
});

describe("limits", () => {
  it("takes so many connections that are not logged in, and no more", async () => {
    await start({ settings: { maxUnauthenticated: 2 } });
    await openStream(await connect(), "bix.org");
    await openStream(await connect(), "bix.org");
    expect(await (await connect()).ended()).toBe("");
    expect(server.clients.size).toBe(2);
  });

  it("gives the place of a refused connection back to its address", async () => {
    await start({ settings: { maxUnauthenticated: 0 } });
    let released = 0;
    for (const accept of [server.clients.accept, server.clients.acceptTls]) {
      const socket = new Socket();
      accept({ socket, closed: () => (released += 1) });
      expect(socket.destroyed).toBe(true);
    }
    expect(released).toBe(2);
  });
});

describe("a client that leaves while it is still being dealt with", () => {
  // Every stanza takes a turn of the event loop, so that those behind it have to wait.
  const slow = defineModule({
    name: "slow",
    summary: "Takes its time.",
    xeps: [],
    options: z.strictObject({}),
    start: (context) => context.hook("stanza/sent", () => turn()),
  });
  beforeEach(() => start({ ...insecure, modules: [...modules, slow] }));

  it.each([
    ["closes its stream", (client: RawClient) => client.send("</stream:stream>")],
    ["is gone", (client: RawClient) => client.socket.end()],
  ])("deals with everything that a client sent before it %s", async (_how, leave) => {
    const client = await loggedIn("harttle@bix.org/desk");
    const count = 50;
    const message = (index: number): string => `<message to='amy@bix.org' type='chat'><body>${index}</body></message>`;
    client.send(Array.from({ length: count }, (_, index) => message(index)).join(""));
    leave(client);
    await client.ended();
    await expect.poll(() => server.core.sessions.size).toBe(0);
    expect(await server.stores.offline.depth("bix.org", "amy")).toMatchObject({ messages: count });
  });
});
