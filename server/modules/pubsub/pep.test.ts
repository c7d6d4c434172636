import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { blocking } from "../blocking/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { pep } from "./pep.ts";
import { appear, capabilities, field, outcome, publishing, pubsub, submit, turn } from "./testing.ts";

const ROMEO = "romeo@montague.example";
const JULIET = "juliet@capulet.example";
const PARIS = "paris@capulet.example";
const TUNE = "http://jabber.org/protocol/tune";
const tune = "<tune xmlns='http://jabber.org/protocol/tune'><title>Nightingale</title></tune>";
const NS_EVENT = "http://jabber.org/protocol/pubsub#event";

const perMinute = 50;

let server: TestServer;
let romeo: TestClient;
let juliet: TestClient;

/** `other` sees the presence of `user`, and the other way round. */
async function befriend(user: string, other: string, groups: string[] = []): Promise<void> {
  const item = { name: "", subscription: "both", ask: false, approved: false } as const;
  const [local = "", host = ""] = user.split("@");
  const [otherLocal = "", otherHost = ""] = other.split("@");
  await server.stores.rosters.put(host, local, { ...item, jid: other, groups }, 100);
  await server.stores.rosters.put(otherHost, otherLocal, { ...item, jid: user, groups: [] }, 100);
}

const ask = async (client: TestClient, xml: string): Promise<string> => {
  client.send(xml);
  return outcome((await client.sync()).find(({ kind }) => kind === "iq"));
};
const answerOf = async (client: TestClient, xml: string): Promise<string> => {
  client.send(xml);
  const answer = (await client.sync()).find(({ kind }) => kind === "iq");
  return String(answer?.payload ?? outcome(answer));
};
const texts = async (client: TestClient): Promise<string[]> => (await client.sync()).map(String);

