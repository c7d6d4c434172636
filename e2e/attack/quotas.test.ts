/** What one account may make the server keep (docs/limits.md): past each limit there is an error, and what was kept stays. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { child, elements } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
let server: TestServer;
let eve: XmppClient;
before(async () => {
  server = await TestServer.start();
  for (const user of ["eve", "away"]) await server.register(user, password);
  eve = await login("one");
});
after(async () => {
  await eve.close();
  await server.stop();
});

const login = async (resource: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login("eve", password, { resource });

/** Asks until it is refused, at most `limit` + 1 times; how often it was not, and with which condition it was. */
async function untilRefused(
  limit: number,
  payload: (index: number) => string,
): Promise<{ taken: number; condition: string }> {
  for (let taken = 0; taken <= limit; taken += 1) {
    const answer = await eve.ask("set", "", payload(taken), 30_000);
    if (answer.attrs["type"] === "error") return { taken, condition: conditionOf(answer) };
  }
  return { taken: limit + 1, condition: "none" };
}

test("1,000 messages wait for an account, then resource-constraint", async () => {
  for (let index = 0; index < 1_010; index += 1)
    eve.send(`<message type='chat' id='m${index}' to='away@localhost'><body>${index}</body></message>`);
  await eve.ping(60_000);
  const refused = eve.takeMessages().filter(({ attrs }) => attrs["type"] === "error");
  assert.equal(refused.length, 10);
  for (const message of refused) assert.equal(conditionOf(message), "resource-constraint");
});

test("1,000 contacts, then an error; the roster has 1,000", async () => {
  const { taken, condition } = await untilRefused(
    1_000,
    (index) => `<query xmlns='jabber:iq:roster'><item jid='c${index}@example.org'/></query>`,
  );
  assert.equal(taken, 1_000);
  assert.match(condition, /policy-violation|resource-constraint|not-allowed/);
  const roster = await eve.ask("get", "", "<query xmlns='jabber:iq:roster'/>");
  assert.equal(elements(child(roster, "query")!).length, 1_000);
});

test("256 KiB of private XML, and writing it is not quadratic", async () => {
  const text = "x".repeat(10_000);
  const { taken, condition } = await untilRefused(
    40,
    (index) => `<query xmlns='jabber:iq:private'><n${index} xmlns='urn:n${index}'>${text}</n${index}></query>`,
  );
  assert.ok(taken >= 20 && taken <= 26, `${taken} parts of 10 kB`);
  assert.match(condition, /policy-violation|resource-constraint|not-acceptable/);
});

test("a vCard of 64 KiB, not one of 70", async () => {
  const card = (bytes: number): string => `<vCard xmlns='vcard-temp'><DESC>${"x".repeat(bytes)}</DESC></vCard>`;
  assert.equal((await eve.ask("set", "", card(60_000))).attrs["type"], "result");
  assert.equal((await eve.ask("set", "", card(70_000))).attrs["type"], "error");
});

test("500 nodes of personal eventing, then an error", async () => {
  const { taken, condition } = await untilRefused(
    500,
    (index) =>
      `<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:n${index}'><item id='1'><a xmlns='b'/></item></publish></pubsub>`,
  );
  assert.ok(taken <= 500, `${taken} nodes`);
  assert.match(condition, /policy-violation|resource-constraint|not-allowed/);
});

test("an item of 200 kB: not-acceptable", async () => {
  const answer = await eve.ask(
    "set",
    "",
    `<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:n0'><item id='1'><a xmlns='b'>${"x".repeat(200_000)}</a></item></publish></pubsub>`,
  );
  assert.match(conditionOf(answer), /not-acceptable|policy-violation/);
});

test("1,000 blocked addresses, then an error", async () => {
  const batch = (from: number): string =>
    `<block xmlns='urn:xmpp:blocking'>${Array.from({ length: 100 }, (_, index) => `<item jid='b${from + index}@example.org'/>`).join("")}</block>`;
  const { taken, condition } = await untilRefused(10, (index) => batch(index * 100));
  assert.equal(taken, 10);
  assert.match(condition, /policy-violation|resource-constraint|not-allowed/);
});

test("20 sessions, then resource-constraint; the 20 live on", async () => {
  const clients: XmppClient[] = [];
  let refusal = "";
  for (let index = 0; index < 20 && refusal === ""; index += 1) {
    try {
      clients.push(await login(`s${index}`));
    } catch (error) {
      refusal = String(error);
    }
  }
  // One is there since the beginning.
  assert.equal(clients.length, 19);
  assert.match(refusal, /resource-constraint/);
  for (const client of clients) await client.ping();
  for (const client of clients) client.destroy();
});

test("a node of a general name: no way out of the account's own nodes", async () => {
  for (const node of ["", "../x", "__proto__", "constructor", "x".repeat(5_000)]) {
    const answer = await eve.ask(
      "get",
      "",
      `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'/></pubsub>`,
    );
    assert.match(conditionOf(answer), /item-not-found|bad-request|not-acceptable|nodeid-required/, node);
  }
});
