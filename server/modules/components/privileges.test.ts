import { afterEach, describe, expect, test, vi } from "vitest";
import type { TestClient } from "../../core/testing.ts";
import type { RawClient } from "../../net/testing.ts";
import { type Bridged, bridged, domain, host, privilege, secret } from "./testing.ts";

/** What a component may do in the name of accounts (XEP-0356), and what it may not. */
let server: Bridged;
let romeo: TestClient;
let benvolio: TestClient;
let bridge: RawClient;

async function start(privileges: object): Promise<void> {
  server = await bridged({ privileges });
  ({ romeo, benvolio } = server);
}

/** Returns what it is told at once. */
async function connect(): Promise<string> {
  const told = await server.connectBridge();
  ({ bridge } = server);
  return told;
}

const sync = (): Promise<string> => server.sync();
const ask = (type: string, to: string, payload: string): Promise<string> => server.ask(type, to, payload);

afterEach(() => server.stop());

const getRoster = "<query xmlns='jabber:iq:roster'/>";
const setRoster = "<query xmlns='jabber:iq:roster'><item jid='u@bridge.montague.example' name='U'/></query>";

test("a component is told what it may do when it connects, and nothing where it may do nothing", async () => {
  await start({
    roster: "both",
    message: "outgoing",
    presence: "managed_entity",
    iq: { "http://jabber.org/protocol/pubsub": "both" },
  });
  expect(await connect()).toMatch(
    new RegExp(
      `<message to='${domain}' from='${host}' id='[^']+'><privilege ${privilege}>` +
        "<perm access='roster' type='both' push='true'/><perm access='message' type='outgoing'/>" +
        "<perm access='presence' type='managed_entity'/>" +
        "<perm access='iq'><namespace ns='http://jabber.org/protocol/pubsub' type='both'/></perm></privilege></message>",
    ),
  );
  await server.stop();
  await start({});
  expect(await connect()).toBe("");
});

describe("contact lists", () => {
  test.each([
    ["both", true, true],
    ["get", true, false],
    ["set", false, true],
    ["none", false, false],
  ])("with %s: read %s, changed %s", async (granted, mayRead, mayChange) => {
    await start({ roster: granted });
    await connect();
    const changed = await ask("set", `romeo@${host}`, setRoster);
    expect(changed.includes("<forbidden ")).toBe(!mayChange);
    const read = await ask("get", `romeo@${host}`, getRoster);
    expect(read.includes("<forbidden ")).toBe(!mayRead);
    if (mayRead) expect(read.includes("jid='u@bridge.montague.example'")).toBe(mayChange);
    expect(read).toContain(`from='romeo@${host}'`);
  });

  test("those of other hosts, and of nobody, are out of reach", async () => {
    await start({ roster: "both" });
    await connect();
    for (const user of ["juliet@capulet.example", `nobody@${host}`])
      expect(await ask("get", user, getRoster)).toContain("<forbidden ");
  });

  test("changes are told, by whoever they are", async () => {
    await start({ roster: "get" });
    await connect();
    romeo.send(`<iq type='set' id='1'>${setRoster}</iq>`);
    await romeo.sync();
    expect(await sync()).toMatch(
      new RegExp(
        `<iq to='${domain}' from='romeo@${host}' type='set' id='[^']+'><query xmlns='jabber:iq:roster' ver='1'><item `,
      ),
    );
  });

  test.each([[{ roster: "get", push: false }], [{ roster: "set" }]])(
    "changes are not told with %o",
    async (privileges) => {
      await start(privileges);
      await connect();
      romeo.send(`<iq type='set' id='1'>${setRoster}</iq>`);
      await romeo.sync();
      expect(await sync()).toBe("");
    },
  );

  test("the owner's clients are told of what the component changes", async () => {
    await start({ roster: "set" });
    await connect();
    romeo.send(`<iq type='get' id='1'>${getRoster}</iq>`);
    await romeo.sync();
    await ask("set", `romeo@${host}`, setRoster);
    expect((await romeo.texts()).join("")).toContain("jid='u@bridge.montague.example'");
  });
});

