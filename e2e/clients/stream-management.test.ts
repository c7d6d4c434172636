/** Connections that break, and a server that is killed: what was acknowledged arrives, once (XEP-0198). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { xml } from "@xmpp/client";
import { Cuttable } from "../support/cuttable.ts";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { child, text } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { client } from "../support/xmpp-js.ts";

const sm = "urn:xmpp:sm:3";
const password = "a long password";
let server: TestServer;

before(async () => {
  server = await TestServer.start();
  trustCertificateOf(server);
  for (const name of ["romeo", "juliet"]) await server.register(name, password);
});

after(async () => {
  await server.stop();
});

async function connect(user: string): Promise<XmppClient> {
  const stream = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  return stream.login(user, password, { resource: "raw" });
}

const chat = (body: string): string =>
  `<message type='chat' to='juliet@localhost' id='${body}'><body>${body}</body></message>`;

test("a client written by others resumes by itself and misses nothing", async () => {
  const network = await new Cuttable(server.c2sPort).start();
  const juliet = client({
    service: `xmpp://127.0.0.1:${network.port}`,
    domain: "localhost",
    username: "juliet",
    password,
    resource: "phone",
  });
  juliet.on("error", () => undefined);
  const bodies: string[] = [];
  // Its own presence, which comes back. (The client does not count answers to its iqs, so it makes none here.)
  const isPresent = Promise.withResolvers<void>();
  const complete = Promise.withResolvers<void>();
  juliet.on("stanza", (stanza) => {
    if (stanza.is("presence")) isPresent.resolve();
    const body = stanza.getChildText("body");
    if (body !== null) bodies.push(body);
    if (body === "three") complete.resolve();
  });
  // Both come within the success of its login (XEP-0198 6).
  const within = (name: string): Promise<void> =>
    new Promise((resolve) => {
      juliet.on("nonza", (element) => {
        if ((element.getChild("bound") ?? element).getChild(name, sm) !== undefined) resolve();
      });
    });
  const enabled = within("enabled");
  const resumed = within("resumed");
  const romeo = await connect("romeo");
  try {
    await juliet.start();
    await enabled;
    await juliet.send(xml("presence"));
    await isPresent.promise;
    romeo.send(chat("one"));
    await romeo.ping();
    network.cut();
    romeo.send(chat("two"));
    await romeo.ping();
    network.mend();
    await resumed;
    romeo.send(chat("three"));
    await complete.promise;
    assert.deepEqual(bodies, ["one", "two", "three"]);
    const { items } = await server.api.sessions.list({ search: "juliet" });
    assert.deepEqual(
      items.map(({ jid, hibernating }) => ({ jid: jid.replace(/[^/]+$/, ""), hibernating })),
      // The rest of the resource is the server's (XEP-0386 3.2.1).
      [{ jid: "juliet@localhost/phone/", hibernating: false }],
    );
  } finally {
    await juliet.stop();
    await romeo.close();
    await network.stop();
  }
});

test("what was acknowledged for a client that is expected back survives kill -9", async () => {
  const juliet = await connect("juliet");
  juliet.send(`<enable xmlns='${sm}' resume='true'/><presence/>`);
  const { attrs } = await juliet.receive(({ name }) => name === "enabled");
  await juliet.ping();
  juliet.destroy();
  const isHibernating = async (): Promise<boolean> =>
    (await server.api.sessions.list({ search: "juliet" })).items.some((one) => one.hibernating);
  for (let round = 0; !(await isHibernating()); round += 1) assert.ok(round < 1000, "the session does not hibernate");
  const romeo = await connect("romeo");
  romeo.send(`<enable xmlns='${sm}'/>`);
  const bodies = Array.from({ length: 20 }, (_, index) => `m${index}`);
  romeo.send(`${bodies.map(chat).join("")}<r xmlns='${sm}'/>`);
  await romeo.receive(({ ns, name, attrs: { h } }) => ns === sm && name === "a" && h === "20");
  await server.kill();
  romeo.destroy();
  await server.run();
  const next = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  assert.equal(await next.authenticate("juliet", password, "SCRAM-SHA-1"), null);
  await next.openStream();
  // Sessions do not survive the server; messages do.
  next.send(`<resume xmlns='${sm}' previd='${attrs["id"]}' h='0'/>`);
  assert.equal((await next.receive(({ ns }) => ns === sm)).name, "failed");
  next.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><presence/>");
  const received: string[] = [];
  while (received.length < bodies.length) {
    received.push(text(child(await next.receive(({ name }) => name === "message"), "body")));
  }
  assert.deepEqual(received, bodies);
  await next.close();
});