beforeEach(async () => {
  server = await testServer({
    modules: [roster, blocking, presence, message, disco, pep],
    accounts: [ROMEO, JULIET, PARIS],
    policy(draft) {
      draft.modules["pep"] = {
        enabled: true,
        options: {
          max_nodes: 3,
          max_items: 4,
          max_item_bytes: 2048,
          max_bytes: 4096,
          max_subscriptions: 2,
          max_per_minute: perMinute,
        },
      };
    },
  });
  await befriend(ROMEO, JULIET, ["Friends"]);
  romeo = await server.connect(`${ROMEO}/orchard`);
  juliet = await server.connect(`${JULIET}/balcony`);
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

describe("notifications", () => {
  test("go to the contacts and own resources that want to hear of the node, and to nobody else", async () => {
    const field_ = await server.connect(`${ROMEO}/field`);
    const deaf = await server.connect(`${JULIET}/deaf`);
    const paris = await server.connect(`${PARIS}/hall`);
    await appear(romeo, []);
    await appear(field_, [TUNE]);
    await appear(juliet, [TUNE]);
    await appear(deaf, ["urn:other"]);
    await appear(paris, [TUNE]);
    for (const client of [romeo, field_, juliet, deaf, paris]) await client.sync();
    romeo.send(pubsub("set", publishing(TUNE, "i", tune)));
    await romeo.expect(
      `<iq type='result' id='p' to='${romeo.jid}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${TUNE}'><item id='i'/></publish></pubsub></iq>`,
    );
    for (const client of [field_, juliet]) {
      await client.expect(
        `<message type='headline' id='{any}' from='${ROMEO}' to='${client.jid}'><event xmlns='${NS_EVENT}'><items node='${TUNE}'><item id='i'>${tune}</item></items></event></message>`,
      );
    }
    for (const client of [deaf, paris]) expect(await texts(client)).toEqual([]);
  });

  test("the last item comes late, once, to who appears", async () => {
    expect(await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)))).toBe("result");
    const [late, another] = await appear(juliet, [TUNE]);
    expect(another).toBeUndefined();
    expect(late?.child("event", NS_EVENT)?.child("items")?.child("item")?.attr("id")).toBe("i");
    expect(late?.child("delay", "urn:xmpp:delay")?.attr("stamp")).toBe("2026-01-01T00:00:00Z");
    expect(await appear(juliet, [TUNE])).toEqual([]);
    expect((await appear(juliet, [TUNE, "urn:more"])).length).toBe(0);
    juliet.send("<presence type='unavailable'/>");
    await juliet.sync();
    expect((await appear(juliet, [TUNE])).length).toBe(1);
    expect((await appear(romeo, [TUNE])).length).toBe(1);
  });

  test("a client that wants more later gets that", async () => {
    await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)));
    expect(await appear(juliet, [])).toEqual([]);
    expect((await appear(juliet, [TUNE])).length).toBe(1);
  });

  test("capabilities whose hash does not fit hold for that client only", async () => {
    const { c, query } = capabilities([TUNE]);
    const liar = await server.connect(`${PARIS}/liar`);
    liar.send(`<presence>${c}</presence>`);
    const [, question] = await liar.sync();
    liar.send(
      `<iq type='result' id='${question!.id}' to='${question!.from}'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:nothing'/></query></iq>`,
    );
    await liar.sync();
    juliet.send(`<presence>${c}</presence>`);
    const asked = (await juliet.sync()).find(({ kind }) => kind === "iq");
    expect(asked).toBeDefined();
    juliet.send(`<iq type='result' id='${asked!.id}' to='${asked!.from}'>${query}</iq>`);
    await juliet.sync();
    await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)));
    expect((await juliet.sync()).length).toBe(1);
    // Proven now: nobody else is asked.
    const third = await server.connect(`${PARIS}/third`);
    third.send(`<presence>${c}</presence>`);
    expect((await third.sync()).filter(({ kind }) => kind === "iq")).toEqual([]);
  });

  test("a client that never says what it can do is not asked for ever", async () => {
    const received: Stanza[] = [];
    for (let index = 0; index < 6; index += 1) {
      juliet.send(
        `<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='${index}'/></presence>`,
      );
      await turn();
      received.push(...(await juliet.sync()));
    }
    expect(received.filter(({ kind }) => kind === "iq").length).toBe(3);
    expect(await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)))).toBe("result");
    expect(await juliet.sync()).toEqual([]);
  });

  test("of many nodes that a client wants to hear of, the first ones count", async () => {
    const names = Array.from({ length: 250 }, (_, index) => `urn:a:${String(index).padStart(3, "0")}`);
    await appear(juliet, names);
    for (const name of ["urn:a:000", "urn:a:240"]) await ask(romeo, pubsub("set", publishing(name, "i", tune)));
    expect((await juliet.sync()).map((one) => one.payload?.child("items")?.attr("node"))).toEqual(["urn:a:000"]);
  });

  test("who is blocked hears nothing, either way", async () => {
    await appear(juliet, [TUNE]);
    await ask(juliet, `<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='${ROMEO}'/></block></iq>`);
    await juliet.sync();
    await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)));
    expect(await texts(juliet)).toEqual([]);
    await ask(juliet, `<iq type='set' id='b'><unblock xmlns='urn:xmpp:blocking'/></iq>`);
    await ask(romeo, `<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='${JULIET}'/></block></iq>`);
    await juliet.sync();
    await ask(romeo, pubsub("set", publishing(TUNE, "j", tune)));
    romeo.end();
    expect((await texts(juliet)).filter((text) => text.startsWith("<message"))).toEqual([]);
    juliet.send("<presence type='unavailable'/>");
    await juliet.sync();
    expect(await appear(juliet, [TUNE])).toEqual([]);
  });

  test("who was blocked by somebody who is away hears nothing", async () => {
    await befriend(PARIS, JULIET);
    const owner = { host: "capulet.example", local: "paris" };
    const item = { id: "i", publisher: PARIS, at: 0, expiresAt: null, payload: tune };
    const node = { config: "{}", createdAt: 0, creator: PARIS };
    await server.stores.nodes.publish(owner, TUNE, [item], node, 1, { maxNodes: 9, maxBytes: 9999 });
    await server.stores.personal.setBlocked("capulet.example", "paris", [JULIET], [], 9);
    expect(await appear(juliet, [TUNE])).toEqual([]);
    await befriend(PARIS, ROMEO);
    expect((await appear(romeo, [TUNE])).length).toBe(1);
  });

  test("last items that are too much for one read come all the same", async () => {
    const owner = { host: "capulet.example", local: "juliet" };
    const names = ["a", "b", "c", "d", "e", "f"];
    const payload = `<tune xmlns='${TUNE}'>${"x".repeat(200_000)}</tune>`;
    const node = { config: "{}", createdAt: 0, creator: JULIET };
    for (const name of names) {
      const item = { id: `i${name}`, publisher: JULIET, at: 0, expiresAt: null, payload };
      await server.stores.nodes.publish(owner, name, [item], node, 1, { maxNodes: 9, maxBytes: 1e9 });
    }
    const nodeOf = (message: Stanza): string => /node='(.)'/.exec(String(message))?.[1] ?? "";
    const told = (await appear(juliet, names)).map(nodeOf);
    await expect
      .poll(async () => {
        const more = await juliet.sync();
        told.push(...more.filter(({ kind }) => kind === "message").map(nodeOf));
        return told;
      })
      .toEqual(names);
  });

  test("last items wait for a client that reads slowly, and are read once for who comes and goes meanwhile", async () => {
    await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)));
    expect((await appear(juliet, [TUNE])).length).toBe(1);
    juliet.unsent = 1024 * 1024;
    for (let n = 0; n < 5; n += 1) {
      juliet.send("<presence type='unavailable'/>");
      juliet.send(`<presence>${capabilities([TUNE]).c}</presence>`);
      await turn();
    }
    expect((await juliet.sync()).filter(({ kind }) => kind === "message")).toEqual([]);
    juliet.unsent = 0;
    const [late] = await juliet.take(1);
    expect(late?.kind).toBe("message");
    // Five times asked: at most the one under way and the one that waited.
    await turn();
    expect((await juliet.sync()).filter(({ kind }) => kind === "message").length).toBeLessThanOrEqual(1);
  });

  test("of retracted items, purges and deletions", async () => {
    await appear(juliet, [TUNE]);
    const published = pubsub("set", publishing(TUNE, "i", tune, { max_items: "max" }));
    const node = `node='${TUNE}'`;
    expect(await ask(romeo, published)).toBe("result");
    expect(await ask(romeo, pubsub("set", `<retract ${node} notify='true'><item id='i'/></retract>`))).toBe("result");
    expect(await ask(romeo, pubsub("set", `<retract ${node}><item id='i'/></retract>`))).toBe("item-not-found");
    expect(await ask(romeo, published)).toBe("result");
    expect(await ask(romeo, pubsub("set", `<purge ${node}/>`, { owner: true }))).toBe("result");
    expect(await ask(romeo, pubsub("set", `<delete ${node}/>`, { owner: true }))).toBe("result");
    const events = (await juliet.sync()).map((stanza) => stanza.child("event", NS_EVENT)!.payload!);
    expect(events.map(({ name }) => name)).toEqual(["items", "items", "items", "purge", "delete"]);
    expect(events[1]?.child("retract")?.attr("id")).toBe("i");
  });

  test("a contact who is let in gets the last items at once", async () => {
    await ask(romeo, pubsub("set", publishing(TUNE, "i", tune)));
    const paris = await server.connect(`${PARIS}/hall`);
    await appear(paris, [TUNE]);
    paris.send(`<presence type='subscribe' to='${ROMEO}'/>`);
    await paris.sync();
    await romeo.sync();
    romeo.send(`<presence type='subscribed' to='${PARIS}'/>`);
    await romeo.sync();
    await turn();
    await turn();
    expect((await paris.sync()).filter(({ kind }) => kind === "message").length).toBe(1);
  });

  test("a subscription is told once, with the last item", async () => {
    await ask(romeo, pubsub("set", publishing("urn:open", "i", tune, { access_model: "open" })));
    const paris = await server.connect(`${PARIS}/hall`);
    paris.send("<presence/>");
    await paris.sync();
    paris.send(pubsub("set", `<subscribe node='urn:open' jid='${PARIS}'/>`, { to: ROMEO }));
    const [last, result] = await paris.sync();
    expect(last?.child("delay", "urn:xmpp:delay")).toBeDefined();
    expect(result?.payload?.child("subscription")?.attr("subscription")).toBe("subscribed");
    await ask(romeo, pubsub("set", publishing("urn:open", "j", tune)));
    expect((await paris.sync()).length).toBe(1);
    expect(await ask(paris, pubsub("set", `<unsubscribe node='urn:open' jid='${PARIS}'/>`, { to: ROMEO }))).toBe(
      "result",
    );
    expect(await ask(paris, pubsub("set", `<unsubscribe node='urn:open' jid='${PARIS}'/>`, { to: ROMEO }))).toBe(
      "unexpected-request not-subscribed",
    );
    await ask(romeo, pubsub("set", publishing("urn:open", "k", tune)));
    expect(await texts(paris)).toEqual([]);
  });
});