describe("messages", () => {
  const inName = (from: string, to: string, content = "<body>hi</body>"): string =>
    `<message from='${domain}' to='${host}' id='m'><privilege ${privilege}><forwarded xmlns='urn:xmpp:forward:0'>` +
    `<message xmlns='jabber:client' from='${from}' to='${to}' type='chat'>${content}</message></forwarded></privilege></message>`;

  test("go out in the name of an account, and of the host", async () => {
    await start({ message: "outgoing" });
    await connect();
    bridge.send(inName(`benvolio@${host}`, romeo.jid));
    bridge.send(inName(host, romeo.jid));
    expect((await romeo.take(2)).map(({ from }) => from)).toEqual([`benvolio@${host}`, host]);
  });

  test("copies of what the account said elsewhere reach its clients as they are", async () => {
    await start({ message: "outgoing" });
    await connect();
    romeo.send("<presence/>");
    await romeo.sync();
    const sent =
      "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' " +
      `from='romeo@${host}/phone' to='u@${domain}' type='chat'><body>from afar</body></message></forwarded></sent>`;
    bridge.send(inName(`romeo@${host}`, `romeo@${host}`, sent));
    const [copy] = await romeo.take(1);
    expect(copy!.from).toBe(`romeo@${host}`);
    expect(String(copy)).toMatch(/<sent xmlns='urn:xmpp:carbons:2'>.*from afar/);
  });

  test.each([
    ["a resource", `benvolio@${host}/street`],
    ["another host", "juliet@capulet.example"],
    ["another server", "tybalt@verona.example"],
    ["an account that there is not", `nobody@${host}`],
    ["no address", "@@"],
  ])("are refused in the name of %s", async (_, from) => {
    await start({ message: "outgoing" });
    await connect();
    bridge.send(inName(from, romeo.jid));
    expect(await bridge.until("</message>")).toMatch(/type='error' id='m'.*<forbidden /);
    expect(await romeo.sync()).toEqual([]);
  });

  test("are refused where they are not granted", async () => {
    await start({ roster: "get" });
    await connect();
    bridge.send(inName(`benvolio@${host}`, romeo.jid));
    expect(await bridge.until("</message>")).toMatch(/type='error' id='m'.*<forbidden /);
    expect(await romeo.sync()).toEqual([]);
  });

  test("are nobody else's to send so", async () => {
    await start({ message: "outgoing" });
    await connect();
    benvolio.send(inName(`romeo@${host}`, romeo.jid));
    await benvolio.sync();
    expect(await romeo.sync()).toEqual([]);
  });
});

describe("requests", () => {
  const notes = "<query xmlns='jabber:iq:private'><notes xmlns='urn:example'/></query>";
  const inside = (type: string, payload: string, attributes = ""): string =>
    `<privileged_iq ${privilege}><iq xmlns='jabber:client' type='${type}' id='inner'${attributes}>${payload}</iq></privileged_iq>`;

  test("are made in the name of the account, and their answer comes back wrapped", async () => {
    await start({ iq: { "jabber:iq:private": "get" } });
    await connect();
    const answer = await ask("get", `romeo@${host}`, inside("get", notes));
    expect(answer).toMatch(
      new RegExp(
        `type='result'.*<privilege ${privilege}><forwarded xmlns='urn:xmpp:forward:0'><iq xmlns='jabber:client'[^>]*>` +
          "<query xmlns='jabber:iq:private'>",
      ),
    );
    expect(/<forwarded .*<iq ([^>]*)>/.exec(answer)![1]).toContain("id='inner'");
  });

  test("publish to the nodes of the account, as bridges do with bookmarks", async () => {
    const ns = "http://jabber.org/protocol/pubsub";
    await start({ iq: { [ns]: "both" } });
    await connect();
    const item = `<item id='room@${domain}'><conference xmlns='urn:xmpp:bookmarks:1' name='Bridged' autojoin='true'/></item>`;
    const publish = `<pubsub xmlns='${ns}'><publish node='urn:xmpp:bookmarks:1'>${item}</publish></pubsub>`;
    expect(await ask("set", `romeo@${host}`, inside("set", publish))).toMatch(
      /<iq [^>]*type='result'.*<forwarded .*<iq [^>]*type='result'/s,
    );
    const get = `<pubsub xmlns='${ns}'><items node='urn:xmpp:bookmarks:1'/></pubsub>`;
    expect(await ask("get", `romeo@${host}`, inside("get", get))).toContain("name='Bridged'");
    expect(await ask("get", `benvolio@${host}`, inside("get", get, ` to='romeo@${host}'`))).not.toContain("Bridged");
  });

  test("of a client elsewhere are answered by that client", async () => {
    await start({ iq: { "urn:example:question": "get" } });
    await connect();
    const payload = "<question xmlns='urn:example:question'/>";
    const answer = ask("get", `romeo@${host}`, inside("get", payload, ` to='${benvolio.jid}'`));
    const [question] = await benvolio.take(1);
    expect(question!.from).toBe(`romeo@${host}`);
    benvolio.send(
      `<iq type='result' id='${question!.id}' to='romeo@${host}'><answer xmlns='urn:example:question'/></iq>`,
    );
    expect(await answer).toContain("<answer xmlns='urn:example:question'/>");
  });

  test.each([
    ["a namespace that is not granted", "get", inside("get", "<query xmlns='jabber:iq:roster'/>")],
    ["a type that is not granted", "set", inside("set", notes)],
    ["another type inside", "get", inside("set", notes)],
    ["somebody else's name", "get", inside("get", notes, ` from='benvolio@${host}'`)],
    ["the name of a client", "get", inside("get", notes, ` from='romeo@${host}/orchard'`)],
    ["nothing inside", "get", `<privileged_iq ${privilege}/>`],
    [
      "what is no client's",
      "get",
      `<privileged_iq ${privilege}><iq xmlns='urn:example' type='get' id='i'>${notes}</iq></privileged_iq>`,
    ],
    ["a name that every object has", "get", inside("get", "<x xmlns='constructor'/>")],
  ])("are refused with %s", async (_, type, payload) => {
    await start({ iq: { "jabber:iq:private": "get" } });
    await connect();
    expect(await ask(type, `romeo@${host}`, payload)).toContain("<forbidden ");
  });

  test("are limited while nobody answers", async () => {
    await start({ iq: { "urn:example:question": "get" } });
    await connect();
    const question = inside("get", "<question xmlns='urn:example:question'/>", ` to='${benvolio.jid}'`);
    for (let index = 0; index < 1000; index += 1)
      bridge.send(`<iq type='get' id='${index}' from='${domain}' to='romeo@${host}'>${question}</iq>`);
    await benvolio.take(1000);
    expect(await ask("get", `romeo@${host}`, question)).toContain("<resource-constraint ");
  });

  test("for accounts of others are refused", async () => {
    await start({ iq: { "jabber:iq:private": "get" } });
    await connect();
    expect(await ask("get", `nobody@${host}`, inside("get", notes))).toContain("<forbidden ");
    expect(await ask("get", "juliet@capulet.example", inside("get", notes))).toContain("type='error'");
    expect(await ask("get", host, inside("get", notes))).toContain("type='error'");
  });

  test("are nobody else's to make so", async () => {
    await start({ iq: { "jabber:iq:private": "get" } });
    await connect();
    benvolio.send(`<iq type='get' id='1' to='romeo@${host}'>${inside("get", notes)}</iq>`);
    expect(String((await benvolio.take(1))[0])).toContain("type='error'");
  });
});

