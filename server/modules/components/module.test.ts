import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { ComponentService } from "../../core/component-service.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { LoginThrottle } from "../../core/throttle.ts";
import { AddressLimits } from "../../net/address-limits.ts";
import { Listener } from "../../net/listener.ts";
import { RawClient } from "../../net/testing.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { components } from "./module.ts";

const host = "montague.example";
const domain = `irc.${host}`;
const secret = "what only the gateway knows";
let folder: string;
let server: TestServer;
let service: ComponentService;
let throttle: LoginThrottle;
let listener: Listener;
let romeo: TestClient;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightpost-components-"));
  writeFileSync(join(folder, "secret"), `${secret}\n`);
  writeFileSync(join(folder, "short"), "short");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(
  given: Record<string, unknown> = {},
  settings: Partial<{ maxUnproved: number }> = {},
): Promise<void> {
  const declared = { domain: "irc.@HOST@", name: "IRC", secret_file: join(folder, "secret") };
  server = await testServer({
    modules: [disco, roster, presence, message, components],
    accounts: [`romeo@${host}`, `juliet@${host}`],
    policy: (draft) => {
      draft.accessRules["romeo_only"] = [{ allow: [{ user: `romeo@${host}` }] }];
      draft.modules["components"] = { enabled: true, options: { components: [declared], ...given } };
    },
  });
  throttle = new LoginThrottle(server.clock);
  service = new ComponentService(server.core, throttle, { loginMs: 30_000, maxUnproved: 100, ...settings });
  const limits = new AddressLimits({ maxPerAddress: 100, newPerSecond: 20 });
  listener = await Listener.open({ name: "component", address: "127.0.0.1", port: 0, limits, accept: service.accept });
  romeo = await server.connect(`romeo@${host}/orchard`);
}

afterEach(async () => {
  await listener.close();
  await service.drain();
  await server.stop();
});

const proof = (id: string, known: string): string => createHash("sha1").update(`${id}${known}`).digest("hex");

/** Opens a stream; returns the id that the server gave it. */
async function open(client: RawClient, to = domain, ns = "jabber:component:accept"): Promise<string> {
  client.send(`<stream:stream xmlns='${ns}' xmlns:stream='http://etherx.jabber.org/streams' to='${to}'>`);
  const header = await client.until(/<stream:stream[^>]*>/);
  return / id='([^']+)'/.exec(header)![1]!;
}

async function connected(): Promise<RawClient> {
  const client = await RawClient.connect(listener.port);
  const id = await open(client);
  client.send(`<handshake>${proof(id, secret)}</handshake>`);
  await client.until("<handshake/>");
  return client;
}

