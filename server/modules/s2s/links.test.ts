import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { LinkFault } from "../../core/remote/fault.ts";
import {
  type FederatedOptions,
  type FederatedServer,
  federatedServer,
  type TestWays,
} from "../../core/remote/testing-federation.ts";
import { testAuthority } from "../../net/testing-certificates.ts";
import { archive } from "../archive/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { muc } from "../muc/module.ts";
import { offline } from "../offline/module.ts";
import { ping } from "../ping.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { bidi } from "./bidi.ts";
import { dialback } from "./dialback.ts";
import { s2s } from "./module.ts";

const modules = [disco, roster, presence, message, ping, s2s, dialback];
const authority = testAuthority();
const trusting = { serverCa: authority.cert };
let servers: FederatedServer[] = [];

const until = (isTrue: () => boolean | Promise<boolean>): Promise<unknown> =>
  vi.waitUntil(isTrue, { timeout: 5_000, interval: 10 });

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});

async function start(domain: string, local: string, ways: TestWays, options: Partial<FederatedOptions> = {}) {
  const server = await federatedServer({ modules, ways, accounts: [`${local}@${domain}`], ...options });
  servers.push(server);
  return server;
}

function linkOf(server: FederatedServer) {
  return [...server.core.links.outgoing()][0]!;
}

const certified = (domain: string): Partial<FederatedOptions> => ({
  ...trusting,
  certificate: { authority, names: [domain, `*.${domain}`] },
});

test.each<[string, Partial<FederatedOptions>, Partial<FederatedOptions>, string]>([
  ["dialback, with self-signed certificates", {}, {}, "dialback"],
  ["SASL EXTERNAL", certified("montague.example"), certified("capulet.example"), "external"],
  ["dialback without a question, by the certificate alone", certified("montague.example"), trusting, "external"],
  [
    "direct TLS",
    { ...certified("montague.example") },
    { ...certified("capulet.example"), isDirectTls: true },
    "external",
  ],
])("a message goes to another server and its answer comes back: %s", async (_, here, there, proof) => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, here);
  const capulet = await start("capulet.example", "juliet", ways, there);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send("<message to='juliet@capulet.example/balcony' type='chat' id='1'><body>hi</body></message>");
  expect(String((await juliet.take(1))[0])).toBe(
    "<message to='juliet@capulet.example/balcony' from='romeo@montague.example/orchard' type='chat' id='1'><body>hi</body></message>",
  );
  juliet.send("<message to='romeo@montague.example/orchard' type='chat' id='2'><body>ho</body></message>");
  expect(String((await romeo.take(1))[0])).toContain("from='juliet@capulet.example/balcony'");
  expect(linkOf(montague).stream?.proof).toBe(proof);
  expect(linkOf(montague).stream?.isSecure).toBe(true);
});

test.each([
  ["here", true, false],
  ["there", false, true],
])(
  "one connection is enough where the certificate of whoever is asked is valid: by the one from %s",
  async (_, here, there) => {
    const ways: TestWays = new Map();
    const both = [...modules, bidi];
    const montague = await start("montague.example", "romeo", ways, {
      modules: both,
      ...certified("montague.example"),
    });
    const capulet = await start("capulet.example", "juliet", ways, { modules: both, ...certified("capulet.example") });
    const romeo = await montague.connect("romeo@montague.example/orchard");
    const juliet = await capulet.connect("juliet@capulet.example/balcony");
    if (here) ways.delete("montague.example");
    if (there) ways.delete("capulet.example");
    const [first, second] = here ? [romeo, juliet] : [juliet, romeo];
    first.send(`<message to='${second.jid}' type='chat'><body>hi</body></message>`);
    await second.take(1);
    second.send(`<message to='${first.jid}' type='chat'><body>ho</body></message>`);
    expect(String((await first.take(1))[0])).toContain("<body>ho</body>");
    expect(linkOf(here ? capulet : montague).stream).toBeNull();
  },
);

test("what waits for a way to the peer goes by the connection that the peer opens", async () => {
  const ways: TestWays = new Map();
  const both = [...modules, bidi];
  const montague = await start("montague.example", "romeo", ways, { modules: both, ...certified("montague.example") });
  const capulet = await start("capulet.example", "juliet", ways, { modules: both, ...certified("capulet.example") });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  // Nothing listens there.
  ways.set("montague.example", [{ host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] }]);
  juliet.send(`<message to='${romeo.jid}' type='chat'><body>early</body></message>`);
  await until(() => linkOf(capulet)?.state === "waiting");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>hi</body></message>`);
  expect(String((await romeo.take(1))[0])).toContain("<body>early</body>");
  expect(linkOf(capulet)).toMatchObject({ state: "open", queued: 0 });
});

test("without a valid certificate of the peer nothing is asked of it to send back", async () => {
  const ways: TestWays = new Map();
  const both = [...modules, bidi];
  const montague = await start("montague.example", "romeo", ways, { modules: both });
  const capulet = await start("capulet.example", "juliet", ways, { modules: both });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>hi</body></message>`);
  await juliet.take(1);
  expect(linkOf(montague).stream?.isBidirectional).toBe(false);
});

