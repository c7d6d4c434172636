/** Rooms and published nodes: nobody gets a right that nobody gave (XEP-0045 5, XEP-0060 4). */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { child, elements } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";

const password = "correct horse";
const room = "den@conference.localhost";
let server: TestServer;
let owner: XmppClient;
let eve: XmppClient;
before(async () => {
  server = await TestServer.start();
  for (const user of ["amy", "eve", "mallory"]) await server.register(user, password);
  [owner, eve] = await Promise.all([login("amy"), login("eve")]);
  await enter(owner, "amy");
  await owner.ask(
    "set",
    room,
    "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>",
  );
  await enter(eve, "eve");
});
after(async () => {
  await Promise.all([owner.close(), eve.close()]);
  await server.stop();
});

const login = async (user: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login(user, password, { resource: "desk" });

async function enter(client: XmppClient, nick: string): Promise<void> {
  client.send(`<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await client.receive(({ name, attrs }) => name === "presence" && attrs["from"] === `${room}/${nick}`);
}

describe("a room, for somebody without affiliation", () => {
  const admin = (item: string): string => `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`;
  const owning = (content: string): string => `<query xmlns='http://jabber.org/protocol/muc#owner'>${content}</query>`;
  const form =
    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_membersonly'><value>1</value></field></x>";
  const cases: [name: string, type: "get" | "set", payload: string][] = [
    ["becoming owner", "set", admin("<item affiliation='owner' jid='eve@localhost'/>")],
    ["becoming admin", "set", admin("<item affiliation='admin' jid='eve@localhost'/>")],
    ["becoming moderator", "set", admin("<item role='moderator' nick='eve'/>")],
    ["banning the owner", "set", admin("<item affiliation='outcast' jid='amy@localhost'/>")],
    ["kicking the owner", "set", admin("<item role='none' nick='amy'/>")],
    ["reading who is banned", "get", admin("<item affiliation='outcast'/>")],
    ["reading the configuration", "get", owning("")],
    ["changing the configuration", "set", owning(form)],
    ["destroying it", "set", owning("<destroy/>")],
    [
      "moderating a message (XEP-0425)",
      "set",
      "<moderate xmlns='urn:xmpp:message-moderate:1' id='1'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>",
    ],
    ["changing its card", "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>"],
  ];
  for (const [name, type, payload] of cases)
    test(`${name}: forbidden`, async () => {
      const answer = await eve.ask(type, room, payload);
      assert.match(conditionOf(answer), /forbidden|not-allowed/, JSON.stringify(answer));
    });

  test("the nick of somebody else: conflict, in any spelling that is prepared to it", async () => {
    for (const nick of ["amy", "AMY".toLowerCase(), "\uff41my"]) {
      eve.send(`<presence to='${room}/${nick}'/>`);
      const answer = await eve.receive(({ name, attrs }) => name === "presence" && attrs["type"] === "error");
      assert.equal(conditionOf(answer), "conflict", nick);
    }
  });

  test("a nick that somebody else's can be mistaken for: conflict, present or registered (UTS 39)", async () => {
    const form = (nick: string): string =>
      `<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field><field var='muc#register_roomnick'><value>${nick}</value></field></x></query>`;
    assert.equal((await owner.ask("set", room, form("Olivia"))).attrs["type"], "result");
    const cases: [name: string, nick: string][] = [
      ["a Cyrillic letter", "\u0430my"],
      ["Cyrillic letters only", "\u0410\u041c\u0423"],
      ["Greek letters only", "\u0391\u039c\u03a5"],
      ["two letters for one", "arny"],
      ["letters of mathematics", "\u{1d5ba}\u{1d5c6}\u{1d5d2}"],
      ["a zero for the letter", "0livia"],
      ["a one for the letter", "O1ivia"],
      ["a capital I for the letter", "OIivia"],
    ];
    for (const [name, nick] of cases) {
      eve.send(`<presence to='${room}/${nick}'/>`);
      const answer = await eve.receive(({ name, attrs }) => name === "presence" && attrs["type"] === "error");
      assert.equal(conditionOf(answer), "conflict", name);
      assert.equal(conditionOf(await eve.ask("set", room, form(nick))), "conflict", name);
    }
  });

  test("talking without being there: not-acceptable", async () => {
    const mallory = await login("mallory");
    mallory.send(`<message type='groupchat' to='${room}'><body>x</body></message>`);
    assert.match(
      conditionOf(await mallory.receive(({ name }) => name === "message")),
      /not-acceptable|not-allowed|forbidden/,
    );
    await mallory.close();
  });

  test("a room's words in a message: taken out before others see them", async () => {
    eve.send(
      `<message type='groupchat' to='${room}' id='claim'><body>x</body><x xmlns='http://jabber.org/protocol/muc#user'><status code='100'/></x><occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='forged'/></message>`,
    );
    const seen = await owner.receive(({ name, attrs }) => name === "message" && attrs["id"] === "claim");
    assert.doesNotMatch(JSON.stringify(seen), /forged|"100"/);
    assert.equal(seen.attrs["from"], `${room}/eve`);
  });

  test("a history without end: bounded", async () => {
    const mallory = await login("mallory");
    for (let index = 0; index < 80; index += 1)
      owner.send(`<message type='groupchat' to='${room}'><body>${index}</body></message>`);
    await owner.ping();
    mallory.send(
      `<presence to='${room}/mallory'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='1000000' maxchars='100000000'/></x></presence>`,
    );
    await mallory.receive(({ name, children }) => name === "message" && JSON.stringify(children).includes('"subject"'));
    const old = mallory.takeMessages();
    assert.ok(old.length <= 50, `${old.length} messages`);
    await mallory.close();
  });

  test("11 rooms in a minute: resource-constraint", async () => {
    const conditions: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      eve.send(
        `<presence to='r${index}@conference.localhost/eve'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
      const answer = await eve.receive(
        ({ name, attrs }) => name === "presence" && (attrs["from"] ?? "").startsWith(`r${index}@`),
      );
      if (answer.attrs["type"] === "error") conditions.push(conditionOf(answer));
    }
    assert.ok(conditions.length >= 1);
    for (const condition of conditions) assert.equal(condition, "resource-constraint");
  });
});

