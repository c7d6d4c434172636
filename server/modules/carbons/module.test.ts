import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { archive } from "../archive/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { carbons } from "./module.ts";

const romeo = "romeo@montague.example";
const juliet = "juliet@capulet.example";
const body = "<body>x</body>";
const signal = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
const receipt = "<received xmlns='urn:xmpp:receipts' id='1'/>";

let server: TestServer;
/** Two of hers with carbons, one without, and his. */
let balcony: TestClient;
let tablet: TestClient;
let plain: TestClient;
let orchard: TestClient;

async function login(jid: string, wants: boolean, priority = 0): Promise<TestClient> {
  const client = await server.connect(jid);
  client.send(`<presence><priority>${priority}</priority></presence>`);
  if (wants) client.send("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
  await client.sync();
  return client;
}

beforeEach(async () => {
  server = await testServer({ modules: [presence, message, archive, carbons, offline], accounts: [romeo, juliet] });
  balcony = await login(`${juliet}/balcony`, true);
  tablet = await login(`${juliet}/tablet`, true);
  plain = await login(`${juliet}/plain`, false);
  orchard = await login(`${romeo}/orchard`, false);
  for (const client of [balcony, tablet, plain]) await client.sync();
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** What a client was sent since: `plain`, `sent` and `received` messages. */
async function seen(client: TestClient): Promise<string[]> {
  return (await client.sync())
    .filter((stanza) => stanza.kind === "message")
    .map((stanza) => {
      if (stanza.has("sent", "urn:xmpp:carbons:2")) return "sent";
      return stanza.has("received", "urn:xmpp:carbons:2") ? "received" : "plain";
    });
}

const all = async (): Promise<string[][]> => [await seen(balcony), await seen(tablet), await seen(plain)];

test("others see what was sent, with its id in the archive", async () => {
  balcony.send(
    `<message type='chat' to='${romeo}' id='m1'>${body}<stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='forged'/></message>`,
  );
  await balcony.expect();
  await tablet.expect(
    `<message type='chat' from='${juliet}' to='${juliet}/tablet'>
      <sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
        <message xmlns='jabber:client' type='chat' from='${juliet}/balcony' to='${romeo}' id='m1'>
          ${body}<stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='{any}'/>
        </message>
      </forwarded></sent>
    </message>`,
  );
  await plain.expect();
  const [received] = await orchard.take(1);
  expect(String(received)).not.toContain(`by='${juliet}' id='0`);
});

test("others see what came to one of them", async () => {
  orchard.send(`<message type='chat' to='${juliet}/balcony' id='m1'>${body}</message>`);
  await orchard.sync();
  const [original] = await balcony.take(1);
  await tablet.expect(
    `<message type='chat' from='${juliet}' to='${juliet}/tablet'>
      <received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>
        <message xmlns='jabber:client' type='chat' from='${romeo}/orchard' to='${juliet}/balcony' id='m1'>
          ${body}<stanza-id xmlns='urn:xmpp:sid:0' by='${juliet}' id='{any}'/>
        </message>
      </forwarded></received>
    </message>`,
  );
  await plain.expect();
  expect(original!.child("stanza-id", "urn:xmpp:sid:0")?.attr("by")).toBe(juliet);
});

describe("which messages are copied", () => {
  test.each([
    { name: "chat", type: "chat", content: body, isCopied: true },
    { name: "chat state", type: "chat", content: signal, isCopied: true },
    { name: "normal with a body", type: "normal", content: body, isCopied: true },
    { name: "normal without", type: "normal", content: "<x xmlns='urn:example'/>", isCopied: false },
    { name: "receipt", type: "normal", content: receipt, isCopied: true },
    { name: "invitation", type: "normal", content: "<x xmlns='jabber:x:conference' jid='a@b.c'/>", isCopied: true },
    { name: "private", type: "chat", content: `${body}<private xmlns='urn:xmpp:carbons:2'/>`, isCopied: false },
    { name: "not to be copied", type: "chat", content: `${body}<no-copy xmlns='urn:xmpp:hints'/>`, isCopied: false },
    { name: "headline", type: "headline", content: body, isCopied: false },
    { name: "groupchat", type: "groupchat", content: body, isCopied: false },
  ])("$name", async ({ type, content, isCopied }) => {
    orchard.send(`<message type='${type}' to='${juliet}/balcony'>${content}</message>`);
    await orchard.sync();
    expect(await all()).toEqual([["plain"], isCopied ? ["received"] : [], []]);
    tablet.send(`<message type='${type}' to='${romeo}/orchard'>${content}</message>`);
    await tablet.sync();
    expect(await seen(balcony)).toEqual(isCopied ? ["sent"] : []);
  });

  test("an error that answers a message of a conversation", async () => {
    balcony.send(`<message type='chat' to='nobody@capulet.example'>${body}</message>`);
    expect(await all()).toEqual([["plain"], ["sent", "received"], []]);
    balcony.send(
      `<message to='nobody@capulet.example'><x xmlns='urn:example'/><store xmlns='urn:xmpp:hints'/></message>`,
    );
    expect(await all()).toEqual([["plain"], [], []]);
    orchard.send(`<message type='error' to='${juliet}/balcony'><error type='cancel'/></message>`);
    await orchard.sync();
    expect(await all()).toEqual([["plain"], [], []]);
  });
});

test("a message to the account is given to all, and copied to nobody", async () => {
  orchard.send(`<message type='chat' to='${juliet}'>${body}</message>`);
  await orchard.sync();
  expect(await all()).toEqual([["plain"], ["plain"], ["plain"]]);
});

test("a resource that does not want messages to the account gets a copy", async () => {
  const shy = await login(`${juliet}/shy`, true, -1);
  await all();
  orchard.send(`<message type='chat' to='${juliet}'>${body}</message>`);
  await orchard.sync();
  expect(await seen(shy)).toEqual(["received"]);
});

test("a message to oneself is not copied to its sender", async () => {
  balcony.send(`<message type='chat' to='${juliet}/plain'>${body}</message>`);
  expect(await all()).toEqual([[], ["received"], ["plain"]]);
  balcony.send(`<message type='chat' to='${juliet}'>${body}</message>`);
  expect(await all()).toEqual([["plain"], ["plain"], ["plain"]]);
});

test("it can be switched on and off any number of times, for oneself only", async () => {
  const set = async (name: string, to = ""): Promise<string | undefined> => {
    tablet.send(`<iq type='set' id='s'${to}><${name} xmlns='urn:xmpp:carbons:2'/></iq>`);
    const [answer] = await tablet.sync();
    return answer?.type === "error" ? answer.child("error")?.payload?.name : answer?.type;
  };
  expect([await set("enable"), await set("enable"), await set("disable"), await set("disable")]).toEqual([
    "result",
    "result",
    "result",
    "result",
  ]);
  orchard.send(`<message type='chat' to='${juliet}/balcony'>${body}</message>`);
  await orchard.sync();
  expect(await all()).toEqual([["plain"], [], []]);
  expect(await set("enable", ` to='${romeo}'`)).toBe("not-allowed");
});

test("nobody sends copies in another's name", async () => {
  orchard.send(
    `<message type='chat' to='${juliet}/balcony'>${body}<received xmlns='urn:xmpp:carbons:2'>
      <forwarded xmlns='urn:xmpp:forward:0'/></received></message>`,
  );
  await orchard.sync();
  expect(await seen(balcony)).toEqual(["plain"]);
});