test("a service talks to others in its own name", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, {
    modules: [...modules, muc],
    ...certified("montague.example"),
  });
  const capulet = await start("capulet.example", "juliet", ways, certified("capulet.example"));
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  juliet.send(
    "<iq type='get' id='1' to='conference.montague.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
  );
  expect(String((await juliet.take(1))[0])).toContain("category='conference'");
  expect([...montague.core.links.outgoing()].map(({ local }) => local)).toContain("conference.montague.example");
});

test("an occupant whose server is gone leaves the room when something for it comes back", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, { modules: [...modules, muc] });
  const capulet = await start("capulet.example", "juliet", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  const room = "verona@conference.montague.example";
  const enter = "<x xmlns='http://jabber.org/protocol/muc'/>";
  romeo.send(`<presence to='${room}/romeo'>${enter}</presence>`);
  romeo.send(
    `<iq type='set' id='o' to='${room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`,
  );
  await romeo.sync();
  juliet.send(`<presence to='${room}/juliet'>${enter}</presence>`);
  await until(async () => (await juliet.texts()).some((text) => text.includes(`from='${room}/juliet'`)));
  await romeo.sync();
  await capulet.vanish();
  ways.delete("capulet.example");
  await until(() => [...montague.core.links.outgoing()].every(({ stream }) => stream === null));
  romeo.send(`<message to='${room}' type='groupchat'><body>Anybody?</body></message>`);
  const isLeaving = (text: string): boolean => text.includes(`from='${room}/juliet'`) && text.includes("unavailable");
  await until(async () => (await romeo.texts()).some(isLeaving));
});

test("a server that is not there, and one that the rules do not allow, are told to the sender", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, {
    policy: (draft) => {
      draft.accessRules["s2s_access"] = [{ deny: [{ server: "tybalt.example" }] }, { allow: ["all"] }];
    },
  });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  for (const domain of ["nobody.example", "tybalt.example"]) {
    romeo.send(`<message to='x@${domain}' id='1'><body>hi</body></message>`);
    expect(String((await romeo.take(1))[0])).toMatch(/type='error'.*<error type='cancel'><remote-server-not-found /);
  }
  romeo.send("<presence to='x@nobody.example/y'/>");
  expect(String((await romeo.take(1))[0])).toMatch(/<presence [^>]*type='error'.*remote-server-not-found/);
  // It is remembered for a while.
  romeo.send("<iq to='nobody.example' type='get' id='2'><ping xmlns='urn:xmpp:ping'/></iq>");
  expect(String((await romeo.take(1))[0])).toContain("remote-server-not-found");
});

test("a peer that neither has a valid certificate nor is believed without gets nothing", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways);
  await start("capulet.example", "juliet", ways, {
    policy: (draft) => (draft.modules["s2s-dialback"] = { enabled: true, options: { access: "none" } }),
  });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  romeo.send("<message to='juliet@capulet.example' id='1'><body>hi</body></message>");
  expect(String((await romeo.take(1))[0])).toMatch(/<error type='cancel'><remote-server-timeout /);
  expect(linkOf(montague).lastFault?.fault.code).toBe("not-proved");
});

test("a server that is gone for an hour: what is sent comes back in time, and once it is there again all is well", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways);
  const capulet = await start("capulet.example", "juliet", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>1</body></message>`);
  await juliet.take(1);
  const there = ways.get("capulet.example")!;
  ways.set("capulet.example", [{ host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] }]);
  linkOf(montague).stream?.destroy("the cable is cut");
  await until(() => linkOf(montague).state === "idle");
  const attempts: number[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    romeo.send(`<message to='${juliet.jid}' type='chat' id='m${minute}'><body>x</body></message>`);
    for (let step = 0; step < 12; step += 1) {
      await until(() => linkOf(montague).state === "waiting");
      const { retryAt } = linkOf(montague);
      montague.clock.advance(5_000);
      montague.core.links.sweep();
      if (retryAt !== linkOf(montague).retryAt) attempts.push(retryAt!);
    }
  }
  const answers = await romeo.take(60);
  expect(answers.every((answer) => /<error type='wait'><remote-server-timeout /.test(String(answer)))).toBe(true);
  // Ever more rarely, and at least every five or six minutes.
  expect(attempts.length).toBeLessThan(25);
  expect(attempts.length).toBeGreaterThan(9);
  ways.set("capulet.example", there);
  romeo.send(`<message to='${juliet.jid}' type='chat' id='last'><body>x</body></message>`);
  montague.clock.advance(360_000);
  montague.core.links.sweep();
  romeo.send(`<message to='${juliet.jid}' type='chat' id='next'><body>x</body></message>`);
  expect(String((await juliet.take(1))[0])).toContain("id='next'");
}, 30_000);

test("what waits is limited", async () => {
  const ways: TestWays = new Map();
  ways.set("capulet.example", [{ host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] }]);
  const montague = await start("montague.example", "romeo", ways, {
    policy: (draft) => (draft.modules["s2s"] = { enabled: true, options: { max_queued: 3 } }),
  });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  for (let index = 0; index < 5; index += 1)
    romeo.send(`<message to='juliet@capulet.example' id='${index}'><body>x</body></message>`);
  const refused = await romeo.take(2);
  expect(refused.map(({ id }) => id)).toEqual(["3", "4"]);
  expect(String(refused[0])).toContain("<resource-constraint ");
  expect(linkOf(montague).queued).toBe(3);
});

test("a peer that takes the connection and says nothing is given up", async () => {
  const ways: TestWays = new Map();
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  ways.set("capulet.example", [{ host: "x", port, isDirectTls: false, addresses: ["127.0.0.1"] }]);
  const montague = await start("montague.example", "romeo", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  romeo.send("<message to='juliet@capulet.example' id='1'><body>x</body></message>");
  await until(() => linkOf(montague).state === "negotiating");
  montague.clock.advance(60_000);
  montague.core.links.sweep();
  expect(String((await romeo.take(1))[0])).toMatch(/<error type='wait'><remote-server-timeout /);
  await until(() => linkOf(montague).lastFault?.fault.code === "timeout");
  silent.close();
});

test("the next way is taken where one does not answer", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways);
  const capulet = await start("capulet.example", "juliet", ways);
  const [there] = ways.get("capulet.example")!;
  ways.set("capulet.example", [
    { host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] },
    { ...there!, isDirectTls: true },
    there!,
  ]);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>hi</body></message>`);
  await juliet.take(1);
});

