import { afterEach, expect, test } from "vitest";
import { LinkFault } from "../../core/remote/fault.ts";
import { type FederatedOptions, type FederatedServer, federatedServer } from "../../core/remote/testing-federation.ts";
import type { TestClient } from "../../core/testing.ts";
import { testAuthority, testServerCertificate } from "../../net/testing-certificates.ts";
import { RawClient } from "../../net/testing.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { pubsubService } from "../pubsub/service.ts";
import { roster } from "../roster/module.ts";
import { bidi } from "./bidi.ts";
import { dialback } from "./dialback.ts";
import { s2s } from "./module.ts";

/** What a peer that means harm may try against the server of montague.example. */
const host = "montague.example";
const peer = "capulet.example";
const authority = testAuthority();
const ofPeer = testServerCertificate(authority, [peer]);
let server: FederatedServer;
let romeo: TestClient;

async function start(options: Partial<FederatedOptions> = {}): Promise<void> {
  server = await federatedServer({
    modules: [roster, presence, message, pubsubService, s2s, dialback, bidi],
    accounts: [`romeo@${host}`],
    ways: new Map(),
    serverCa: authority.cert,
    ...options,
    policy: (draft) => {
      draft.modules["pubsub"] = { enabled: true, options: {} };
      options.policy?.(draft);
    },
  });
  romeo = await server.connect(`romeo@${host}/orchard`);
}

afterEach(async () => {
  await server.stop();
});

const header = (to: string, from?: string): string =>
  "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
  `xmlns:db='jabber:server:dialback' to='${to}'${from === undefined ? "" : ` from='${from}'`} version='1.0'>`;

/** Opens a stream; returns the client and the features. */
async function open(to = host, from: string | undefined = peer): Promise<{ client: RawClient; features: string }> {
  const client = await RawClient.connect(server.port);
  client.send(header(to, from));
  return { client, features: await client.until(/<\/stream:features>|<stream:features\/>|<\/stream:stream>/) };
}

/** The same inside TLS, with this certificate. */
async function openSecure(
  pair: { readonly cert: string; readonly key: string | Buffer } | null,
  from = peer,
  to = host,
): Promise<{ client: RawClient; features: string }> {
  const { client } = await open(to, from);
  client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.startTls({ servername: to, ...(pair === null ? {} : { cert: pair.cert, key: pair.key }) });
  client.send(header(to, from));
  return { client, features: await client.until(/<\/stream:features>|<stream:features\/>|<\/stream:stream>/) };
}

const auth = (identity: string): string =>
  `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>${Buffer.from(identity).toString("base64")}</auth>`;

async function authenticated(): Promise<RawClient> {
  const { client } = await openSecure(ofPeer);
  client.send(auth(peer));
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  client.send(header(host, peer));
  await client.until("</stream:features>");
  return client;
}

const toRomeo = (from: string): string =>
  `<message from='${from}' to='romeo@${host}/orchard' type='chat'><body>x</body></message>`;

test.each([
  ["a domain that is not served", "nobody.example", peer, "host-unknown"],
  ["an account", `romeo@${host}`, peer, "host-unknown"],
  ["nobody", "", peer, "host-unknown"],
  ["us, from one of our own", host, host, "invalid-from"],
  ["us, from a service of ours", host, `pubsub.${host}`, "invalid-from"],
  ["us, from an account", host, `juliet@${peer}`, "invalid-from"],
  ["us, from no domain", host, "@@", "invalid-from"],
])("a stream to %s is refused", async (_, to, from, condition) => {
  await start();
  const { client, features } = await open(to, from);
  expect(features + (await client.ended())).toContain(`<${condition} `);
});

test("a service's domain takes streams, too", async () => {
  await start();
  const { features } = await open(`pubsub.${host}`);
  expect(features).toContain("<starttls ");
});

test("whom the rules do not allow gets no features", async () => {
  await start({ policy: (draft) => (draft.accessRules["s2s_access"] = [{ allow: [{ server: "verona.example" }] }]) });
  const { features } = await open();
  expect(features).toContain("<policy-violation ");
  expect((await open(host, "verona.example")).features).toContain("<starttls ");
});

test("without TLS nothing is negotiated but TLS", async () => {
  await start();
  const { client, features } = await open();
  expect(features).toContain("<required/>");
  expect(features).not.toContain("features:dialback");
  client.send(`<db:result from='${peer}' to='${host}'>key</db:result>`);
  expect(await client.ended()).toContain("<policy-violation ");
});

test("servers that the operator names may go without TLS", async () => {
  await start({
    policy: (draft) => {
      draft.accessRules["old"] = [{ allow: [{ server: peer }] }];
      draft.modules["s2s"] = { enabled: true, options: { without_tls: "old" } };
    },
  });
  const { features } = await open();
  expect(features).not.toContain("<required/>");
  expect(features).toContain("urn:xmpp:features:dialback");
  expect((await open(host, "verona.example")).features).toContain("<required/>");
});

