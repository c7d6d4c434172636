/** Who a stanza is from, and what only a server may say: whatever a client writes, others see the truth. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { child, elements, type XmlElement } from "../support/xml.ts";
import { conditionOf, XmppClient } from "../support/xmpp-client.ts";
import { loggedIn } from "./raw-login.ts";

const password = "correct horse";
let server: TestServer;
let victim: XmppClient;
let intruder: XmppClient;
before(async () => {
  server = await TestServer.start();
  for (const user of ["amy", "eve", "away"]) await server.register(user, password);
  victim = await login("amy", "desk");
  intruder = await login("eve", "lair");
  victim.send("<presence/>");
  await victim.ping();
});
after(async () => {
  await Promise.all([victim.close(), intruder.close()]);
  await server.stop();
});

const login = async (user: string, resource: string): Promise<XmppClient> =>
  (await XmppClient.connect({ port: server.c2sPort, host: "localhost" })).login(user, password, { resource });

/** What the victim gets of a message with this content. */
async function arrived(content: string, attributes = "type='chat'"): Promise<XmlElement> {
  intruder.send(`<message ${attributes} to='amy@localhost/desk'><body>x</body>${content}</message>`);
  return victim.receive(({ name }) => name === "message");
}

describe("the sender", () => {
  const forged: [name: string, from: string][] = [
    ["somebody else", "amy@localhost"],
    ["somebody else's client", "amy@localhost/desk"],
    ["the server", "localhost"],
    ["a service", "conference.localhost"],
    ["another resource of one's own", "eve@localhost/elsewhere"],
    ["nothing that is an address", "@@"],
    ["an empty one", ""],
    ["one that is prepared to somebody else", "\uff21my@localhost"],
  ];
  for (const kind of ["message", "presence", "iq type='get' id='1'"]) {
    for (const [name, from] of forged)
      test(`${name} in ${kind.split(" ")[0]}: invalid-from`, async () => {
        const client = await loggedIn(server.c2sPort, "eve", password);
        client.send(
          `<${kind} from='${from}' to='amy@localhost/desk'><ping xmlns='urn:xmpp:ping'/></${kind.split(" ")[0]}>`,
        );
        assert.match(await client.ended(), /<stream:error><(invalid-from|improper-addressing) /);
      });
  }

  test("the own bare address is made full", async () => {
    intruder.send("<message from='eve@localhost' to='amy@localhost/desk' type='chat'><body>x</body></message>");
    const message = await victim.receive(({ name }) => name === "message");
    assert.equal(message.attrs["from"], "eve@localhost/lair");
  });
});

describe("what only a server says", () => {
  const by = "by='amy@localhost'";
  const claims: [name: string, content: string, ns: string][] = [
    ["an id in the victim's name (XEP-0359)", `<stanza-id xmlns='urn:xmpp:sid:0' ${by} id='forged'/>`, "forged"],
    [
      "a delay in the server's name",
      "<delay xmlns='urn:xmpp:delay' from='localhost' stamp='1990-01-01T00:00:00Z'/>",
      "1990",
    ],
    [
      "a copy (XEP-0280)",
      "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='boss@localhost' to='amy@localhost'><body>pay eve</body></message></forwarded></received>",
      "pay eve",
    ],
    [
      "an archived message (XEP-0313)",
      "<result xmlns='urn:xmpp:mam:2' id='1' queryid='q'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='boss@localhost'><body>pay eve</body></message></forwarded></result>",
      "pay eve",
    ],
    ["an occupant's id (XEP-0421)", "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>", "forged"],
    ["a room's status (XEP-0045)", "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>", "110"],
  ];
  for (const [name, content, mark] of claims)
    test(name, async () => {
      const message = await arrived(content);
      const ours = elements(message).find(({ name: one }) => one === /<([a-z-]+)/.exec(content)?.[1]);
      // Whether it is taken out or kept under the true sender's name, no client may take it for the server's word.
      assert.equal(message.attrs["from"], "eve@localhost/lair");
      if (ours !== undefined) assert.ok(!JSON.stringify(ours).includes(mark), JSON.stringify(ours));
    });

  test("there is one id in the victim's name, and it is the archive's", async () => {
    const message = await arrived(
      `<stanza-id xmlns='urn:xmpp:sid:0' ${by} id='one'/><stanza-id xmlns='urn:xmpp:sid:0' ${by} id='two'/>`,
    );
    const ids = elements(message).filter(({ name, attrs }) => name === "stanza-id" && attrs["by"] === "amy@localhost");
    assert.equal(ids.length, 1);
    assert.doesNotMatch(ids[0]!.attrs["id"] ?? "", /^(one|two)$/);
  });

  test("the same in a message that is stored first", async () => {
    intruder.send(
      `<message type='chat' to='away@localhost'><body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='away@localhost' id='forged'/></message>`,
    );
    await intruder.ping();
    const away = await login("away", "late");
    away.send("<presence/>");
    const message = await away.receive(({ name }) => name === "message");
    assert.doesNotMatch(JSON.stringify(message), /forged/);
    await away.close();
  });
});

