import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import {
  configure,
  coven,
  enter,
  founded,
  outcome,
  owner,
  received,
  service,
  shown,
  submit,
  witches,
} from "./testing.ts";

let server: TestServer;
let crone: TestClient;
let hag: TestClient;

async function open(...args: Parameters<typeof witches>): Promise<void> {
  await server?.stop();
  server = await witches(...args);
  hag = await server.connect("hag66@macbeth.example/pda");
}
const hagEnters = async (nick = "thirdwitch", content = ""): Promise<string[]> =>
  (await enter(hag, nick, content)).map(shown);

beforeEach(() => open());
afterEach(async () => {
  expect(server.complaints).toEqual([]);
});

describe("a room is made by whoever enters first (XEP-0045 10.1)", () => {
  const created = ["available firstwitch owner/moderator 110,170,201", "subject room: "];
  beforeEach(async () => {
    crone = await server.connect("crone1@macbeth.example/desktop");
  });

  test("and is locked until it is configured", async () => {
    expect((await enter(crone, "firstwitch")).map(shown)).toEqual(created);
    expect(await hagEnters()).toEqual(["error item-not-found"]);
    expect(await outcome(hag, `<query ${owner}><x xmlns='jabber:x:data' type='submit'/></query>`)).toBe(
      "item-not-found",
    );
    expect(await outcome(crone, `<query ${owner}><x xmlns='jabber:x:data' type='submit'/></query>`)).toBe("ok");
    expect(await hagEnters()).toEqual([
      "available firstwitch owner/moderator",
      "available thirdwitch none/participant 110,170",
      "subject room: ",
    ]);
    expect(await received(crone)).toEqual(["available thirdwitch none/participant"]);
  });

  test("and goes when its owner does not want it after all", async () => {
    await enter(crone, "firstwitch");
    crone.send(
      `<iq type='set' id='c' to='${coven}'><query ${owner}><x xmlns='jabber:x:data' type='cancel'/></query></iq>`,
    );
    expect(await received(crone)).toEqual(["unavailable firstwitch none/none 110", "iq result"]);
    expect((await enter(crone, "firstwitch")).map(shown)).toEqual(created);
  });

  test("and goes when the last one leaves, unless it is persistent", async () => {
    crone = await founded(server);
    crone.send(`<presence type='unavailable' to='${coven}/firstwitch'/>`);
    await crone.sync();
    expect(await server.stores.rooms.count(service)).toBe(0);
    crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
    crone.send(`<presence type='unavailable' to='${coven}/firstwitch'/>`);
    await crone.sync();
    expect(await server.stores.rooms.count(service)).toBe(1);
    expect(await hagEnters()).toEqual(["available thirdwitch none/participant 110,170", "subject room: "]);
  });

  test("by those whom the access rule lets", async () => {
    await open(
      {},
      { policy: (draft) => (draft.accessRules["muc_create"] = [{ allow: [{ user: "crone1@macbeth.example" }] }]) },
    );
    expect(await hagEnters()).toEqual(["error not-allowed"]);
    crone = await server.connect("crone1@macbeth.example/desktop");
    expect((await enter(crone, "firstwitch")).map(shown)).toEqual(created);
  });

  test("not faster than is allowed", async () => {
    await open({ max_created_per_minute: 2 });
    for (const name of ["a", "b"]) expect((await enter(hag, "x", "", `${name}@${service}`)).length).toBe(2);
    expect((await enter(hag, "x", "", `c@${service}`)).map(shown)).toEqual(["error resource-constraint"]);
    server.clock.advance(60_000);
    expect((await enter(hag, "x", "", `c@${service}`)).length).toBe(2);
  });

  test("as often as anybody likes, if the rooms do not stay", async () => {
    await open({ max_created_per_minute: 2 });
    for (let index = 0; index < 6; index += 1) {
      const room = `r${index}@${service}`;
      expect((await enter(hag, "x", "", room)).length).toBe(2);
      hag.send(`<presence to='${room}/x' type='unavailable'/>`);
      await hag.sync();
    }
  });

  test("under a name of reasonable length", async () => {
    expect((await enter(hag, "x", "", `${"a".repeat(201)}@${service}`)).map(shown)).toEqual(["error not-acceptable"]);
    expect(await server.stores.rooms.count(service)).toBe(0);
  });
});

