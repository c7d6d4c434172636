import { array, assert, asyncProperty, boolean, constantFrom } from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import {
  type FederatedOptions,
  type FederatedServer,
  federatedServer,
  type TestWays,
} from "../../core/remote/testing-federation.ts";
import type { TestClient } from "../../core/testing.ts";
import { testAuthority, testServerCertificate } from "../../net/testing-certificates.ts";
import { RawClient } from "../../net/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { ping } from "../ping.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { bidi } from "./bidi.ts";
import { dialback } from "./dialback.ts";
import { s2s } from "./module.ts";
import { StreamKeeper } from "./stream-keeper.ts";
import { serverStreamManagement } from "./stream-management.ts";

const sm = "xmlns='urn:xmpp:sm:3'";
const authority = testAuthority();
const oneWay = [roster, presence, message, ping, s2s, dialback, serverStreamManagement];
const bothWays = [...oneWay, bidi];
let servers: FederatedServer[] = [];

const until = (isTrue: () => boolean | Promise<boolean>): Promise<unknown> =>
  vi.waitUntil(isTrue, { timeout: 15_000, interval: 10 });

afterEach(stopAll);

async function stopAll(): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
}

async function start(domain: string, local: string, ways: TestWays, options: Partial<FederatedOptions> = {}) {
  const server = await federatedServer({
    modules: oneWay,
    ways,
    accounts: [`${local}@${domain}`],
    serverCa: authority.cert,
    certificate: { authority, names: [domain] },
    ...options,
    policy: (draft) => {
      draft.modules["s2s-stream-management"] = { enabled: true, options: { ack_every: 1 } };
      options.policy?.(draft);
    },
  });
  servers.push(server);
  return server;
}

interface Neighbours {
  readonly ways: TestWays;
  readonly montague: FederatedServer;
  readonly capulet: FederatedServer;
  readonly romeo: TestClient;
  readonly juliet: TestClient;
}

async function neighbours(options: Partial<FederatedOptions> = {}): Promise<Neighbours> {
  const ways: TestWays = new Map();
  const montague = await start("montague.example", "romeo", ways, options);
  const capulet = await start("capulet.example", "juliet", ways, options);
  const romeo = await montague.connect("romeo@montague.example/orchard");
  const juliet = await capulet.connect("juliet@capulet.example/balcony");
  return { ways, montague, capulet, romeo, juliet };
}

const linkOf = (server: FederatedServer) => [...server.core.links.outgoing()][0]!;
const unconfirmed = (server: FederatedServer): number | undefined => linkOf(server).stream?.keeper?.unconfirmed.length;
const says = (from: TestClient, to: TestClient, id: string | number): void =>
  from.send(`<message to='${to.jid}' type='chat' id='${id}'><body>x</body></message>`);
const idsOf = (stanzas: readonly Stanza[]): (string | undefined)[] => stanzas.map(({ id }) => id);
/** Ends the connections as a broken cable does: without a word, as either side sees it. */
function cut(server: FederatedServer): void {
  for (const link of server.core.links.outgoing()) link.stream?.destroy("the cable is cut");
  for (const [stream] of [...server.core.links.incoming()]) stream.destroy("the cable is cut");
}

test.each([
  ["SASL EXTERNAL", {}],
  ["dialback", { serverCa: "" }],
])("what arrived is confirmed: %s", async (_, options) => {
  const { montague, romeo, juliet } = await neighbours(options);
  says(romeo, juliet, 1);
  await juliet.take(1);
  await until(() => unconfirmed(montague) === 0);
  expect(linkOf(montague).stream!.keeper!.resumeMs).toBe(30_000);
});

test("stanzas that were under way when the connection broke arrive once, and in order", async () => {
  const { montague, capulet, romeo, juliet } = await neighbours();
  says(romeo, juliet, 0);
  await juliet.take(1);
  montague.clock.advance(60_000);
  // Written, and not read any more.
  const [stream] = [...capulet.core.links.incoming()][0]!;
  says(romeo, juliet, 1);
  says(romeo, juliet, 2);
  stream.destroy("the cable is cut");
  await until(() => linkOf(montague).state !== "open" || linkOf(montague).stream?.isClosed === false);
  says(romeo, juliet, 3);
  expect(idsOf(await juliet.take(3))).toEqual(["1", "2", "3"]);
  await until(() => unconfirmed(montague) === 0);
  expect(await juliet.sync()).toEqual([]);
  expect(await romeo.sync()).toEqual([]);
});