describe("access", () => {
  const reading = (node: string): string => pubsub("get", `<items node='${node}'/>`, { to: ROMEO });

  test.each<[Record<string, string>, string, string]>([
    [{}, "result", "not-authorized presence-subscription-required"],
    [{ access_model: "open" }, "result", "result"],
    [{ access_model: "whitelist" }, "not-allowed closed-node", "not-allowed closed-node"],
    [{ access_model: "authorize" }, "not-authorized not-subscribed", "not-authorized not-subscribed"],
    [
      { access_model: "roster", roster_groups_allowed: "Friends" },
      "result",
      "not-authorized presence-subscription-required",
    ],
    [
      { access_model: "roster", roster_groups_allowed: "Foes" },
      "not-authorized not-in-roster-group",
      "not-authorized presence-subscription-required",
    ],
  ])("%j: a contact %s, a stranger %s", async (options, contact, stranger) => {
    const paris = await server.connect(`${PARIS}/hall`);
    expect(await ask(romeo, pubsub("set", publishing("n", "i", tune, options)))).toBe("result");
    expect(await ask(juliet, reading("n"))).toBe(contact);
    expect(await ask(paris, reading("n"))).toBe(stranger);
    expect(await ask(romeo, pubsub("get", "<items node='n'/>"))).toBe("result");
  });

  test("who is no contact, where there is nothing, or nobody: the same answer", async () => {
    for (const to of [ROMEO, "nobody@montague.example"]) {
      expect(await ask(juliet, pubsub("get", "<items node='none'/>", { to }))).toBe("item-not-found");
      expect(await ask(juliet, pubsub("set", publishing("none", "i", tune), { to }))).toBe("item-not-found");
    }
  });

  test("affiliations let in, keep out, and let publish", async () => {
    const set = (jid: string, affiliation: string): Promise<string> =>
      ask(
        romeo,
        pubsub(
          "set",
          `<affiliations node='n'><affiliation jid='${jid}' affiliation='${affiliation}'/></affiliations>`,
          {
            owner: true,
          },
        ),
      );
    const paris = await server.connect(`${PARIS}/hall`);
    await ask(romeo, pubsub("set", publishing("n", "i", tune, { access_model: "whitelist", max_items: "max" })));
    expect(await set(PARIS, "member")).toBe("result");
    expect(await ask(paris, reading("n"))).toBe("result");
    expect(await ask(paris, pubsub("set", publishing("n", "p", tune), { to: ROMEO }))).toBe("forbidden");
    expect(await set(PARIS, "publisher")).toBe("result");
    expect(await ask(paris, pubsub("set", publishing("n", "p", tune), { to: ROMEO }))).toBe("result");
    expect(await ask(paris, pubsub("set", "<retract node='n'><item id='i'/></retract>", { to: ROMEO }))).toBe(
      "forbidden",
    );
    expect(await ask(paris, pubsub("set", "<retract node='n'><item id='p'/></retract>", { to: ROMEO }))).toBe("result");
    expect(await set(PARIS, "outcast")).toBe("result");
    expect(await ask(paris, reading("n"))).toBe("forbidden");
    expect(await set(ROMEO, "member")).toBe("not-acceptable");
    expect(await answerOf(romeo, pubsub("get", "<affiliations node='n'/>", { owner: true }))).toContain(
      `<affiliation jid='${ROMEO}' affiliation='owner'/><affiliation jid='${PARIS}' affiliation='outcast'/>`,
    );
  });

  test.each([
    ["configure", "<configure node='n'/>", "get"],
    ["delete", "<delete node='n'/>", "set"],
    ["purge", "<purge node='n'/>", "set"],
    ["subscriptions", "<subscriptions node='n'/>", "get"],
    ["affiliations", "<affiliations node='n'/>", "get"],
  ] as const)("%s is for the owner", async (_, content, type) => {
    await ask(romeo, pubsub("set", publishing("n", "i", tune, { access_model: "open" })));
    expect(await ask(juliet, pubsub(type, content, { owner: true, to: ROMEO }))).toBe("forbidden");
  });
});

