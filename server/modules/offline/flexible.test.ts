import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { archive } from "../archive/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { offline } from "./module.ts";

const user = "juliet@capulet.example";
const ns = "http://jabber.org/protocol/offline";

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [disco, roster, presence, message, archive, offline],
    accounts: ["romeo@montague.example", user],
  });
  romeo = await server.connect("romeo@montague.example/orchard");
  for (const text of ["one", "two", "three"]) say(text);
  await romeo.sync();
  juliet = await server.connect(`${user}/balcony`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

function say(text: string): void {
  romeo.send(`<message type='chat' to='${user}' id='${text}'><body>${text}</body></message>`);
}

const bodies = (stanzas: readonly Stanza[]): string[] =>
  stanzas.filter((stanza) => stanza.kind === "message").map((stanza) => stanza.childText("body") ?? "");

async function ask(type: "get" | "set", content: string, to = ""): Promise<{ answer: Stanza; before: Stanza[] }> {
  juliet.send(`<iq type='${type}' id='q'${to}>${content}</iq>`);
  const received = await juliet.sync();
  return { answer: received.find(({ id }) => id === "q")!, before: received.filter(({ id }) => id !== "q") };
}

const disco0 = (what: string): string => `<query xmlns='http://jabber.org/protocol/disco#${what}' node='${ns}'/>`;
const items = (action: string, ...nodes: readonly string[]): string =>
  `<offline xmlns='${ns}'>${nodes.map((node) => `<item action='${action}' node='${node}'/>`).join("")}</offline>`;
const condition = ({ answer }: { answer: Stanza }): string | undefined => answer.child("error")?.payload?.name;

async function nodes(): Promise<string[]> {
  const { answer } = await ask("get", disco0("items"));
  return answer.payload!.elements("item").map((item) => item.attr("node") ?? "");
}

async function depth(): Promise<number> {
  return (await server.stores.offline.depth("capulet.example", "juliet")).messages;
}

test("says how many wait, and who sent them, in their order", async () => {
  const { answer } = await ask("get", disco0("info"));
  const query = answer.payload!;
  expect(query.child("identity")?.attr("type")).toBe("message-list");
  const number = query.child("x", "jabber:x:data")?.elements("field")[1];
  expect([number?.attr("var"), number?.childText("value")]).toEqual(["number_of_messages", "3"]);
  const list = (await ask("get", disco0("items"))).answer.payload!.elements("item");
  expect(list.map((item) => [item.attr("jid"), item.attr("name")])).toEqual(
    Array.from({ length: 3 }, () => [user, "romeo@montague.example/orchard"]),
  );
  const order = await nodes();
  expect(order.toSorted()).toEqual(order);
  juliet.send("<iq type='get' id='i' to='capulet.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  expect(String((await juliet.sync())[0])).toContain(ns);
});

test("gives what is asked for, and keeps it until it is removed", async () => {
  const [one, two, three] = await nodes();
  const { before, answer } = await ask("get", items("view", three!, one!));
  expect(answer.type).toBe("result");
  expect(bodies(before)).toEqual(["three", "one"]);
  expect(before[0]!.child("offline", ns)?.child("item")?.attr("node")).toBe(three);
  expect(before[0]!.child("delay", "urn:xmpp:delay")).toBeDefined();
  expect(before[0]!.child("stanza-id", "urn:xmpp:sid:0")?.attr("id")).toBe(three);
  expect(await depth()).toBe(3);
  expect((await ask("set", items("remove", one!, two!))).answer.type).toBe("result");
  expect(await nodes()).toEqual([three]);
  const all = await ask("get", `<offline xmlns='${ns}'><fetch/></offline>`);
  expect(bodies(all.before)).toEqual(["three"]);
  const both = await ask("set", `<offline xmlns='${ns}'><purge/><item action='remove' node='1'/></offline>`);
  expect(both.answer.type).toBe("error");
  expect((await ask("set", `<offline xmlns='${ns}'><purge/></offline>`)).answer.type).toBe("result");
  expect(await depth()).toBe(0);
  expect(await nodes()).toEqual([]);
});

test("what is wrong with a request is said, and nothing happens", async () => {
  const [one] = await nodes();
  expect(condition(await ask("get", items("view", one!, "nonsense")))).toBe("item-not-found");
  expect(condition(await ask("set", items("remove", one!, `${one!.slice(0, -1)}!`)))).toBe("item-not-found");
  expect(condition(await ask("set", items("view", one!)))).toBe("bad-request");
  expect(condition(await ask("get", `<offline xmlns='${ns}'/>`))).toBe("bad-request");
  expect(condition(await ask("set", items("remove", one!), " to='romeo@montague.example'"))).toBe("forbidden");
  expect(await depth()).toBe(3);
});

test.each([
  ["asks how many", disco0("info")],
  ["asks for a list", disco0("items")],
  ["takes all", `<offline xmlns='${ns}'><fetch/></offline>`],
])("who %s is sent nothing by itself, nor is another resource, while it is there", async (_, question) => {
  await ask("get", question);
  juliet.send("<presence/>");
  expect(bodies(await juliet.sync())).toEqual([]);
  const other = await server.connect(`${user}/chamber`);
  other.send("<presence/>");
  expect(bodies(await other.sync())).toEqual([]);
  say("live");
  await romeo.sync();
  expect(bodies(await juliet.sync())).toEqual(["live"]);
  expect(bodies(await other.sync())).toEqual(["live"]);
  expect(await depth()).toBe(3);
  juliet.end();
  expect(bodies(await other.take(4))).toEqual(["one", "two", "three"]);
  await other.sync();
  expect(await depth()).toBe(0);
});

test("a viewed message that the client never confirms is not stored a second time", async () => {
  const [one] = await nodes();
  juliet.session.keeper = {
    unconfirmed: [],
    isSendingAgain: false,
    written() {},
    onceConfirmed() {},
    mayWait: () => false,
  };
  await ask("get", items("view", one!));
  juliet.die();
  await romeo.sync();
  expect(await depth()).toBe(3);
});