test("whatever is cut and whenever: each stanza arrives once, in order", async () => {
  const steps = constantFrom("romeo", "juliet", "romeo", "juliet", "cut here", "cut there", "a turn", "all");
  await assert(
    asyncProperty(array(steps, { minLength: 5, maxLength: 40 }), boolean(), async (plan, isBothWays) => {
      const { montague, capulet, romeo, juliet } = await neighbours({
        modules: isBothWays ? bothWays : oneWay,
        policy: (draft) => {
          draft.modules["s2s"] = { enabled: true, options: { queue_seconds: 3600 } };
          draft.modules["s2s-stream-management"] = { enabled: true, options: { ack_every: 2, resume_seconds: 600 } };
        },
      });
      const sent = { romeo: [] as string[], juliet: [] as string[] };
      const seen = { romeo: [] as Stanza[], juliet: [] as Stanza[] };
      const say = (who: "romeo" | "juliet"): void => {
        const id = `${who}-${sent[who].length}`;
        sent[who].push(id);
        if (who === "romeo") says(romeo, juliet, id);
        else says(juliet, romeo, id);
      };
      const allArrived = (): Promise<unknown> =>
        until(async () => {
          for (const server of [montague, capulet]) {
            // Slowly enough for what is negotiated meanwhile.
            server.clock.advance(200);
            server.core.links.sweep();
          }
          seen.romeo.push(...(await romeo.sync()));
          seen.juliet.push(...(await juliet.sync()));
          return seen.romeo.length + seen.juliet.length >= sent.romeo.length + sent.juliet.length;
        });
      for (const who of ["romeo", "juliet"] as const) say(who);
      await allArrived();
      for (const step of plan) {
        if (step === "cut here") cut(montague);
        else if (step === "cut there") cut(capulet);
        else if (step === "a turn") await new Promise((resolve) => setImmediate(resolve));
        else if (step === "all") await allArrived();
        else say(step);
        // Connections that break at once are not made anew at once.
        montague.clock.advance(11_000);
        capulet.clock.advance(11_000);
      }
      await allArrived();
      for (const [to, from] of [
        ["juliet", "romeo"],
        ["romeo", "juliet"],
      ] as const) {
        expect(idsOf(seen[to])).toEqual(sent[from]);
      }
      await stopAll();
    }),
    { numRuns: 10 },
  );
}, 60_000);

test("a peer that has forgotten the stream: messages come back, presence is sent again", async () => {
  const { ways, montague, capulet, romeo } = await neighbours();
  says(romeo, romeo, "warm");
  await romeo.take(1);
  romeo.send("<iq type='get' id='p' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>");
  await romeo.take(1);
  montague.clock.advance(60_000);
  const [stream] = [...capulet.core.links.incoming()].find(([one]) => one.remote === "montague.example")!;
  romeo.send("<message to='juliet@capulet.example/balcony' type='chat' id='1'><body>x</body></message>");
  romeo.send("<presence to='juliet@capulet.example/balcony'/>");
  stream.destroy("it is killed");
  await capulet.stop();
  servers = servers.filter((server) => server !== capulet);
  const again = await start("capulet.example", "juliet", ways);
  const juliet = await again.connect("juliet@capulet.example/balcony");
  await until(() => {
    montague.clock.advance(200);
    montague.core.links.sweep();
    return linkOf(montague).state === "open";
  });
  const [error] = await romeo.take(1);
  expect(String(error)).toMatch(/^<message .*type='error' id='1'.*<remote-server-timeout /);
  expect(String((await juliet.take(1))[0])).toMatch(/^<presence /);
});

test("a connection that can only be made by the peer: what it had not confirmed goes by the stream that it resumes", async () => {
  const { ways, montague, capulet, romeo, juliet } = await neighbours({ modules: bothWays });
  says(romeo, juliet, "warm");
  await juliet.take(1);
  await until(() => unconfirmed(montague) === 0);
  ways.delete("montague.example");
  montague.clock.advance(60_000);
  says(juliet, romeo, 1);
  says(juliet, romeo, 2);
  cut(montague);
  says(juliet, romeo, 3);
  expect(idsOf(await romeo.take(3))).toEqual(["1", "2", "3"]);
  expect(linkOf(capulet).stream).toBeNull();
});

test("streams are not resumed where that is switched off, and what was unconfirmed comes back", async () => {
  const { capulet, romeo, juliet } = await neighbours({
    policy: (draft) => (draft.modules["s2s-stream-management"] = { enabled: true, options: { resume_seconds: 0 } }),
  });
  says(romeo, juliet, 1);
  await juliet.take(1);
  const [stream] = [...capulet.core.links.incoming()][0]!;
  says(romeo, juliet, 2);
  stream.destroy("the cable is cut");
  expect(String((await romeo.take(1))[0])).toMatch(/type='error'.*<remote-server-timeout /);
});