describe("publish options", () => {
  test("what is nobody else's business is private without being asked for", async () => {
    expect(await ask(romeo, pubsub("set", publishing("urn:xmpp:bookmarks:1", "a@muc", tune)))).toBe("result");
    expect(
      await ask(romeo, pubsub("set", publishing("urn:xmpp:bookmarks:1", "b@muc", tune, { max_items: "max" }))),
    ).toBe("result");
    expect(await ask(juliet, pubsub("get", "<items node='urn:xmpp:bookmarks:1'/>", { to: ROMEO }))).toBe(
      "not-allowed closed-node",
    );
  });

  test("make a new node, and are conditions of one that is there", async () => {
    const whitelist = {
      access_model: "whitelist",
      persist_items: "1",
      max_items: "max",
      send_last_published_item: "never",
    };
    expect(await ask(romeo, pubsub("set", publishing("n", "i", tune, whitelist)))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("n", "j", tune, whitelist)))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("n", "k", tune, { max_items: "10000" })))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("n", "k", tune, { access_model: "open" })))).toBe(
      "conflict precondition-not-met",
    );
    expect(await ask(romeo, pubsub("set", publishing("n", "k", tune, { unheard_of: "1" })))).toBe(
      "conflict precondition-not-met",
    );
    expect(await ask(romeo, pubsub("set", publishing("n", "k", tune, { access_model: "sometimes" })))).toBe(
      "not-acceptable",
    );
    expect(await appear(romeo, ["n"])).toEqual([]);
  });

  test("a node that does not fit can be configured, as clients do", async () => {
    await ask(romeo, pubsub("set", publishing("n", "current", tune)));
    const form = submit("http://jabber.org/protocol/pubsub#node_config", [field("pubsub#access_model", "open")]);
    expect(await answerOf(romeo, pubsub("get", "<configure node='n'/>", { owner: true }))).toContain(
      "<value>presence</value>",
    );
    expect(await ask(romeo, pubsub("set", `<configure node='n'>${form}</configure>`, { owner: true }))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("n", "current", tune, { access_model: "open" })))).toBe("result");
  });
});