describe("who may enter (XEP-0045 7.2)", () => {
  test.each<[string, Record<string, string>, string, string[]]>([
    ["members only (7.2.6)", { "muc#roomconfig_membersonly": "1" }, "", ["error registration-required"]],
    [
      "a password, none given (7.2.5)",
      { "muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "cauldronburn" },
      "",
      ["error not-authorized"],
    ],
    [
      "a password, a wrong one",
      { "muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "cauldronburn" },
      "<password>cauldron</password>",
      ["error not-authorized"],
    ],
    [
      "a password, the right one",
      { "muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "cauldronburn" },
      "<password>cauldronburn</password>",
      ["available firstwitch owner/moderator", "available thirdwitch none/participant 110,170", "subject room: "],
    ],
    [
      "a password, and the owner said no more than that",
      { "muc#roomconfig_roomsecret": "cauldronburn" },
      "",
      ["error not-authorized"],
    ],
    ["no more than so many (7.2.10)", { "muc#roomconfig_maxusers": "1" }, "", ["error service-unavailable"]],
    [
      "where addresses are no secret (7.2.4)",
      { "muc#roomconfig_whois": "anyone", "muc#roomconfig_enablearchiving": "0" },
      "",
      ["available firstwitch owner/moderator", "available thirdwitch none/participant 100,110", "subject room: "],
    ],
    [
      "a moderated room",
      { "muc#roomconfig_moderatedroom": "1" },
      "",
      ["available firstwitch owner/moderator", "available thirdwitch none/visitor 110,170", "subject room: "],
    ],
  ])("%s", async (_, fields, content, expected) => {
    await founded(server, fields);
    expect(await hagEnters("thirdwitch", content)).toEqual(expected);
  });

  test("anybody again, when the owner empties the password and says no more", async () => {
    crone = await founded(server, { "muc#roomconfig_roomsecret": "cauldronburn" });
    await configure(crone, { "muc#roomconfig_roomname": "Cave" });
    expect(await hagEnters()).toEqual(["error not-authorized"]);
    await configure(crone, { "muc#roomconfig_roomsecret": [] });
    expect((await hagEnters()).length).toBe(3);
  });

  test("not who is banned (7.2.7)", async () => {
    crone = await founded(server);
    const ban = `<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast' jid='hag66@macbeth.example'/></query>`;
    expect(await outcome(crone, ban)).toBe("ok");
    expect(await hagEnters()).toEqual(["error forbidden"]);
  });

  test.each([
    ["the same", "firstwitch"],
    ["another case", "FirstWitch"],
    ["another width", "ｆirstwitch"],
    ["Cyrillic letters in it", "f\u0456rstw\u0456t\u0441h"],
    ["digits for letters", "F1RSTW1TCH"],
  ])("not under somebody else's nickname: %s (7.2.8)", async (_, nick) => {
    await founded(server);
    expect(await hagEnters(nick)).toEqual(["error conflict"]);
  });

  test.each([
    [" witch", "not-acceptable"],
    ["w".repeat(129), "not-acceptable"],
  ])("not under %j", async (nick, condition) => {
    await founded(server);
    hag.send(`<presence to='${coven}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    expect(await received(hag)).toEqual([`error ${condition}`]);
  });

  test("not without a nickname (7.2.1)", async () => {
    await founded(server);
    hag.send(`<presence to='${coven}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    expect(await received(hag)).toEqual(["error jid-malformed"]);
  });

  test("is told by what it asked with, as old clients need it", async () => {
    await founded(server);
    const [refusal] = await enter(hag, "firstwitch");
    expect(refusal!.has("x", "http://jabber.org/protocol/muc")).toBe(true);
  });

  test("not by mistake: who takes itself for an occupant is told that it is none (7.2.17)", async () => {
    await founded(server);
    hag.send(`<presence to='${coven}/thirdwitch'/>`);
    expect(await received(hag)).toEqual(["unavailable thirdwitch none/none 110,307,333"]);
  });
});

describe("real addresses", () => {
  const jids = (stanzas: Awaited<ReturnType<TestClient["sync"]>>): (string | undefined)[] =>
    stanzas
      .filter(({ kind }) => kind === "presence")
      .map((stanza) => stanza.child("x", "http://jabber.org/protocol/muc#user")?.child("item")?.attr("jid"));

  test.each([
    ["moderators", [undefined, "hag66@macbeth.example/pda"]],
    ["anyone", ["crone1@macbeth.example/desktop", "hag66@macbeth.example/pda"]],
  ])("are seen by %s", async (whois, expected) => {
    crone = await founded(server, { "muc#roomconfig_whois": whois });
    expect(jids(await enter(hag, "thirdwitch"))).toEqual(expected);
    expect(jids(await crone.sync())).toEqual(["hag66@macbeth.example/pda"]);
  });
});

describe("what was said (XEP-0045 7.2.14)", () => {
  beforeEach(async () => {
    crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
    for (let n = 1; n <= 25; n += 1) {
      crone.send(`<message type='groupchat' to='${coven}'><body>${n}</body></message>`);
      server.clock.advance(1000);
    }
    await crone.sync();
  });
  const bodies = async (content: string): Promise<string[]> =>
    (await hagEnters("thirdwitch", content))
      .filter((line) => line.startsWith("firstwitch:"))
      .map((line) => line.slice(12));

  const numbers = (from: number, to = 25): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
  test.each([
    ["as many as the room gives", "", numbers(6)],
    ["none", "<history maxchars='0'/>", []],
    ["so many", "<history maxstanzas='3'/>", numbers(23)],
    ["no more than the room gives", "<history maxstanzas='1000'/>", numbers(6)],
    ["of so many seconds", "<history seconds='4'/>", numbers(22)],
    ["since a time", "<history since='2026-01-01T00:00:20Z'/>", numbers(21)],
    ["the least of several", "<history seconds='4' maxstanzas='2'/>", numbers(24)],
    ["nonsense counts for nothing", "<history maxstanzas='-1' since='yesterday'/>", numbers(6)],
  ])("%s", async (_, content, expected) => {
    expect(await bodies(content)).toEqual(expected);
  });

  test("carries its time, the room's id and that of the occupant", async () => {
    const stanzas = await enter(hag, "thirdwitch", "<history maxstanzas='1'/>");
    const said = stanzas.find((stanza) => stanza.has("body"))!;
    expect(said.child("delay", "urn:xmpp:delay")?.attrs).toEqual(
      new Map([
        ["from", coven],
        ["stamp", "2026-01-01T00:00:24Z"],
      ]),
    );
    expect(said.child("stanza-id", "urn:xmpp:sid:0")?.attr("by")).toBe(coven);
    expect(said.child("occupant-id", "urn:xmpp:occupant-id:0")?.attr("id")).toMatch(/^[\w-]{43}$/);
  });

  test("is there after the room has left memory, and after a restart", async () => {
    crone.send(`<message type='groupchat' to='${coven}'><subject>Fire Burn</subject></message>`);
    crone.send(`<presence type='unavailable' to='${coven}/firstwitch'/>`);
    await crone.sync();
    await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
      draft.modules["muc"] = { enabled: true, options: { name: "Other rooms" } };
    });
    await server.loader.apply(server.core.policy.document);
    expect(await hagEnters("thirdwitch", "<history maxstanzas='2'/>")).toEqual([
      "available thirdwitch none/participant 110,170",
      "firstwitch: 24",
      "firstwitch: 25",
      "subject firstwitch: Fire Burn",
    ]);
  });
});

describe("several clients under one nickname", () => {
  let laptop: TestClient;
  beforeEach(async () => {
    crone = await founded(server);
    await hagEnters();
    await crone.sync();
    laptop = await server.connect("hag66@macbeth.example/laptop");
  });

  test("are one occupant", async () => {
    expect((await enter(laptop, "thirdwitch")).map(shown)).toEqual([
      "available firstwitch owner/moderator",
      "available thirdwitch none/participant 110,170",
      "subject room: ",
    ]);
    expect(await received(crone)).toEqual([]);
    crone.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
    crone.send(`<message type='chat' to='${coven}/thirdwitch'><body>psst</body></message>`);
    await crone.sync();
    for (const client of [hag, laptop])
      expect(await received(client)).toEqual(["firstwitch: hail", "firstwitch: psst"]);
    laptop.send(`<presence type='unavailable' to='${coven}/thirdwitch'/>`);
    expect(await received(laptop)).toEqual(["unavailable thirdwitch none/none 110"]);
    expect(await received(hag)).toEqual([]);
    expect(await received(crone)).toEqual(["available thirdwitch none/participant"]);
    hag.die();
    expect((await crone.take(1)).map(shown)).toEqual(["unavailable thirdwitch none/none"]);
  });

  test("change it together", async () => {
    await enter(laptop, "thirdwitch");
    await crone.sync();
    hag.send(`<presence to='${coven}/oldhag'/>`);
    await hag.sync();
    for (const client of [laptop]) {
      expect(await received(client)).toEqual([
        "unavailable thirdwitch none/participant 110,303",
        "available oldhag none/participant 110",
      ]);
    }
    expect(await received(crone)).toEqual([
      "unavailable thirdwitch none/participant 303",
      "available oldhag none/participant",
    ]);
  });

  test("have several that look alike, which nobody else has until they leave the last", async () => {
    await enter(laptop, "th\u0456rdwitch");
    const banquo = await server.connect("banquo@macbeth.example/x");
    const banquoEnters = async (): Promise<string[]> => (await enter(banquo, "thirdw\u0456tch")).map(shown);
    expect(await banquoEnters()).toEqual(["error conflict"]);
    await crone.sync();
    hag.die();
    await crone.take(1);
    expect(await banquoEnters()).toEqual(["error conflict"]);
    laptop.die();
    await crone.take(1);
    expect(await banquoEnters()).toContain("available thirdw\u0456tch none/participant 110,170");
  });

  test("have several when they like, and may come together", async () => {
    await enter(laptop, "otherhag");
    await crone.sync();
    laptop.send(`<presence to='${coven}/thirdwitch'/>`);
    await laptop.sync();
    expect(await received(crone)).toEqual([
      "unavailable otherhag none/participant 303",
      "available thirdwitch none/participant",
    ]);
    crone.send(`<message type='chat' to='${coven}/thirdwitch'><body>psst</body></message>`);
    await crone.sync();
    expect((await received(laptop)).at(-1)).toBe("firstwitch: psst");
  });
});

test("a client that asks to enter again is told everything again (XEP-0045 7.2.2)", async () => {
  crone = await founded(server);
  await hagEnters();
  await crone.sync();
  expect(await hagEnters()).toEqual([
    "available firstwitch owner/moderator",
    "available thirdwitch none/participant 110,170",
    "subject room: ",
  ]);
  expect(await received(crone)).toEqual(["available thirdwitch none/participant"]);
});

describe("presence to the room itself", () => {
  beforeEach(async () => {
    crone = await founded(server);
    await hagEnters();
    await crone.sync();
  });

  test("tells of another availability as well as under the nickname (XEP-0045 7.7)", async () => {
    hag.send(`<presence to='${coven}'><show>away</show></presence>`);
    expect(await received(hag)).toEqual(["available thirdwitch none/participant 110"]);
    expect(String((await crone.sync())[0])).toContain("<show>away</show>");
  });

  test("says farewell as well as under the nickname (XEP-0045 7.14)", async () => {
    hag.send(`<presence type='unavailable' to='${coven}'><status>Farewell</status></presence>`);
    expect(await received(hag)).toEqual(["unavailable thirdwitch none/none 110"]);
    const [left] = await crone.sync();
    expect([shown(left!), left!.childText("status")]).toEqual(["unavailable thirdwitch none/none", "Farewell"]);
  });

  test("that is an error makes a ghost leave (XEP-0045 11.1)", async () => {
    const gone = `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    hag.send(`<presence type='error' to='${coven}'>${gone}</presence>`);
    await hag.sync();
    expect(await received(crone)).toEqual(["unavailable thirdwitch none/none 333"]);
  });

  test("of somebody who is not in it says nothing (XEP-0045 17.3)", async () => {
    const macbeth = await server.connect("macbeth@macbeth.example/x");
    macbeth.send(`<presence type='unavailable' to='${coven}'/>`);
    expect(await received(macbeth)).toEqual([]);
    expect(await received(crone)).toEqual([]);
  });
});

describe("a presence probe (XEP-0045 17.3)", () => {
  const probe = async (client: TestClient, to: string): Promise<string[]> => {
    client.send(`<presence type='probe' to='${to}'/>`);
    return received(client);
  };
  beforeEach(async () => {
    crone = await founded(server, { "muc#roomconfig_presencebroadcast": ["moderator"] });
    await hagEnters();
    await crone.sync();
  });

  test.each<[string, () => TestClient, string, string[]]>([
    ["an occupant", () => hag, "/firstwitch", ["available firstwitch owner/moderator"]],
    ["itself", () => hag, "/thirdwitch", ["available thirdwitch none/participant"]],
    ["nobody", () => hag, "/banquo", ["error item-not-found"]],
    ["whom only moderators see", () => crone, "/thirdwitch", ["available thirdwitch none/participant"]],
    ["everybody", () => hag, "", ["available firstwitch owner/moderator"]],
  ])("by an occupant of %s", async (_, client, nick, expected) => {
    expect(await probe(client(), `${coven}${nick}`)).toEqual(expected);
  });

  test("of others is not answered where roles are not shown", async () => {
    const macbeth = await server.connect("macbeth@macbeth.example/x");
    await enter(macbeth, "macbeth");
    expect(await probe(macbeth, `${coven}/thirdwitch`)).toEqual(["error item-not-found"]);
  });

  test("by somebody who is not in the room tells nothing", async () => {
    const macbeth = await server.connect("macbeth@macbeth.example/x");
    expect(await probe(macbeth, `${coven}/firstwitch`)).toEqual(["error not-acceptable"]);
    expect(await probe(macbeth, coven)).toEqual([]);
  });
});

test("presence that others see has nothing in it that only a room may say", async () => {
  crone = await founded(server);
  hag.send(
    `<presence to='${coven}/thirdwitch'><x xmlns='http://jabber.org/protocol/muc'/><show>away</show>` +
      `<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x>` +
      `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='again'/></presence>`,
  );
  await hag.sync();
  await crone.expect(
    `<presence from='${coven}/thirdwitch' to='${crone.jid}'><show>away</show><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/>` +
      `<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant' jid='${hag.jid}'/></x></presence>`,
  );
});

test("somebody has one occupant id in a room, whoever looks, and another one elsewhere (XEP-0421)", async () => {
  crone = await founded(server);
  const idIn = async (room: string): Promise<string | undefined> => {
    const stanzas = await enter(hag, "x", "", room);
    const self = stanzas.find(({ from }) => from === `${room}/x`);
    return self?.child("occupant-id", "urn:xmpp:occupant-id:0")?.attr("id");
  };
  const first = await idIn(coven);
  hag.send(`<presence type='unavailable' to='${coven}/x'/>`);
  await hag.sync();
  expect(await idIn(coven)).toBe(first);
  expect(await idIn(`heath@${service}`)).not.toBe(first);
});

test("presence of some roles only (muc#roomconfig_presencebroadcast)", async () => {
  crone = await founded(server, { "muc#roomconfig_presencebroadcast": ["moderator"] });
  expect(await hagEnters()).toEqual([
    "available firstwitch owner/moderator",
    "available thirdwitch none/participant 110,170",
    "subject room: ",
  ]);
  hag.send(`<presence type='unavailable' to='${coven}/thirdwitch'/>`);
  await hag.sync();
  expect(await received(crone)).toEqual([]);
});

test("coming and going too fast is refused", async () => {
  await open({ max_per_second: 1 });
  await founded(server);
  for (let n = 0; n < 5; n += 1) await hagEnters();
  expect(await hagEnters()).toEqual(["error resource-constraint"]);
  server.clock.advance(1000);
  expect((await hagEnters()).length).toBe(3);
});

test("a registered nickname where the service insists on it (XEP-0045 7.10)", async () => {
  await open({ enforce_registered_nicks: true });
  crone = await founded(server);
  const form = `<query xmlns='jabber:iq:register'>${submit("register", { "muc#register_roomnick": "thirdwitch" })}</query>`;
  expect(await outcome(hag, form)).toBe("ok");
  expect((await hagEnters("oldhag")).slice(1)).toEqual([
    "available thirdwitch member/participant 110,170,210",
    "subject room: ",
  ]);
  hag.send(`<presence to='${coven}/oldhag'/>`);
  expect(await received(hag)).toEqual(["error not-acceptable"]);
});

test("the owner who turns a room temporary has it gone when all have left", async () => {
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  await configure(crone, { "muc#roomconfig_persistentroom": "0" });
  crone.send(`<presence type='unavailable' to='${coven}/firstwitch'/>`);
  await crone.sync();
  expect(await server.stores.rooms.count(service)).toBe(0);
});

test("the service says goodbye (XEP-0045 11.2)", async () => {
  crone = await founded(server);
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.modules["muc"] = { enabled: false, options: {} };
  });
  await server.loader.apply(server.core.policy.document);
  expect(await received(crone)).toEqual(["unavailable firstwitch owner/none 110,332"]);
});

test("a large room, where people come and go faster than all are told", async () => {
  await open({ max_per_second: 0 });
  crone = await founded(server, { "muc#roomconfig_presencebroadcast": "none" });
  const clients = await Promise.all(Array.from({ length: 520 }, (_, n) => server.connect(`u${n}@macbeth.example/x`)));
  for (const [n, client] of clients.entries()) await enter(client, `u${n}`);
  const everybody = ["moderator", "participant", "visitor"];
  await configure(crone, { "muc#roomconfig_presencebroadcast": everybody });
  await crone.sync();
  const last = clients.at(-1)!;
  expect((await last.take(1)).map(shown)).toEqual(["message room 104"]);
  hag.send(`<presence to='${coven}/thirdwitch'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  hag.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
  hag.send(`<presence to='${coven}/oldhag'/>`);
  hag.send(`<presence type='unavailable' to='${coven}/oldhag'/>`);
  const told = [
    "available thirdwitch none/participant",
    "thirdwitch: hail",
    "unavailable thirdwitch none/participant 303",
    "available oldhag none/participant",
    "unavailable oldhag none/none",
  ];
  expect((await crone.take(5)).map(shown)).toEqual(told);
  expect((await last.take(5)).map(shown)).toEqual(told);
});
