/** What one account can make of its rights: little that it sends may cost others much. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { child, elements, text, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";
import { Bystanders } from "./bystander.ts";

const password = "correct horse";
const floodMs = 2_000;
const NS_PUBSUB = "http://jabber.org/protocol/pubsub";
const NS_MUC = "http://jabber.org/protocol/muc";
/** Those who keep a stranger's word for it that they belong to it. */
const contacts = 900;
const caps = "<c xmlns='http://jabber.org/protocol/caps' node='urn:attack' ver='1'/>";

let server: TestServer;
let bystanders: Bystanders;
before(async () => {
  server = await TestServer.start();
  bystanders = await Bystanders.meet(server);
  for (const user of ["eve", "vic"]) await server.register(user, password);
});
after(async () => {
  await bystanders.part();
  await server.stop();
});

const login = async (user: string, resource: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login(user, password, { resource });

/** Sends it as fast as the server takes it, while others chat. */
async function flood(client: XmppClient, xml: string): Promise<string> {
  const send = async (): Promise<void> => {
    for (const end = performance.now() + floodMs; performance.now() < end; await new Promise(setImmediate))
      if (client.unsent < 262_144) client.send(xml);
  };
  const seen = await bystanders.during(send());
  client.destroy();
  return seen;
}

const publish = (node: string, id: string, length: number): string =>
  `<pubsub xmlns='${NS_PUBSUB}'><publish node='${node}'><item id='${id}'><a xmlns='b'>${"x".repeat(length)}</a></item></publish>` +
  `<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>${NS_PUBSUB}#publish-options</value></field><field var='pubsub#max_items'><value>50</value></field></x></publish-options></pubsub>`;
const lengthOf = (element: XmlElement): number =>
  elements(element).reduce((sum, one) => sum + lengthOf(one), text(element).length);

test("presence to 900 contacts, again and again: nobody waits for it", async (t) => {
  const names = Array.from({ length: contacts }, (_, index) => `contact${index}@localhost`);
  while (names.length > 0)
    await Promise.all(
      names
        .splice(0, 30)
        .map((contact) =>
          server.api.users.setContact({ jid: "eve@localhost", contact, name: "", subscription: "from", groups: [] }),
        ),
    );
  const eve = await login("eve", "one");
  eve.stopListening();
  t.diagnostic(await flood(eve, "<presence/>".repeat(3_000)));
});

test("a presence of 17,000 characters: policy-violation, and nobody is told", async () => {
  const eve = await login("eve", "long");
  const vic = await login("vic", "desk");
  vic.send("<presence/>");
  await vic.ping();
  eve.send(`<presence to='vic@localhost/desk' id='long'><status>${"x".repeat(17_000)}</status></presence>`);
  const answer = await eve.receive(({ attrs }) => attrs["id"] === "long");
  assert.equal(conditionOf(answer), "policy-violation");
  await vic.ping();
  assert.equal(
    vic.pending.some(({ name, attrs }) => name === "presence" && attrs["from"] === "eve@localhost/long"),
    false,
  );
  await Promise.all([eve.close(), vic.close()]);
});

test("a room full of long messages: whoever enters gets what a connection takes", async () => {
  const eve = await login("eve", "room");
  const room = "long@conference.localhost";
  const enter = (nick: string): string => `<presence to='${room}/${nick}'><x xmlns='${NS_MUC}'/></presence>`;
  const isSubject = (element: XmlElement): boolean => child(element, "subject") !== undefined;
  eve.send(enter("eve"));
  await eve.receive(isSubject);
  await eve.ask("set", room, `<query xmlns='${NS_MUC}#owner'><x xmlns='jabber:x:data' type='submit'/></query>`);
  for (let index = 0; index < 6; index += 1)
    eve.send(`<message type='groupchat' to='${room}'><body>${"x".repeat(200_000)}</body></message>`);
  await eve.ping();
  const vic = await login("vic", "room");
  vic.send(enter("vic"));
  await vic.receive(isSubject);
  const said = vic.takeMessages().map(lengthOf);
  assert.ok(said.length > 0 && said.reduce((sum, one) => sum + one, 0) < 400_000, said.join());
  await Promise.all([eve.close(), vic.close()]);
});

test("nobody is made a subscriber by somebody else", async () => {
  const eve = await login("eve", "owner");
  assert.equal((await eve.ask("set", "", publish("urn:spam", "1", 10))).attrs["type"], "result");
  const answer = await eve.ask(
    "set",
    "",
    `<pubsub xmlns='${NS_PUBSUB}#owner'><subscriptions node='urn:spam'><subscription jid='vic@localhost' subscription='subscribed'/></subscriptions></pubsub>`,
  );
  assert.equal(conditionOf(answer), "not-allowed");
  await eve.close();
});

test("large last items of many nodes: all of them come, and coming and going does not multiply them", async (t) => {
  const eve = await login("eve", "items");
  const nodes = Array.from({ length: 80 }, (_, index) => `urn:large${index}`);
  for (const node of nodes)
    assert.equal((await eve.ask("set", "", publish(node, "1", 120_000))).attrs["type"], "result");
  eve.send(`<presence>${caps}</presence>`);
  const question = await eve.receive(({ name, attrs }) => name === "iq" && attrs["type"] === "get");
  const features = nodes.map((node) => `<feature var='${node}+notify'/>`).join("");
  eve.send(
    `<iq type='result' id='${question.attrs["id"]}' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'>${features}</query></iq>`,
  );
  for (const _ of nodes) await eve.receive(({ name }) => name === "message");
  assert.equal(eve.isClosed, false);
  eve.stopListening();
  t.diagnostic(await flood(eve, `<presence type='unavailable'/><presence>${caps}</presence>`.repeat(100)));
});

test("items asked for one by one: an answer of 512 KiB, not all of them", async () => {
  const vic = await login("vic", "ids");
  const ids = Array.from({ length: 12 }, (_, index) => `i${index}`);
  for (const id of ids) await vic.ask("set", "", publish("urn:many", id, 100_000));
  const wanted = ids.map((id) => `<item id='${id}'/>`).join("");
  const answer = await vic.ask(
    "get",
    "",
    `<pubsub xmlns='${NS_PUBSUB}'><items node='urn:many'>${wanted}</items></pubsub>`,
  );
  const items = elements(child(child(answer, "pubsub")!, "items")!);
  assert.ok(items.length >= 1 && items.length <= 5, `${items.length} items`);
  await vic.close();
});
