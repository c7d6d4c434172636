/** Clients written by others (@xmpp/client over TCP) in a room that outlives a kill; its absent members hear of it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { xml, type Client } from "@xmpp/client";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { client } from "../support/xmpp-js.ts";

type Element = ReturnType<typeof xml>;

const room = "coven@conference.localhost";
const muc = "http://jabber.org/protocol/muc";
let server: TestServer;
const sink = new Sink();
const open: Client[] = [];

before(async () => {
  await sink.start();
  server = await TestServer.start({ env: { NIGHTPOST_STARTTLS: "required", NIGHTPOST_PLAIN_WITHOUT_TLS: "false" } });
  trustCertificateOf(server);
  for (const name of ["crone", "hag", "duncan"]) await server.register(name, "a long password");
  await server.api.forward.setTarget({
    name: "web",
    target: { url: sink.url, preset: "json", allowPrivate: true, maxAttempts: 5 },
  });
  await server.api.forward.setRules({ rules: [{ name: "rooms", classes: ["mention"], targets: ["web"] }] });
});

after(async () => {
  for (const one of open) await one.stop();
  await server.stop();
  await sink.stop();
});

/** A client, and everything that it has been sent. */
interface Witch {
  readonly client: Client;
  readonly stanzas: Element[];
  until(matches: (stanza: Element) => boolean): Promise<Element>;
}

async function connect(username: string): Promise<Witch> {
  const one = client({
    service: `xmpp://127.0.0.1:${server.c2sPort}`,
    domain: "localhost",
    username,
    password: "a long password",
    resource: "test",
  });
  one.reconnect.stop();
  one.on("error", () => undefined);
  open.push(one);
  const stanzas: Element[] = [];
  const checks = new Set<() => void>();
  one.on("stanza", (stanza: Element) => {
    stanzas.push(stanza);
    for (const check of checks) check();
  });
  await one.start();
  return {
    client: one,
    stanzas,
    until: (matches) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = stanzas.find(matches);
          if (found === undefined) return;
          checks.delete(check);
          resolve(found);
        };
        checks.add(check);
        check();
      }),
  };
}

async function enter(witch: Witch, nick: string): Promise<void> {
  await witch.client.send(xml("presence", { to: `${room}/${nick}` }, xml("x", muc)));
  await witch.until((stanza) => stanza.is("message") && stanza.getChild("subject") !== undefined);
}

const submit = (...fields: readonly (readonly [string, string])[]): Element =>
  xml(
    "x",
    { xmlns: "jabber:x:data", type: "submit" },
    ...[["FORM_TYPE", `${muc}#roomconfig`] as const, ...fields].map(([name, value]) =>
      xml("field", { var: name }, xml("value", {}, value)),
    ),
  );
const say = (witch: Witch, body: string): Promise<void> =>
  witch.client.send(xml("message", { type: "groupchat", to: room }, xml("body", {}, body)));
const said = (body: string) => (stanza: Element) => stanza.getChildText("body") === body;

test("two talk, a third one hears of it elsewhere, and all of it is there after kill -9", async () => {
  const crone = await connect("crone");
  await enter(crone, "firstwitch");
  const { iqCaller } = crone.client;
  const persistent = submit(["muc#roomconfig_persistentroom", "1"], ["muc#roomconfig_roomname", "A Dark Cave"]);
  await iqCaller.set(xml("query", `${muc}#owner`, persistent), room);
  const member = xml("item", { affiliation: "member", jid: "duncan@localhost" });
  await iqCaller.set(xml("query", `${muc}#admin`, member), room);

  const hag = await connect("hag");
  await enter(hag, "thirdwitch");
  await say(hag, "When shall we three meet again?");
  await crone.until(said("When shall we three meet again?"));
  await say(crone, "Hail, Duncan");
  await hag.until(said("Hail, Duncan"));

  await sink.until(() => sink.requests.length >= 1);
  const [request] = sink.requests;
  const event: unknown = JSON.parse(request!.body);
  assert.partialDeepStrictEqual(event, { from: `${room}/firstwitch`, to: "duncan@localhost", mentioned: true });

  // An answer that comes after the messages says that they are on disk.
  await iqCaller.get(xml("ping", "urn:xmpp:ping"), "localhost");
  await hag.client.iqCaller.get(xml("ping", "urn:xmpp:ping"), "localhost");
  await server.kill();
  await server.run();
  trustCertificateOf(server);

  const duncan = await connect("duncan");
  await enter(duncan, "duncan");
  assert.deepEqual(
    duncan.stanzas.map((stanza) => stanza.getChildText("body")).filter((body) => body !== null),
    ["When shall we three meet again?", "Hail, Duncan"],
  );
  const self = duncan.stanzas.find(({ attrs }) => attrs["from"] === `${room}/duncan`);
  assert.equal(self?.getChild("x", `${muc}#user`)?.getChild("item")?.attrs["affiliation"], "member");
  const info = await duncan.client.iqCaller.get(xml("query", "http://jabber.org/protocol/disco#info"), room);
  assert.equal(info?.getChild("identity")?.attrs["name"], "A Dark Cave");
  // Killed before it knew that the web server had it, the server sends it again, under the same id.
  assert.equal(new Set(sink.requests.map(({ id }) => id)).size, 1);
});