describe("nodes of somebody else", () => {
  const pubsub = (content: string): string => `<pubsub xmlns='http://jabber.org/protocol/pubsub'>${content}</pubsub>`;
  const owning = (content: string): string =>
    `<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>${content}</pubsub>`;
  before(async () => {
    const made = await owner.ask(
      "set",
      "",
      pubsub("<publish node='diary'><item id='1'><a xmlns='b'>secret</a></item></publish>"),
    );
    assert.equal(made.attrs["type"], "result");
  });
  const cases: [name: string, type: "get" | "set", payload: string][] = [
    ["reading", "get", pubsub("<items node='diary'/>")],
    ["subscribing", "set", pubsub("<subscribe node='diary' jid='eve@localhost'/>")],
    ["publishing", "set", pubsub("<publish node='diary'><item id='1'><a xmlns='b'/></item></publish>")],
    ["retracting", "set", pubsub("<retract node='diary'><item id='1'/></retract>")],
    ["configuring", "set", owning("<configure node='diary'><x xmlns='jabber:x:data' type='submit'/></configure>")],
    ["reading the configuration", "get", owning("<configure node='diary'/>")],
    [
      "becoming owner",
      "set",
      owning("<affiliations node='diary'><affiliation jid='eve@localhost' affiliation='owner'/></affiliations>"),
    ],
    ["reading who may what", "get", owning("<affiliations node='diary'/>")],
    ["emptying", "set", owning("<purge node='diary'/>")],
    ["deleting", "set", owning("<delete node='diary'/>")],
  ];
  for (const [name, type, payload] of cases)
    test(`${name}: refused`, async () => {
      const answer = await eve.ask(type, "amy@localhost", payload);
      assert.equal(answer.attrs["type"], "error");
      assert.match(
        conditionOf(answer),
        /forbidden|not-authorized|not-allowed|item-not-found|closed-node|presence-subscription-required/,
      );
    });

  test("and it is what it was", async () => {
    const answer = await owner.ask("get", "", pubsub("<items node='diary'/>"));
    assert.match(JSON.stringify(answer), /secret/);
  });

  test("subscribing somebody else: refused", async () => {
    const answer = await eve.ask("set", "amy@localhost", pubsub("<subscribe node='diary' jid='mallory@localhost'/>"));
    assert.equal(answer.attrs["type"], "error");
    assert.equal(
      elements(child(answer, "pubsub") ?? answer).some(({ name }) => name === "subscription"),
      false,
    );
  });

  test("features under a hash that is not theirs (XEP-0115): others are not fooled", async () => {
    // The poisoner claims the hash of an honest client and tells other features for it; an honest client with that hash is asked anew.
    const forged =
      "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:honest' ver='66/0NaeaBKkwk85efJTGmU47vXI='/>";
    eve.send(`<presence>${forged}</presence>`);
    const question = await eve.receive(({ name, attrs }) => name === "iq" && attrs["type"] === "get");
    eve.send(
      `<iq type='result' id='${question.attrs["id"]}' to='${question.attrs["from"] ?? ""}'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='evil+notify'/></query></iq>`,
    );
    await eve.ping();
    owner.send(`<presence>${forged}</presence>`);
    const again = await owner.receive(({ name, attrs }) => name === "iq" && attrs["type"] === "get");
    assert.match(JSON.stringify(again), /disco#info/);
  });
});