test("two devices that publish at once: one after the other, and each is told of both", async () => {
  const laptop = await server.connect(`${ROMEO}/laptop`);
  for (const client of [romeo, laptop]) await appear(client, ["urn:devices"]);
  for (const client of [romeo, laptop]) await client.sync();
  const options = { access_model: "open", max_items: "1" };
  const list = (of: string): string =>
    pubsub("set", publishing("urn:devices", "current", `<list xmlns='urn:l'>${of}</list>`, options));
  romeo.send(list("a"));
  laptop.send(list("b"));
  const told = async (client: TestClient): Promise<string[]> =>
    (await client.sync())
      .filter(({ kind }) => kind === "message")
      .map((one) => String(one.payload).match(/>(\w)</)?.[1] ?? "");
  const [first, second] = await Promise.all([told(romeo), told(laptop)]);
  await turn();
  first.push(...(await told(romeo)));
  second.push(...(await told(laptop)));
  expect(first).toEqual(["a", "b"]);
  expect(second).toEqual(["a", "b"]);
  expect(await answerOf(juliet, pubsub("get", "<items node='urn:devices'/>", { to: ROMEO }))).toContain(">b<");
});

describe("requests", () => {
  const payload = (bytes: number): string => `<x xmlns='urn:x'>${"y".repeat(bytes)}</x>`;

  test.each([
    ["an item too large", publishing("n", "i", payload(2048)), "not-acceptable payload-too-big"],
    ["no item", "<publish node='n'/>", "bad-request item-required"],
    ["no payload", "<publish node='n'><item/></publish>", "bad-request payload-required"],
    ["two payloads", publishing("n", "i", `${tune}${tune}`), "bad-request invalid-payload"],
    ["no node", "<publish><item/></publish>", "bad-request nodeid-required"],
    ["an empty name", "<publish node=''><item/></publish>", "bad-request nodeid-required"],
    ["a long name", publishing("n".repeat(1024), "i", tune), "bad-request"],
    [
      "more items than the node keeps",
      `<publish node='n'><item>${tune}</item><item>${tune}</item></publish>`,
      "not-allowed max-items-exceeded",
    ],
    ["nothing to retract", "<retract node='n'/>", "bad-request item-required"],
    ["retraction from no node", "<retract node='n'><item id='i'/></retract>", "item-not-found"],
    ["no such thing", "<dance/>", "bad-request"],
    ["nothing", "", "bad-request"],
    ["subscription options", "<options node='n' jid='a@b'/>", "feature-not-implemented unsupported"],
    ["somebody else's subscription", `<subscribe node='n' jid='${JULIET}'/>`, "bad-request invalid-jid"],
    ["nobody's subscription", "<subscribe node='n'/>", "bad-request jid-required"],
  ])("%s", async (_, content, expected) => {
    expect(await ask(romeo, pubsub("set", content))).toBe(expected);
  });

  test("nodes and bytes of an account are limited", async () => {
    expect(await ask(romeo, pubsub("set", publishing("a", "i", payload(1900))))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("b", "i", payload(1900))))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("c", "i", payload(1900))))).toBe("resource-constraint");
    expect(await ask(romeo, pubsub("set", publishing("b", "i", payload(1800))))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("c", "i", tune)))).toBe("result");
    expect(await ask(romeo, pubsub("set", publishing("d", "i", tune)))).toBe("policy-violation max-nodes-exceeded");
    expect(await ask(romeo, pubsub("set", "<create node='d'/>"))).toBe("policy-violation max-nodes-exceeded");
  });

  test("nodes are made, made up, and made once", async () => {
    const form = submit("http://jabber.org/protocol/pubsub#node_config", [field("pubsub#title", "Songs")]);
    expect(await ask(romeo, pubsub("set", `<create node='n'/><configure>${form}</configure>`))).toBe("result");
    expect(await ask(romeo, pubsub("set", "<create node='n'/>"))).toBe("conflict");
    expect(await answerOf(romeo, pubsub("set", "<create/>"))).toMatch(/<create node='[\w-]{16}'\/>/);
    expect(await ask(juliet, pubsub("set", "<create node='m'/>", { to: ROMEO }))).toBe("forbidden");
    juliet.send(
      `<iq type='get' id='d' to='${ROMEO}'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>`,
    );
    const info = (await juliet.sync())[0]!.payload!;
    expect(info.child("identity")?.attr("name")).toBe("Songs");
    expect(String(info)).toContain("pubsub#num_subscribers");
    juliet.send(`<iq type='get' id='d' to='${ROMEO}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`);
    expect(String((await juliet.sync())[0])).toContain(`<item jid='${ROMEO}' node='n' name='Songs'/>`);
  });

  test("items newest first: all, some, by id, by page", async () => {
    for (const id of ["a", "b", "c", "d"]) {
      await ask(romeo, pubsub("set", publishing("n", id, tune, { max_items: "max" })));
    }
    const ids = async (content: string): Promise<string[]> => {
      const text = await answerOf(romeo, pubsub("get", content));
      return [...text.matchAll(/<item id='(\w)'/g)].map((match) => match[1]!);
    };
    const page = (content: string): string =>
      `<items node='n'/><set xmlns='http://jabber.org/protocol/rsm'>${content}</set>`;
    expect(await ids("<items node='n'/>")).toEqual(["d", "c", "b", "a"]);
    expect(await ids("<items node='n' max_items='2'/>")).toEqual(["d", "c"]);
    expect(await ids("<items node='n' max_items='2147483647'/>")).toEqual(await ids("<items node='n'/>"));
    expect(await ids("<items node='n'><item id='a'/><item id='c'/></items>")).toEqual(["a", "c"]);
    expect(await ids(page("<max>2</max>"))).toEqual(["d", "c"]);
    expect(await ids(page("<max>2</max><after>c</after>"))).toEqual(["b", "a"]);
    expect(await ids(page("<max>2</max><before/>"))).toEqual(["b", "a"]);
    expect(await ids(page("<max>1</max><before>b</before>"))).toEqual(["c"]);
    expect(await ask(romeo, pubsub("get", page("<max>1</max><after>x</after>")))).toBe("item-not-found");
    expect(await answerOf(romeo, pubsub("get", page("<max>2</max>")))).toContain(
      "<set xmlns='http://jabber.org/protocol/rsm'><first>d</first><last>c</last><count>4</count></set>",
    );
  });

  test("items expire", async () => {
    await ask(romeo, pubsub("set", publishing("n", "i", tune, { item_expire: "60" })));
    expect(await answerOf(romeo, pubsub("get", "<items node='n'/>"))).toContain("<item id='i'>");
    server.clock.advance(60_000);
    expect(await answerOf(romeo, pubsub("get", "<items node='n'/>"))).not.toContain("<item id='i'>");
  });

  test("nobody makes a stranger a subscriber, only contacts and who has asked", async () => {
    await ask(romeo, pubsub("set", publishing("n", "i", tune, { access_model: "open" })));
    const subscribe = (jid: string, state = "subscribed"): string =>
      pubsub("set", `<subscriptions node='n'><subscription jid='${jid}' subscription='${state}'/></subscriptions>`, {
        owner: true,
      });
    expect(await ask(romeo, subscribe(PARIS))).toBe("not-allowed");
    expect(await ask(romeo, subscribe(PARIS, "pending"))).toBe("not-allowed");
    expect(await ask(romeo, subscribe(JULIET))).toBe("result");
    const paris = await server.connect(`${PARIS}/hall`);
    await ask(paris, pubsub("set", `<subscribe node='n' jid='${PARIS}'/>`, { to: ROMEO }));
    expect(await ask(romeo, subscribe(PARIS))).toBe("result");
    expect(await ask(romeo, subscribe(PARIS, "none"))).toBe("result");
    expect(await ask(romeo, subscribe(PARIS))).toBe("not-allowed");
  });

  test("own subscriptions and affiliations", async () => {
    await ask(romeo, pubsub("set", publishing("n", "i", tune)));
    await ask(juliet, pubsub("set", `<subscribe node='n' jid='${JULIET}'/>`, { to: ROMEO }));
    expect(await answerOf(juliet, pubsub("get", "<subscriptions/>", { to: ROMEO }))).toContain(
      `<subscription node='n' jid='${JULIET}' subscription='subscribed'`,
    );
    expect(await answerOf(romeo, pubsub("get", "<affiliations/>"))).toContain(
      "<affiliation node='n' affiliation='owner'/>",
    );
  });

  test("a removed account leaves nothing", async () => {
    await ask(romeo, pubsub("set", publishing("n", "i", tune, { access_model: "open" })));
    await server.stores.accounts.remove("montague.example", "romeo");
    expect(await ask(juliet, pubsub("get", "<items node='n'/>", { to: ROMEO }))).toBe("item-not-found");
  });

  test("an account changes so much in a minute and no more, and others as much", async () => {
    const change = (client: TestClient): Promise<string> => ask(client, pubsub("set", publishing(TUNE, "i", tune)));
    for (let index = 0; index < perMinute; index += 1) expect(await change(romeo)).toBe("result");
    expect(await change(romeo)).toBe("resource-constraint");
    expect(await ask(romeo, pubsub("set", `<delete node='${TUNE}'/>`, { owner: true }))).toBe("resource-constraint");
    expect(await ask(romeo, pubsub("get", `<items node='${TUNE}'/>`))).toBe("result");
    expect(await change(juliet)).toBe("result");
    server.clock.advance(60_000 / perMinute);
    expect(await change(romeo)).toBe("result");
    expect(await change(romeo)).toBe("resource-constraint");
  });
});