describe("presence", () => {
  test("of accounts is told when they come and when they go, and to a component that comes later", async () => {
    await start({ presence: "managed_entity" });
    romeo.send("<presence><show>away</show></presence>");
    await romeo.sync();
    expect(await connect()).toMatch(
      new RegExp(`<presence to='${domain}' from='romeo@${host}/orchard'><show>away</show></presence>`),
    );
    romeo.send("<presence><show>dnd</show></presence>");
    await romeo.sync();
    expect(await sync()).toBe("");
    romeo.end();
    expect(await sync()).toMatch(new RegExp(`<presence (?=[^>]*type='unavailable')[^>]*from='romeo@${host}/orchard'`));
  });

  test("of contacts is told once, however many have them", async () => {
    await start({ presence: "roster", roster: "get" });
    const befriend = async (one: TestClient, other: TestClient): Promise<void> => {
      one.send(`<presence to='${other.session.bare.bare}' type='subscribe'/>`);
      await one.sync();
      other.send(`<presence to='${one.session.bare.bare}' type='subscribed'/>`);
      await other.sync();
    };
    const juliet = await server.connect("juliet@capulet.example/balcony");
    for (const client of [romeo, benvolio, juliet]) {
      client.send("<presence/>");
      await client.sync();
    }
    await befriend(romeo, juliet);
    await befriend(benvolio, juliet);
    const first = await connect();
    expect(first.match(/<presence [^>]*from='juliet@capulet\.example\/balcony'/g)).toHaveLength(1);
    juliet.send("<presence><status>here</status></presence>");
    await juliet.sync();
    expect((await sync()).match(/<presence /g)).toHaveLength(1);
    juliet.end();
    await vi.waitFor(async () => expect(await sync()).toMatch(/type='unavailable'/));
  });

  test("of those who are no contacts is not told", async () => {
    await start({ presence: "roster", roster: "get" });
    await connect();
    const juliet = await server.connect("juliet@capulet.example/balcony");
    juliet.send(`<presence to='romeo@${host}'/>`);
    await juliet.sync();
    expect(await sync()).toBe("");
  });
});

test("presence of contacts without their list is no setting", async () => {
  await start({});
  await expect(
    server.core.policy.change({ author: "x", comment: "", audit: null }, (draft) => {
      draft.hosts[host]!.modules["components"] = {
        enabled: true,
        options: { components: [{ domain: "b.@HOST@", secret, privileges: { presence: "roster" } }] },
      };
    }),
  ).rejects.toThrow();
});