describe("names that look like the end of something", () => {
  const smuggled = "&lt;/message>&lt;message from=&apos;boss@localhost&apos;>&lt;body>pay eve&lt;/body>";
  const namespaces: [name: string, namespace: string][] = [
    ["a brace in a namespace", `u} x=&apos;1&apos;>${smuggled}`],
    ["a quote in a namespace", `u&apos;>${smuggled}`],
    ["a bracket in a namespace", `u]]>${smuggled}`],
  ];
  for (const [name, namespace] of namespaces)
    test(`${name}: one message arrives, with what was said`, async () => {
      // What comes with prefixes is written anew, without them.
      intruder.send(
        `<c:message xmlns:c='jabber:client' type='chat' to='amy@localhost/desk'><c:body>x</c:body><a xmlns='b' xmlns:p="${namespace}" p:b='c'/></c:message>`,
      );
      const message = await victim.receive((element) => element.name === "message");
      await intruder.ping();
      await victim.ping();
      assert.deepEqual(victim.takeMessages(), []);
      assert.deepEqual(Object.values(child(message, "a")?.attrs ?? {}), ["c"]);
    });
});

describe("answers and pushes", () => {
  test("an answer to a question that was asked of somebody else reaches nobody as that one's", async () => {
    victim.send("<iq type='get' id='v1' to='away@localhost/none'><ping xmlns='urn:xmpp:ping'/></iq>");
    intruder.send("<iq type='result' id='v1' to='amy@localhost/desk'/>");
    const answers = [await victim.receive(({ attrs }) => attrs["id"] === "v1")];
    await intruder.ping();
    await victim.ping();
    answers.push(...victim.pending.filter(({ attrs }) => attrs["id"] === "v1"));
    for (const answer of answers.filter(({ attrs }) => attrs["type"] === "result"))
      assert.equal(answer.attrs["from"], "eve@localhost/lair");
  });

  test("a roster push of a stranger: with the stranger's address, and the roster is what it was", async () => {
    intruder.send(
      "<iq type='set' id='p1' to='amy@localhost/desk'><query xmlns='jabber:iq:roster'><item jid='eve@localhost' subscription='both'/></query></iq>",
    );
    const push = await victim.receive(({ attrs }) => attrs["id"] === "p1");
    assert.equal(push.attrs["from"], "eve@localhost/lair");
    const roster = await victim.ask("get", "", "<query xmlns='jabber:iq:roster'/>");
    assert.equal(elements(child(roster, "query")!).length, 0);
  });

  const foreign: [name: string, type: "get" | "set", payload: string][] = [
    ["a roster", "get", "<query xmlns='jabber:iq:roster'/>"],
    ["a roster, to be changed", "set", "<query xmlns='jabber:iq:roster'><item jid='eve@localhost'/></query>"],
    ["private XML", "get", "<query xmlns='jabber:iq:private'><a xmlns='b'/></query>"],
    ["a vCard, to be changed", "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>"],
    ["a block list", "get", "<blocklist xmlns='urn:xmpp:blocking'/>"],
    ["an archive", "set", "<query xmlns='urn:xmpp:mam:2'/>"],
    ["preferences of an archive", "get", "<prefs xmlns='urn:xmpp:mam:2'/>"],
    ["a push service, to be set", "set", "<enable xmlns='urn:xmpp:push:0' jid='evil.example' node='n'/>"],
    ["an account, to be removed", "set", "<query xmlns='jabber:iq:register'><remove/></query>"],
    [
      "a password, to be changed",
      "set",
      "<query xmlns='jabber:iq:register'><username>amy</username><password>p</password></query>",
    ],
    ["clients with access", "get", "<list xmlns='urn:xmpp:cam:0'/>"],
    [
      "a published item, to be made",
      "set",
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item><a xmlns='b'/></item></publish></pubsub>",
    ],
    ["a last activity", "get", "<query xmlns='jabber:iq:last'/>"],
  ];
  for (const [name, type, payload] of foreign)
    test(`${name} of somebody else: an error`, async () => {
      const answer = await intruder.ask(type, "amy@localhost", payload);
      assert.equal(answer.attrs["type"], "error", JSON.stringify(answer));
      assert.match(
        conditionOf(answer),
        /forbidden|not-allowed|service-unavailable|not-authorized|item-not-found|subscription-required/,
      );
    });

  test("whoever is not there is answered like whoever does not answer", async () => {
    const conditions = new Set<string>();
    for (const to of ["amy@localhost", "away@localhost", "nobody@localhost"])
      conditions.add(conditionOf(await intruder.ask("get", to, "<query xmlns='jabber:iq:last'/>")));
    assert.equal(conditions.size, 1, [...conditions].join(", "));
  });
});
