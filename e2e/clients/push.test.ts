/** Phones, from the client's command to the push service: APNs, and an app server that the client names (XEP-0357). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { startApnsMock, type ApnsMock } from "../../server/forward/push/apns/mock.ts";
import { TestServer } from "../support/server.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

const password = "a long password";
const tokens = { phone: "a1".repeat(32), call: "c3".repeat(32) };
let server: TestServer;
let apns: ApnsMock;

before(async () => {
  apns = await startApnsMock({ clock: { now: () => Date.now() } });
  server = await TestServer.start({ env: { NIGHTPOST_FORWARD_RETRY_SECONDS: "0.05" } });
  for (const name of ["romeo", "juliet", "nurse", "app"]) await server.register(name, password);
  await server.api.forward.setTarget({
    name: "ios",
    target: ForwardTarget.parse({ kind: "apns", ...apns.credentials, server: apns.url, allowPrivate: true }),
    withRule: false,
  });
  await server.api.forward.setRules({
    rules: [
      {
        name: "phones",
        classes: ["chat", "normal", "call", "subscription"],
        targets: ["ios", "app-servers"],
      },
    ],
  });
});

after(async () => {
  await server.stop();
  await apns.close();
});

async function connect(user: string, resource: string): Promise<XmppClient> {
  const stream = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  return stream.login(user, password, { resource });
}

/** What a command answered, by field. */
async function register(client: XmppClient, fields: Record<string, string>): Promise<Record<string, string>> {
  const form = Object.entries(fields).map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
  const answer = await client.ask(
    "set",
    "push.localhost",
    `<command xmlns='http://jabber.org/protocol/commands' node='register-push-apns' action='execute'>` +
      `<x xmlns='jabber:x:data' type='submit'>${form.join("")}</x></command>`,
  );
  assert.equal(answer.attrs["type"], "result", conditionOf(answer));
  const x = child(child(answer, "command")!, "x")!;
  return Object.fromEntries(
    elements(x).map((field) => [field.attrs["var"] ?? "", text(child(field, "value"))] as const),
  );
}

const chat = (to: string, body: string): string =>
  `<message type='chat' to='${to}@localhost'><body>${body}</body></message>`;

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) assert.ok(Date.now() < deadline, what);
}

const devicesOf = async (user: string) => (await server.api.devices.list({ user: `${user}@localhost` })).items;

test("a phone registers, is enabled, and rings when its owner is away", async () => {
  const phone = await connect("juliet", "phone");
  const { jid, node, secret } = await register(phone, {
    token: tokens.phone,
    "voip-token": tokens.call,
    "device-name": "Juliet's phone",
  });
  assert.equal(jid, "push.localhost");
  assert.deepEqual(
    (await devicesOf("juliet")).map(({ state, name }) => [state, name]),
    [["registered", "Juliet's phone"]],
  );
  const options =
    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options" +
    `</value></field><field var='secret'><value>${secret}</value></field></x>`;
  const enabled = await phone.ask(
    "set",
    "",
    `<enable xmlns='urn:xmpp:push:0' jid='${jid}' node='${node}'>${options}</enable>`,
  );
  assert.equal(enabled.attrs["type"], "result");
  await phone.close();

  const romeo = await connect("romeo", "orchard");
  romeo.send(chat("juliet", "one"));
  await apns.received(1);
  const [push] = apns.seen;
  assert.equal(push!.deviceToken, tokens.phone);
  assert.match(push!.payload, /romeo/);
  assert.doesNotMatch(push!.payload, /one/);
  await until("the device is shown as reached", async () => (await devicesOf("juliet"))[0]!.lastAcceptedAt !== null);

  // A call goes to the token for calls, at once.
  romeo.send(
    "<message type='chat' to='juliet@localhost' id='call'><propose xmlns='urn:xmpp:jingle-message:0' id='call-1'>" +
      "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>",
  );
  await apns.received(2);
  assert.equal(apns.seen[1]!.deviceToken, tokens.call);

  const [device] = await devicesOf("juliet");
  const attempt = await server.api.devices.test({ id: device!.id });
  assert.equal(attempt.outcome, "delivered");
  assert.equal(apns.seen[2]!.deviceToken, tokens.phone);
  assert.deepEqual(apns.violations, []);

  // Disabled by its owner, it rings no more.
  const again = await connect("juliet", "phone");
  await again.ask("set", "", `<disable xmlns='urn:xmpp:push:0' jid='${jid}' node='${node}'/>`);
  await again.close();
  assert.equal((await devicesOf("juliet"))[0]!.state, "registered");
  const before = (await server.api.forward.list({ device: device!.id, limit: 50 })).items.length;
  romeo.send(chat("juliet", "two"));
  await romeo.ping();
  assert.equal((await server.api.forward.list({ device: device!.id, limit: 50 })).items.length, before);
  await romeo.close();
});

test("a token that Apple has forgotten disables the device, and the app registers again", async () => {
  const phone = await connect("nurse", "phone");
  const token = "b2".repeat(32);
  const { node } = await register(phone, { token });
  const enable = (): Promise<XmlElement> =>
    phone.ask("set", "", `<enable xmlns='urn:xmpp:push:0' jid='push.localhost' node='${node}'/>`);
  assert.equal((await enable()).attrs["type"], "result");
  phone.send("<presence type='unavailable'/>");
  apns.behave = (push) => push.answer(410, "Unregistered", { timestamp: Date.now() + 60_000 });
  const romeo = await connect("romeo", "garden");
  romeo.send(chat("nurse", "three"));
  await until("the device is disabled", async () => (await devicesOf("nurse"))[0]!.state === "disabled");
  assert.equal(conditionOf(await enable()), "item-not-found");
  apns.behave = (push) => push.answer();
  await register(phone, { token });
  assert.equal((await enable()).attrs["type"], "result");
  assert.equal((await devicesOf("nurse"))[0]!.state, "active");
  await phone.close();
  await romeo.close();
});

test("an app server that refuses a node three times is left alone", async () => {
  const app = await connect("app", "server");
  const romeo = await connect("romeo", "tomb");
  await romeo.ask("set", "", `<enable xmlns='urn:xmpp:push:0' jid='${app.jid}' node='n'/>`);
  await romeo.close();
  const [registered] = await devicesOf("romeo");
  const tested = server.api.devices.test({ id: registered!.id });
  const { attrs: asked } = await app.receive(({ name }) => name === "iq");
  app.send(`<iq type='result' id='${asked["id"]}' to='localhost'/>`);
  assert.equal((await tested).outcome, "delivered");
  const nurse = await connect("nurse", "street");
  nurse.send(chat("romeo", "four"));
  for (let refusals = 0; refusals < 3; refusals += 1) {
    const { attrs } = await app.receive(({ name }) => name === "iq");
    assert.equal(attrs["from"], "localhost");
    app.send(
      `<iq type='error' id='${attrs["id"]}' to='localhost'><error type='cancel'>` +
        "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    );
  }
  await until("the registration is disabled", async () => (await devicesOf("romeo"))[0]!.state === "disabled");
  const [device] = await devicesOf("romeo");
  assert.equal(device!.disabledReason, "refused by the app server: item-not-found");
  assert.equal(device!.address, `${app.jid} n`);
  const { items } = await server.api.forward.list({ device: device!.id });
  assert.deepEqual(
    items.map(({ state, error }) => [state, error]),
    [["dead", "item-not-found"]],
  );
  nurse.send(chat("romeo", "five"));
  await nurse.ping();
  assert.equal((await server.api.forward.list({ device: device!.id })).items.length, 1);
  await nurse.close();
  await app.close();
});
