import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { privateXml } from "../private.ts";
import { pep } from "../pubsub/pep.ts";
import { appear, outcome, publishing, pubsub } from "../pubsub/testing.ts";
import { roster } from "../roster/module.ts";
import { bookmarksOf, isSame, readBookmark, storageOf } from "./bookmarks.ts";
import { bookmarkConversion } from "./module.ts";

const ROMEO = "romeo@montague.example";
const BOOKMARKS = "urn:xmpp:bookmarks:1";
const STORAGE = "storage:bookmarks";
const options = {
  persist_items: "true",
  max_items: "max",
  send_last_published_item: "never",
  access_model: "whitelist",
};

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message, privateXml, pep, bookmarkConversion],
    accounts: [ROMEO, "tybalt@montague.example"],
  });
  romeo = await server.connect(`${ROMEO}/orchard`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const ask = async (xml: string): Promise<Stanza> => {
  romeo.send(xml);
  return (await romeo.sync()).find(({ kind }) => kind === "iq")!;
};
const set = async (content: string): Promise<void> => {
  const xml = `<iq type='set' id='p'><query xmlns='jabber:iq:private'><storage xmlns='${STORAGE}'>${content}</storage></query></iq>`;
  expect(outcome(await ask(xml))).toBe("result");
};
const legacy = async (): Promise<string> => {
  const answer = await ask(
    `<iq type='get' id='p'><query xmlns='jabber:iq:private'><storage xmlns='${STORAGE}'/></query></iq>`,
  );
  return String(answer.payload).replace(/<\/?query[^>]*>/g, "");
};
const items = async (node: string): Promise<string[]> => {
  const answer = await ask(pubsub("get", `<items node='${node}'/>`));
  return (
    answer.payload
      ?.child("items")
      ?.elements("item")
      .map((item) => `${item.attr("id")} ${String(item.payload)}`) ?? []
  );
};
const bookmark = (id: string, attrs = "", content = ""): Promise<Stanza> =>
  ask(
    pubsub(
      "set",
      publishing(BOOKMARKS, id, `<conference xmlns='${BOOKMARKS}'${attrs}>${content}</conference>`, options),
    ),
  );

test("who has no bookmarks has an empty list of them, and no other nodes that nobody made", async () => {
  const list = async (node: string): Promise<string> => {
    const answer = await ask(pubsub("get", `<items node='${node}'/>`));
    return `${outcome(answer)} ${answer.payload?.child("items")?.children.length}`;
  };
  expect(await list(BOOKMARKS)).toBe("result 0");
  expect(await list(STORAGE)).toBe("item-not-found undefined");
  await bookmark("a@muc.example");
  expect(await list(BOOKMARKS)).toBe("result 1");
});

test("nobody else is told that somebody has no bookmarks", async () => {
  const tybalt = await server.connect("tybalt@montague.example/x");
  tybalt.send(pubsub("get", `<items node='${BOOKMARKS}'/>`, { to: ROMEO }));
  expect((await tybalt.sync()).map(outcome)).toEqual(["item-not-found"]);
});

test("a bookmark of today is in the lists of old clients", async () => {
  await bookmark(
    "a@muc.example",
    " name='A' autojoin='1'",
    "<nick>R</nick><extensions><x xmlns='urn:x'/></extensions>",
  );
  await bookmark("b@muc.example");
  const storage =
    `<storage xmlns='${STORAGE}'><conference jid='a@muc.example' name='A' autojoin='1'><nick>R</nick><extensions><x xmlns='urn:x'/></extensions></conference>` +
    "<conference jid='b@muc.example'/></storage>";
  expect(await legacy()).toBe(storage);
  expect(await items(STORAGE)).toEqual([`current ${storage}`]);
  await ask(pubsub("set", `<retract node='${BOOKMARKS}' notify='true'><item id='a@muc.example'/></retract>`));
  expect(await legacy()).toBe(`<storage xmlns='${STORAGE}'><conference jid='b@muc.example'/></storage>`);
});

test("a list of an old client is told bookmark by bookmark, where something changed", async () => {
  await bookmark("a@muc.example", " name='A'");
  await bookmark("b@muc.example", " name='B'");
  await appear(romeo, [BOOKMARKS, STORAGE]);
  romeo.send(
    `<iq type='set' id='p'><query xmlns='jabber:iq:private'><storage xmlns='${STORAGE}'><conference jid='A@muc.example' name='A'/>` +
      `<conference jid='c@muc.example' autojoin='true'><nick>R</nick></conference></storage></query></iq>`,
  );
  const events = (await romeo.sync())
    .filter(({ kind }) => kind === "message")
    .map((one) => String(one.payload?.payload));
  const conference = `<conference xmlns='${BOOKMARKS}' autojoin='true'><nick>R</nick></conference>`;
  expect(events).toEqual([
    expect.stringContaining(`<item id='c@muc.example'>${conference}</item>`),
    expect.stringContaining("<retract id='b@muc.example'/>"),
    expect.stringContaining(`<items xmlns='http://jabber.org/protocol/pubsub#event' node='${STORAGE}'>`),
  ]);
  expect(await items(BOOKMARKS)).toEqual([
    `c@muc.example ${conference}`,
    `a@muc.example <conference xmlns='${BOOKMARKS}' name='A'/>`,
  ]);
});

test("a list in one item (XEP-0048 by PEP) counts as well", async () => {
  const storage = `<storage xmlns='${STORAGE}'><conference jid='a@muc.example' name='A'/></storage>`;
  const answer = await ask(pubsub("set", publishing(STORAGE, "current", storage, { access_model: "whitelist" })));
  expect(outcome(answer)).toBe("result");
  expect(await items(BOOKMARKS)).toEqual([`a@muc.example <conference xmlns='${BOOKMARKS}' name='A'/>`]);
  expect(await legacy()).toBe(storage);
});

test("a list that still holds is given back to the byte, with what is no room", async () => {
  const url = "<url name='Complete Works'  url='http://the-tech.mit.edu/Shakespeare/'/>";
  await set(`<conference  jid="a@muc.example" name='A &#38; B'/>${url}`);
  romeo.send(`<iq type='get' id='p'><query xmlns='jabber:iq:private'><storage xmlns='${STORAGE}'/></query></iq>`);
  expect((await romeo.texts())[0]).toContain(
    `<storage xmlns='${STORAGE}'><conference  jid="a@muc.example" name='A &#38; B'/>${url}</storage>`,
  );
  await bookmark("b@muc.example");
  expect(await legacy()).toContain("Complete Works");
});

test("bookmarks from elsewhere are converted when the account logs in that they were imported for", async () => {
  romeo.end();
  const xml = `<storage xmlns='${STORAGE}'><conference jid='a@muc.example'/></storage>`;
  await server.stores.personal.setPrivate("montague.example", "romeo", STORAGE, "storage", xml, 1000);
  await server.core.hosts.get("montague.example")!.hooks.fire("account/imported", { user: Jid.parse(ROMEO) });
  romeo = await server.connect(`${ROMEO}/orchard`);
  expect(await items(BOOKMARKS)).toEqual([`a@muc.example <conference xmlns='${BOOKMARKS}'/>`]);
  expect(await items(STORAGE)).toEqual([`current ${xml}`]);
});

test("a node that others may read gets nothing", async () => {
  await ask(
    pubsub(
      "set",
      publishing(BOOKMARKS, "x@muc.example", `<conference xmlns='${BOOKMARKS}'/>`, { access_model: "open" }),
    ),
  );
  await set("<conference jid='secret@muc.example'/>");
  expect(await items(BOOKMARKS)).toEqual([`x@muc.example <conference xmlns='${BOOKMARKS}'/>`]);
});

describe("conversion", () => {
  const storage = (content: string) => Stanza.parse(`<storage xmlns='${STORAGE}'>${content}</storage>`).element;

  test("what clients added of their own is kept", () => {
    const found = bookmarksOf(
      storage("<conference jid='a@b' autojoin='0'><nick>N</nick><mine xmlns='urn:m'/></conference>"),
    );
    expect(String(found.get("a@b"))).toBe(
      `<conference xmlns='${BOOKMARKS}'><nick>N</nick><extensions><mine xmlns='urn:m'/></extensions></conference>`,
    );
  });

  test.each(["<conference/>", "<conference jid='@'/>", "<url url='x'/>", "<conference xmlns='urn:o' jid='a@b'/>"])(
    "%s is no bookmark",
    (xml) => expect(bookmarksOf(storage(xml)).size).toBe(0),
  );

  test("there and back", () => {
    const before = storage(
      "<conference jid='a@b' name='N' autojoin='true'><nick>x</nick><password>y</password></conference>",
    );
    expect(String(storageOf(bookmarksOf(before), null))).toBe(String(before));
  });

  test("sameness", () => {
    const of = (xml: string) => readBookmark(xml)!;
    const plain = of(`<conference xmlns='${BOOKMARKS}' autojoin='1'/>`);
    expect(isSame(of(`<conference xmlns='${BOOKMARKS}' autojoin='true'/>`), plain)).toBe(true);
    expect(isSame(of(`<conference xmlns='${BOOKMARKS}'/>`), plain)).toBe(false);
    expect(isSame(undefined, plain)).toBe(false);
    expect(readBookmark("<other xmlns='urn:o'/>")).toBeNull();
  });
});