const others = testServerCertificate(authority, ["verona.example", "capulet.example.evil.example", "example"]);
const expired = testServerCertificate(authority, [peer], Date.now() - 1000);
const foreign = testServerCertificate(testAuthority("Nobody's friend"), [peer]);
const wild = testServerCertificate(authority, [`*.${peer}`]);

test.each([
  ["no certificate", null],
  ["a certificate for others", others],
  ["a certificate that has run out", expired],
  ["a certificate nobody vouches for", foreign],
])("with %s there is no SASL EXTERNAL", async (_, pair) => {
  await start();
  const { client, features } = await openSecure(pair);
  expect(features).not.toContain("EXTERNAL");
  client.send(auth(peer));
  expect(await client.until("</failure>")).toContain("<not-authorized/>");
  client.send(toRomeo(`juliet@${peer}`));
  expect(await client.ended()).toContain("<not-authorized ");
  expect(await romeo.sync()).toEqual([]);
});

test("a wildcard counts for one label", async () => {
  await start();
  expect((await openSecure(wild, `rooms.${peer}`)).features).toContain("EXTERNAL");
  expect((await openSecure(wild, `deep.rooms.${peer}`)).features).not.toContain("EXTERNAL");
  expect((await openSecure(wild)).features).not.toContain("EXTERNAL");
});

test.each([
  ["another domain", "verona.example"],
  ["a user of its own", `juliet@${peer}`],
  ["one of ours", host],
  ["no domain", "@@"],
])("the certificate's owner is not taken for %s", async (_, identity) => {
  await start();
  const { client } = await openSecure(ofPeer);
  client.send(auth(identity));
  expect(await client.until("</failure>")).toContain("<invalid-authzid/>");
});

test("after the proof the stream is still for the same domains", async () => {
  await start();
  const { client } = await openSecure(ofPeer);
  client.send(auth(peer));
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  client.send(header(host, "verona.example"));
  expect(await client.ended()).toContain("<invalid-from ");
});

test.each([
  ["one of ours", `romeo@${host}`],
  ["another domain", "juliet@verona.example"],
  ["a domain below its own", `x@sub.${peer}`],
  ["a domain that ends like its own", `x@evil${peer}`],
  ["nobody", "@@"],
])("a stanza from %s ends the stream", async (_, from) => {
  await start();
  const client = await authenticated();
  client.send(toRomeo(from));
  expect(await client.ended()).toContain("<invalid-from ");
  expect(await romeo.sync()).toEqual([]);
});

test("a stanza for a domain that the stream is not for ends it", async () => {
  await start();
  const client = await authenticated();
  client.send(`<message from='juliet@${peer}' to='x@verona.example'><body>relay this</body></message>`);
  expect(await client.ended()).toContain("<invalid-from ");
});

test("what a stranger says of delays, ids and carbons of our own is not believed", async () => {
  await start();
  const client = await authenticated();
  client.send(
    `<message from='juliet@${peer}/x' to='romeo@${host}/orchard' type='chat'><body>x</body>` +
      `<stanza-id xmlns='urn:xmpp:sid:0' by='romeo@${host}' id='forged'/>` +
      `<delay xmlns='urn:xmpp:delay' from='${host}' stamp='2020-01-01T00:00:00Z'/></message>`,
  );
  const [got] = await romeo.take(1);
  expect(String(got)).toContain("<body>x</body>");
  expect(String(got)).not.toContain("forged");
});

test("stanzas before the proof end the stream", async () => {
  await start();
  const { client } = await openSecure(ofPeer);
  client.send(toRomeo(`juliet@${peer}`));
  expect(await client.ended()).toContain("<not-authorized ");
});

test("bidirectional may be asked for before the proof only", async () => {
  await start();
  const client = await authenticated();
  client.send("<bidi xmlns='urn:xmpp:bidi'/>");
  expect(await client.ended()).toContain("<policy-violation ");
});

const result = (from: string, to = host, key = "00"): string =>
  `<db:result from='${from}' to='${to}'>${key}</db:result>`;

test.each([
  ["a domain without a server", result("verona.example"), "<remote-server-not-found "],
  ["a domain of ours", result(`pubsub.${host}`), "<forbidden "],
  ["us, towards a domain that is not ours", result(peer, "verona.example"), "<item-not-found "],
])("dialback for %s is refused, and the stream goes on", async (_, text, condition) => {
  await start();
  const { client } = await openSecure(null);
  client.send(text);
  expect(await client.until("</db:result>")).toContain(condition);
  client.send(result("verona.example", "nobody.example"));
  expect(await client.until("</db:result>")).toContain("<item-not-found ");
});