test("options that change leave the streams as they are", async () => {
  const { montague, capulet, romeo, juliet } = await neighbours();
  says(romeo, juliet, 1);
  await juliet.take(1);
  const { stream } = linkOf(montague);
  for (const server of [montague, capulet])
    await server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.modules["s2s-stream-management"] = { enabled: true, options: { ack_every: 2, resume_seconds: 60 } };
    });
  says(romeo, juliet, 2);
  await juliet.take(1);
  // Below what is asked for at once: it is asked for after a second.
  await until(() => unconfirmed(montague) === 0);
  expect(linkOf(montague).stream).toBe(stream);
});

test("a peer that confirms nothing is limited, and then counts as lost", async () => {
  const { montague, romeo, juliet } = await neighbours({
    policy: (draft) =>
      (draft.modules["s2s-stream-management"] = { enabled: true, options: { ack_every: 1000, max_queue: 10 } }),
  });
  says(romeo, juliet, "warm");
  await juliet.take(1);
  const { stream } = linkOf(montague);
  for (let index = 0; index < 11; index += 1) says(romeo, juliet, index);
  await until(() => stream!.isClosed);
});

test("a peer that answers no request for a minute counts as lost", async () => {
  const { montague, capulet, romeo, juliet } = await neighbours();
  says(romeo, juliet, "warm");
  await juliet.take(1);
  const [{ keeper }] = [...capulet.core.links.incoming()][0]!;
  if (!(keeper instanceof StreamKeeper)) throw new Error("the stream is not kept");
  keeper.answer = () => undefined;
  const { stream } = linkOf(montague);
  says(romeo, juliet, 1);
  await until(() => {
    montague.clock.advance(20_000);
    return stream!.isClosed;
  });
});

// What a peer may say, step by step.

const ofPeer = testServerCertificate(authority, ["capulet.example"]);
const header =
  "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
  "to='montague.example' from='capulet.example' version='1.0'>";
const toRomeo = "<message from='juliet@capulet.example' to='romeo@montague.example/orchard'><body>x</body></message>";

async function peer(server: FederatedServer): Promise<RawClient> {
  const client = await RawClient.connect(server.port);
  client.send(header);
  await client.until("</stream:features>");
  client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.until("<proceed");
  await client.startTls({ servername: "montague.example", cert: ofPeer.cert, key: ofPeer.key });
  client.send(header);
  expect(await client.until("</stream:features>")).not.toContain(sm);
  client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
  await client.until("<success");
  client.send(header);
  expect(await client.until("</stream:features>")).toContain(`<sm ${sm}/>`);
  return client;
}

test("a peer enables it once, is told what arrived when it asks, and at the end", async () => {
  const server = await start("montague.example", "romeo", new Map());
  const client = await peer(server);
  client.send(`<enable ${sm}/>${toRomeo}<r ${sm}/>`);
  expect(await client.until(/<a [^>]*>/)).toContain(`<enabled ${sm}/>`);
  client.send(`<enable ${sm}/>`);
  await client.until("<unexpected-request");
  client.send(`${toRomeo}</stream:stream>`);
  expect(await client.ended()).toMatch(/<a xmlns='urn:xmpp:sm:3' h='2'\/><\/stream:stream>$/);
});

test("a stream is resumed by its id, for its own domains, and what came meanwhile is told", async () => {
  const server = await start("montague.example", "romeo", new Map());
  const first = await peer(server);
  first.send(`<enable ${sm} resume='true'/>`);
  const id = /id='([\w-]{32})' resume='true' max='30'/.exec(await first.until("/>"))![1]!;
  first.send(toRomeo + toRomeo);
  const second = await peer(server);
  second.send(`<resume ${sm} previd='${"x".repeat(32)}' h='0'/>`);
  await second.until("</failed>");
  // The first connection is still there, and ends.
  second.send(`<resume ${sm} previd='${id}' h='0'/>`);
  expect(await second.until("/>")).toBe(`<resumed ${sm} previd='${id}' h='2'/>`);
  await first.ended();
  second.send(`${toRomeo}<r ${sm}/>`);
  await second.until(`<a ${sm} h='3'/>`);
});

test.each([
  ["an acknowledgement of more than was sent", `<enable ${sm}/><a ${sm} h='1'/>`, "handled-count-too-high"],
  ["an acknowledgement without a count", `<enable ${sm}/><a ${sm}/>`, "bad-format"],
  ["a request without stream management", `<r ${sm}/>`, "policy-violation"],
  ["an answer to nothing", `<enabled ${sm}/>`, "unsupported-stanza-type"],
])("%s ends the stream", async (_, sent, condition) => {
  const server = await start("montague.example", "romeo", new Map());
  const client = await peer(server);
  client.send(sent);
  expect(await client.ended()).toContain(condition);
});