test("an idle link is closed, and opened again when there is something to send", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways);
  const capulet = await start("capulet.example", "juliet", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>1</body></message>`);
  await juliet.take(1);
  montague.clock.advance(3_600_000);
  montague.core.links.sweep();
  await until(() => [...montague.core.links.outgoing()].every(({ state }) => state === "idle"));
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>2</body></message>`);
  expect(String((await juliet.take(1))[0])).toContain("<body>2</body>");
});

test("a link that is closed by hand refuses what waits", async () => {
  const ways: TestWays = new Map();
  ways.set("capulet.example", [{ host: "x", port: 1, isDirectTls: false, addresses: ["127.0.0.1"] }]);
  const montague = await start("montague.example", "romeo", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  romeo.send("<message to='juliet@capulet.example' id='1'><body>x</body></message>");
  await until(() => linkOf(montague).state === "waiting");
  linkOf(montague).close(new LinkFault("closed", "by hand"));
  expect(String((await romeo.take(1))[0])).toContain("<remote-server-timeout ");
  expect(linkOf(montague)).toMatchObject({ state: "idle", queued: 0 });
});

test("two hundred links are made at a time, and the next one waits", async () => {
  // No name server answers.
  const montague = await start("montague.example", "romeo", new Map(), { resolve: () => new Promise(() => undefined) });
  const romeo = await montague.connect("romeo@montague.example/orchard");
  for (let index = 0; index <= 200; index += 1)
    romeo.send(`<message to='x@v${index}.example'><body>hi</body></message>`);
  await romeo.sync();
  const states = [...montague.core.links.outgoing()].map(({ state }) => state);
  expect(states.filter((state) => state === "connecting")).toHaveLength(200);
  expect([...montague.core.links.outgoing()].at(-1)).toMatchObject({
    state: "waiting",
    queued: 1,
    lastFault: { fault: { code: "overload" } },
  });
});

test("a message of another server for somebody away is kept, as one from here is", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, { modules: [...modules, archive, offline] });
  const capulet = await start("capulet.example", "juliet", ways);
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  juliet.send("<message to='romeo@montague.example' type='chat' id='1'><body>later</body></message>");
  // Dealt with in order: once this is answered, the message is.
  juliet.send("<iq to='montague.example' type='get' id='2'><ping xmlns='urn:xmpp:ping'/></iq>");
  expect(String((await juliet.take(1))[0])).toContain("id='2'");
  const romeo = await montague.connect("romeo@montague.example/orchard");
  romeo.send("<presence/>");
  await until(async () =>
    (await romeo.texts()).some((text) => /from='juliet@.*<body>later<.body>.*<delay /.test(text)),
  );
});

test("domains without end push out the memory of others, and not what is used", async () => {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways);
  const capulet = await start("capulet.example", "juliet", ways);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  romeo.send(`<message to='${juliet.jid}' type='chat'><body>1</body></message>`);
  await juliet.take(1);
  for (let index = 0; index < 10_050; index += 1) {
    romeo.send(`<iq to='v${index}.example' type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>`);
    if (index % 100 === 99) await romeo.sync();
  }
  const links = [...montague.core.links.outgoing()];
  expect(links).toHaveLength(10_000);
  expect(links[0]).toMatchObject({ remote: "capulet.example", state: "open" });
  expect(links.at(-1)!.remote).toBe("v10049.example");
}, 30_000);
