import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { blocking } from "./module.ts";

let server: TestServer;
let romeo: TestClient;
const romeoJid = "romeo@montague.example";
const tybalt = "tybalt@capulet.example";

async function start(options: Record<string, unknown> = {}): Promise<void> {
  server = await testServer({
    modules: [roster, presence, message, blocking],
    accounts: [romeoJid, tybalt],
    policy(draft) {
      draft.modules["blocking"] = { enabled: true, options };
    },
  });
  romeo = await server.connect(`${romeoJid}/orchard`);
}

beforeEach(() => start());
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const query = (type: "get" | "set", content = ""): string =>
  `<iq type='${type}' id='p'><query xmlns='jabber:iq:privacy'>${content}</query></iq>`;
const result = (content?: string): string =>
  `<iq type='result' id='p' to='${romeo.jid}'>${content === undefined ? "" : `<query xmlns='jabber:iq:privacy'>${content}</query>`}</iq>`;
const deny = (jid: string, order: number, about = ""): string =>
  `<item type='jid' value='${jid}' action='deny' order='${order}'>${about}</item>`;
const rest = (order: number): string => `<item action='allow' order='${order}'/>`;
const everything = "<message/><presence-in/><presence-out/><iq/>";
const blocked = (): Promise<readonly string[]> => server.stores.personal.blocked("montague.example", "romeo");
const condition = async (stanza: string): Promise<string | undefined> => {
  romeo.send(stanza);
  const [answer] = await romeo.sync();
  return answer!.child("error")?.elements(undefined)[0]?.name;
};

test("a list of denials is the block list, under the name that the client gives it", async () => {
  romeo.send(query("get"));
  await romeo.expect(result(""));
  romeo.send(
    query("set", `<list name='foes'>${rest(9)}${deny(tybalt, 2, everything)}${deny("spam.example", 1)}</list>`),
  );
  const push = `<iq type='set' id='{any}' to='${romeo.jid}'><query xmlns='jabber:iq:privacy'><list name='foes'/></query></iq>`;
  await romeo.expect(push, result());
  expect(await blocked()).toEqual(["spam.example", tybalt]);
  romeo.send(query("get"));
  await romeo.expect(result("<default name='foes'/><list name='foes'/>"));
  romeo.send(query("get", "<list name='foes'/>"));
  await romeo.expect(result(`<list name='foes'>${deny("spam.example", 1)}${deny(tybalt, 2)}${rest(3)}</list>`));
  for (const choice of ["<default name='foes'/>", "<active name='foes'/>", "<active/>"]) {
    romeo.send(query("set", choice));
    await romeo.expect(result());
  }
  const villain = await server.connect(`${tybalt}/street`);
  villain.send(`<message type='chat' id='m' to='${romeoJid}'><body>villain</body></message>`);
  const [refused] = await villain.sync();
  expect(refused!.child("error")?.child("service-unavailable", NS.stanzas)).toBeDefined();
  romeo.send(query("set", "<list name='foes'/>"));
  await romeo.expect(push, result());
  expect(await blocked()).toEqual([]);
  romeo.send(query("get"));
  await romeo.expect(result(""));
});

test("an edit of either kind shows in the other", async () => {
  romeo.send("<iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>");
  romeo.send(`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='${tybalt}'/></block></iq>`);
  await romeo.sync();
  romeo.send(query("get", "<list name='blocked'/>"));
  await romeo.expect(result(`<list name='blocked'>${deny(tybalt, 1)}${rest(2)}</list>`));
  romeo.send(query("set", `<list name='blocked'>${deny("spam.example", 1)}</list>`));
  const received = (await romeo.texts()).map((text) => /<(?:un)?block .*block>/.exec(text)?.[0]);
  expect(received.filter((text) => text !== undefined)).toEqual([
    "<block xmlns='urn:xmpp:blocking'><item jid='spam.example'/></block>",
    `<unblock xmlns='urn:xmpp:blocking'><item jid='${tybalt}'/></unblock>`,
  ]);
});

test("a list that denies nobody is there until it is removed", async () => {
  romeo.send(query("set", `<list name='foes'>${rest(1)}</list>`));
  await romeo.expect(result());
  romeo.send(query("set", "<default name='foes'/>"));
  await romeo.expect(result());
});

describe("what a block list cannot say is refused", () => {
  test.each([
    ["denials of some kinds", deny(tybalt, 1, "<message/>")],
    ["denials of a group", "<item type='group' value='Foes' action='deny' order='1'/>"],
    ["denials of a subscription", "<item type='subscription' value='none' action='deny' order='1'/>"],
    ["denials of everybody", "<item action='deny' order='1'/>"],
    ["exceptions", `<item type='jid' value='${tybalt}/x' action='allow' order='1'/>${deny(tybalt, 2)}`],
  ])("%s", async (_, items) => {
    expect(await condition(query("set", `<list name='foes'>${items}</list>`))).toBe("feature-not-implemented");
    expect(await blocked()).toEqual([]);
  });

  test("a second list, and a list that is not in force", async () => {
    romeo.send(query("set", `<list name='foes'>${deny(tybalt, 1)}</list>`));
    await romeo.sync();
    const other = query("set", `<list name='others'>${deny("spam.example", 1)}</list>`);
    expect(await condition(other)).toBe("feature-not-implemented");
    expect(await condition(query("set", "<default/>"))).toBe("feature-not-implemented");
    expect(await blocked()).toEqual([tybalt]);
  });
});

describe("what is wrong is refused", () => {
  test.each([
    [
      "two with the same order",
      query("set", `<list name='x'>${deny(tybalt, 1)}${deny("a.example", 1)}</list>`),
      "bad-request",
    ],
    ["no order", query("set", `<list name='x'><item action='deny'/></list>`), "bad-request"],
    ["no action", query("set", `<list name='x'><item order='1'/></list>`), "bad-request"],
    [
      "a type without a value",
      query("set", `<list name='x'><item type='jid' action='deny' order='1'/></list>`),
      "bad-request",
    ],
    ["no address", query("set", `<list name='x'>${deny("@", 1)}</list>`), "bad-request"],
    ["no name", query("set", `<list>${deny(tybalt, 1)}</list>`), "bad-request"],
    ["two changes", query("set", "<active/><default/>"), "bad-request"],
    ["something else", query("set", "<what/>"), "bad-request"],
    ["two lists at a time", query("get", "<list name='x'/><list name='y'/>"), "bad-request"],
    ["a list that is not there", query("get", "<list name='x'/>"), "item-not-found"],
    ["the removal of one that is not there", query("set", "<list name='x'/>"), "item-not-found"],
    ["the choice of one that is not there", query("set", "<default name='x'/>"), "item-not-found"],
  ])("%s", async (_, request, expected) => {
    expect(await condition(request)).toBe(expected);
    expect(await blocked()).toEqual([]);
  });

  test("somebody else's list", async () => {
    const villain = await server.connect(`${tybalt}/street`);
    villain.send(query("get").replace(" id='p'", ` id='p' to='${romeoJid}'`));
    const [answer] = await villain.sync();
    expect(answer!.child("error")?.child("forbidden", NS.stanzas)).toBeDefined();
  });
});

test("switched off, nothing is there", async () => {
  await server.stop();
  await start({ privacy_lists: false });
  expect(await condition(query("get"))).toBe("service-unavailable");
});