test("the header is that of XEP-0114: the component's name, an id, no version", async () => {
  await start();
  const client = await RawClient.connect(listener.port);
  client.send(
    `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
  );
  const header = await client.until(/<stream:stream[^>]*>/);
  expect(header).toContain(` from='${domain}'`);
  expect(header).toContain(" xmlns='jabber:component:accept'");
  expect(header.split("<stream:stream")[1]).not.toContain("version");
});

test("stanzas go both ways, whatever their address, in the namespace of each stream", async () => {
  await start();
  const gateway = await connected();
  romeo.send(`<message to='#verona@${domain}/x' type='chat' id='1'><body xmlns='jabber:client'>hi</body></message>`);
  const got = await gateway.until("</message>");
  expect(got).toContain(`to='#verona@${domain}/x'`);
  expect(got).toContain(`from='${romeo.jid}'`);
  expect(got).toContain("<body>hi</body>");
  expect(got).not.toContain("jabber:client");
  gateway.send(`<message from='#verona@${domain}/x' to='${romeo.jid}' type='chat'><body>ho</body></message>`);
  const [answer] = await romeo.take(1);
  expect(String(answer)).toBe(
    `<message to='${romeo.jid}' from='#verona@${domain}/x' type='chat'><body>ho</body></message>`,
  );
});

test("what is forwarded inside keeps its own namespace", async () => {
  await start();
  const gateway = await connected();
  romeo.send(
    `<message to='${domain}'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>x</body></message></forwarded></message>`,
  );
  expect(await gateway.until("</forwarded>")).toContain("<message xmlns='jabber:client'><body>x</body></message>");
});

test("iqs for the domain are the component's to answer, and the server answers the component's", async () => {
  await start();
  const gateway = await connected();
  romeo.send(`<iq type='get' id='i' to='${domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  await gateway.until("</iq>");
  gateway.send(
    `<iq type='result' id='i' from='${domain}' to='${romeo.jid}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  expect((await romeo.take(1))[0]!.type).toBe("result");
  gateway.send(`<iq type='get' id='j' to='${host}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`);
  const items = await gateway.until("</iq>");
  expect(items).toContain(`to='${domain}'`);
  expect(items).toContain(`<item jid='${domain}' name='IRC'/>`);
});

test("a client subscribes to somebody behind the component", async () => {
  await start();
  const gateway = await connected();
  romeo.send(`<presence to='rosalind@${domain}' type='subscribe'/>`);
  expect(await gateway.until(/<presence[^>]*>/)).toContain(`from='romeo@${host}'`);
  gateway.send(`<presence from='rosalind@${domain}' to='romeo@${host}' type='subscribed'/>`);
  gateway.send(`<iq type='get' id='barrier' to='${host}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  await gateway.until("id='barrier'");
  romeo.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
  const received = await romeo.texts();
  expect(received.at(-1)).toMatch(new RegExp(`<item jid='rosalind@${domain}'[^>]* subscription='to'`));
});

test.each([
  ["another secret", (id: string) => `<handshake>${proof(id, "some other secret")}</handshake>`],
  ["another stream's id", () => `<handshake>${proof("other", secret)}</handshake>`],
  ["nothing", () => "<handshake/>"],
  ["too little", (id: string) => `<handshake>${proof(id, secret).slice(0, 38)}</handshake>`],
  ["the secret itself", () => `<handshake>${secret}</handshake>`],
  ["no handshake", () => `<message from='${domain}' to='romeo@${host}'><body>x</body></message>`],
  ["SASL", () => "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"],
])("not proved by %s", async (_, text) => {
  await start();
  const client = await RawClient.connect(listener.port);
  client.send(text(await open(client)));
  expect(await client.ended()).toContain("<not-authorized ");
  romeo.send(`<message to='${domain}' id='m'><body>x</body></message>`);
  expect(String((await romeo.take(1))[0])).toContain("<remote-server-timeout ");
});

test("whoever has guessed too often is refused unseen, for a while", async () => {
  await start();
  const guesser = await RawClient.connect(listener.port);
  guesser.send(`<handshake>${proof(await open(guesser), "a guess, a guess")}</handshake>`);
  await guesser.ended();
  for (let guesses = 1; guesses < 20; guesses += 1) throttle.failed("127.0.0.1", domain);
  const right = await RawClient.connect(listener.port);
  right.send(`<handshake>${proof(await open(right), secret)}</handshake>`);
  expect(await right.ended()).toContain("<not-authorized ");
  server.clock.advance(60_000);
  await connected();
});

test("a failure too many is answered late", async () => {
  await start();
  for (let guesses = 0; guesses < 10; guesses += 1) throttle.failed("127.0.0.1", domain);
  const client = await RawClient.connect(listener.port);
  client.send(`<handshake>${proof(await open(client), "a guess, a guess")}</handshake><message/>`);
  const before = performance.now();
  expect(await client.ended()).toContain("<not-authorized ");
  expect(performance.now() - before).toBeGreaterThan(100);
});

test.each([
  ["an unknown domain", "nobody.example", "jabber:component:accept", "host-unknown"],
  ["the host itself", host, "jabber:component:accept", "host-unknown"],
  ["an account", `romeo@${domain}`, "jabber:component:accept", "host-unknown"],
  ["a client's stream", domain, "jabber:client", "invalid-namespace"],
])("%s is no component", async (_, to, ns, condition) => {
  await start();
  const client = await RawClient.connect(listener.port);
  await open(client, to, ns);
  expect(await client.ended()).toContain(`<${condition} `);
});

test.each([
  ["the host", host],
  ["a user", `juliet@${host}`],
  ["a domain below its own", `x.${domain}`],
  ["a domain that ends like its own", `evil${domain}`],
  ["no address", "@@"],
])("a stanza from %s ends the stream", async (_, from) => {
  await start();
  const gateway = await connected();
  gateway.send(`<message from='${from}' to='${romeo.jid}'><body>x</body></message>`);
  expect(await gateway.ended()).toContain("<invalid-from ");
  expect(await romeo.sync()).toEqual([]);
});

test.each([
  [
    "too much at once",
    `<message to='romeo@${host}'><body>${"x".repeat(300 * 1024)}</body></message>`,
    "policy-violation",
  ],
  ["what is no stanza", "<handshake>again</handshake>", "unsupported-stanza-type"],
  ["what is no XML", "<message><&/></message>", "not-well-formed"],
])("%s ends the stream", async (_, text, condition) => {
  await start();
  const gateway = await connected();
  gateway.send(text);
  expect(await gateway.ended()).toContain(`<${condition} `);
});

test("too much before the handshake", async () => {
  await start();
  const client = await RawClient.connect(listener.port);
  await open(client);
  client.send(`<handshake>${"0".repeat(9_000)}</handshake>`);
  expect(await client.ended()).toContain("<policy-violation ");
});

test.each([
  ["no recipient", `<message id='m'><body>x</body></message>`, "jid-malformed"],
  ["no address", `<message id='m' to='@'><body>x</body></message>`, "jid-malformed"],
  ["an iq without a payload", `<iq type='get' id='m' to='${host}'/>`, "bad-request"],
  [
    "a domain of others",
    `<message id='m' to='a@elsewhere.example'><body>x</body></message>`,
    "remote-server-not-found",
  ],
])("%s is an error, and the stream goes on", async (_, text, condition) => {
  await start();
  const gateway = await connected();
  gateway.send(text);
  expect(await gateway.until("</error>")).toContain(`<${condition} `);
  gateway.send(`<message to='${romeo.jid}'><body>still here</body></message>`);
  expect((await romeo.take(1))[0]!.from).toBe(domain);
});

test("a second connection is refused", async () => {
  await start();
  const first = await connected();
  const second = await RawClient.connect(listener.port);
  second.send(`<handshake>${proof(await open(second), secret)}</handshake>`);
  expect(await second.ended()).toContain("<conflict ");
  first.send(`<message to='${romeo.jid}'><body>mine</body></message>`);
  await romeo.take(1);
});

test("or takes the place of the first", async () => {
  await start({ conflict: "replace" });
  const first = await connected();
  const second = await connected();
  expect(await first.ended()).toContain("<conflict ");
  romeo.send(`<message to='${domain}'><body>x</body></message>`);
  await second.until("</message>");
});

test("one that left is not there, and may come back", async () => {
  await start();
  const gateway = await connected();
  gateway.send("</stream:stream>");
  await gateway.ended();
  romeo.send(`<iq type='get' id='i' to='${domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`);
  expect(String((await romeo.take(1))[0])).toMatch(/<error type='wait'><remote-server-timeout /);
  romeo.send(`<presence to='a@${domain}'/>`);
  expect(await romeo.sync()).toEqual([]);
  await connected();
});

test("only whom the access rule lets may reach it", async () => {
  await start({
    components: [{ domain: "irc.@HOST@", secret_file: join(folder, "secret"), access: "romeo_only" }],
  });
  const gateway = await connected();
  const juliet = await server.connect(`juliet@${host}/balcony`);
  juliet.send(`<message to='${domain}' id='m'><body>x</body></message>`);
  expect(String((await juliet.take(1))[0])).toContain("<forbidden ");
  gateway.send(`<iq type='get' id='q' to='${juliet.jid}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  await juliet.take(1);
  juliet.send(`<iq type='result' id='q' to='${domain}'/>`);
  expect(await gateway.until(/<iq[^>]*>/)).toContain("type='result'");
  romeo.send(`<message to='${domain}'><body>let in</body></message>`);
  await gateway.until("let in");
});

test("a change of its settings ends the stream", async () => {
  await start();
  const gateway = await connected();
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.modules["components"] = { enabled: false, options: {} };
  });
  expect(await gateway.ended()).toContain("<reset ");
  romeo.send(`<message to='${domain}' id='m'><body>x</body></message>`);
  expect(String((await romeo.take(1))[0])).toContain("<remote-server-not-found ");
});

test("so does its host when it is switched off, and it cannot come back", async () => {
  await start();
  const gateway = await connected();
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.hosts[host]!.enabled = false;
  });
  expect(await gateway.ended()).toContain("<host-gone ");
  const again = await RawClient.connect(listener.port);
  await open(again);
  expect(await again.ended()).toMatch(/<host-(?:gone|unknown) /);
});

test("a shaper holds back what comes too fast", async () => {
  await start();
  const gateway = await connected();
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.shapers["slow"] = { rate: 20_000, burst: 1_000 };
    draft.shaperRules["component_shaper"] = [{ value: "slow", to: ["all"] }];
  });
  const before = performance.now();
  gateway.send(`<message to='${romeo.jid}'><body>${"x".repeat(5_000)}</body></message>`);
  await romeo.take(1);
  gateway.send(`<message to='${romeo.jid}'><body>x</body></message>`);
  await romeo.take(1);
  expect(performance.now() - before).toBeGreaterThan(100);
});

test("white space goes out each minute", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  try {
    await start();
    const gateway = await connected();
    vi.advanceTimersByTime(60_000);
    await gateway.until(/^ $/);
  } finally {
    vi.useRealTimers();
  }
});

test("a handshake that does not come in time", async () => {
  await start();
  const client = await RawClient.connect(listener.port);
  await open(client);
  server.clock.advance(31_000);
  service.sweepLogins();
  expect(await client.ended()).toContain("<connection-timeout ");
});

test("no more than so many that have not proved anything", async () => {
  await start({}, { maxUnproved: 1 });
  const first = await RawClient.connect(listener.port);
  await open(first);
  const second = await RawClient.connect(listener.port);
  expect(await second.ended()).toBe("");
});

test.each(["missing", "short"])("a secret that is %s keeps the module from starting, and is not told", async (file) => {
  const declared = { domain: "irc.@HOST@", secret_file: join(folder, file) };
  await expect(start({ components: [declared] })).rejects.toThrow(
    /secret_file (?:cannot be read: ENOENT|has less than 16)/,
  );
  await start();
});