test("a valid certificate is believed for its own domain, and not for others", async () => {
  await start();
  const { client } = await openSecure(ofPeer);
  client.send(result(peer));
  expect(await client.until("/>")).toBe(`<db:result from='${host}' to='${peer}' type='valid'/>`);
  client.send(result("verona.example"));
  expect(await client.until("</db:result>")).toContain("type='error'");
  client.send(toRomeo("juliet@verona.example"));
  expect(await client.ended()).toContain("<invalid-from ");
});

test("where dialback alone is not trusted, no key helps", async () => {
  await start({
    policy: (draft) => (draft.modules["s2s-dialback"] = { enabled: true, options: { access: "none" } }),
  });
  const { client } = await openSecure(null);
  client.send(result(peer));
  expect(await client.until("/>")).toContain("type='invalid'");
});

test("a connection that wants too many domains checked at a time ends, and leaves nothing behind", async () => {
  const asked: string[] = [];
  await start({
    // Their name servers never answer.
    resolve: (domain) => {
      asked.push(domain);
      return new Promise(() => undefined);
    },
  });
  const { client } = await openSecure(null);
  for (let index = 0; index < 50; index += 1) client.send(result(`v${index}.example`));
  expect(await client.ended()).toContain("<policy-violation ");
  expect(asked.length).toBeLessThanOrEqual(10);
});

test("keys of ours are confirmed, and no others", async () => {
  await start();
  const { client } = await openSecure(null, "verona.example");
  const verify = (to: string, key: string): string =>
    `<db:verify from='verona.example' to='${to}' id='a'>${key}</db:verify>`;
  client.send(verify(host, "0".repeat(64)));
  expect(await client.until("/>")).toBe(`<db:verify from='${host}' to='verona.example' id='a' type='invalid'/>`);
  client.send(verify("nobody.example", "0".repeat(64)));
  expect(await client.until("</db:verify>")).toContain("<item-not-found ");
});

test.each([
  ["an answer to nothing", `<db:result from='${peer}' to='${host}' type='valid'/>`, "policy-violation"],
  ["a confirmation of nothing", `<db:verify from='${peer}' to='${host}' id='x' type='valid'/>`, "policy-violation"],
  ["dialback without addresses", "<db:result>key</db:result>", "improper-addressing"],
  ["something unknown", "<query xmlns='urn:example'/>", "unsupported-stanza-type"],
  ["too much at once", `<db:result>${"x".repeat(9_000)}</db:result>`, "policy-violation"],
])("%s ends the stream", async (_, text, condition) => {
  await start();
  const { client } = await openSecure(null);
  client.send(text);
  expect(await client.ended()).toContain(`<${condition} `);
});

test("a stanza of more than 256 KiB ends the stream", async () => {
  await start();
  const client = await authenticated();
  client.send(`<message from='juliet@${peer}' to='romeo@${host}'><body>${"x".repeat(300 * 1024)}</body></message>`);
  expect(await client.ended()).toContain("<policy-violation ");
});

test("a connection that proves nothing is closed, whatever it says meanwhile", async () => {
  await start();
  const { client } = await openSecure(null);
  client.send(result("verona.example", "nobody.example"));
  await client.until("</db:result>");
  server.clock.advance(30_000);
  server.service.sweepLogins();
  expect(await client.ended()).toContain("<connection-timeout ");
});

test("connections that prove nothing are limited in all", async () => {
  await start({ maxUnproved: 2 });
  await open();
  await open();
  const third = await RawClient.connect(server.port);
  third.send(header(host, peer));
  expect(await third.ended()).toBe("");
});

test("when the rules change, a stream that they do not allow any more ends", async () => {
  await start();
  const client = await authenticated();
  server.core.policy.onChange(() => server.core.links.follow());
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.accessRules["s2s_access"] = [];
  });
  expect(await client.ended()).toContain("<policy-violation ");
});

test("a fault has the error that the standard names for it", () => {
  const errorOf = (code: LinkFault["code"]) => new LinkFault(code, "").toStanzaError();
  expect(errorOf("not-found")).toMatchObject({ condition: "remote-server-not-found", type: "cancel" });
  expect(errorOf("unreachable")).toMatchObject({ condition: "remote-server-timeout", type: "wait" });
  expect(errorOf("not-proved")).toMatchObject({ condition: "remote-server-timeout", type: "cancel" });
});

test("a connection is for a hundred pairs of domains at most", async () => {
  await start();
  const { client } = await openSecure(wild, `v.${peer}`);
  for (let index = 0; index <= 100; index += 1) client.send(result(`v${index}.${peer}`));
  await client.until(`to='v99.${peer}' type='valid'/>`);
  expect(await client.ended()).toContain("<policy-violation ");
});
