import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { roomServicesOf } from "../../features/room-services.ts";
import { Jid } from "../../xmpp/jid.ts";
import {
  admin,
  ask,
  condition,
  configure,
  coven,
  enter,
  founded,
  items,
  outcome,
  received,
  shown,
  submit,
  witches,
} from "./testing.ts";

/** crone1 owns the room, wiccarocks is admin, hag66 member, duncan nothing, macbeth not there. */
let server: TestServer;
let crone: TestClient;
let wicca: TestClient;
let hag: TestClient;
let duncan: TestClient;

const jid = (name: string): string => `${name}@macbeth.example`;
const item = (attributes: string, reason = ""): string =>
  `<query ${admin}><item ${attributes}>${reason === "" ? "" : `<reason>${reason}</reason>`}</item></query>`;
const clients = (): Record<string, TestClient> => ({ owner: crone, admin: wicca, member: hag, none: duncan });

beforeEach(async () => {
  server = await witches();
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  await outcome(crone, item(`affiliation='admin' jid='${jid("wiccarocks")}'`));
  await outcome(crone, item(`affiliation='member' jid='${jid("hag66")}'`));
  wicca = await server.connect(`${jid("wiccarocks")}/laptop`);
  hag = await server.connect(`${jid("hag66")}/pda`);
  duncan = await server.connect(`${jid("duncan")}/x`);
  await enter(wicca, "secondwitch");
  await enter(hag, "thirdwitch");
  await enter(duncan, "duncan");
  for (const client of [crone, wicca, hag, duncan]) await client.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

describe("who may do what to whom", () => {
  // XEP-0045 5.1.1, 5.2.1: the actor, what they want, and what comes of it.
  test.each([
    ["owner", "role='none' nick='secondwitch'", "ok"],
    ["owner", "affiliation='owner' jid='wiccarocks@macbeth.example'", "ok"],
    ["owner", "affiliation='none' jid='wiccarocks@macbeth.example'", "ok"],
    ["owner", "affiliation='none' jid='crone1@macbeth.example'", "conflict"],
    ["owner", "affiliation='outcast' jid='crone1@macbeth.example'", "conflict"],
    ["admin", "role='none' nick='duncan'", "ok"],
    ["admin", "role='none' nick='thirdwitch'", "ok"],
    ["admin", "role='none' nick='firstwitch'", "not-allowed"],
    ["admin", "role='none' nick='secondwitch'", "not-allowed"],
    ["admin", "role='visitor' nick='firstwitch'", "not-allowed"],
    ["admin", "role='participant' nick='secondwitch'", "not-allowed"],
    ["admin", "role='moderator' nick='duncan'", "ok"],
    ["admin", "affiliation='member' jid='macbeth@macbeth.example'", "ok"],
    ["admin", "affiliation='outcast' jid='macbeth@macbeth.example'", "ok"],
    ["admin", "affiliation='outcast' jid='hag66@macbeth.example'", "ok"],
    ["admin", "affiliation='outcast' jid='crone1@macbeth.example'", "not-allowed"],
    ["admin", "affiliation='outcast' jid='macbeth.example'", "not-allowed"],
    ["admin", "affiliation='none' jid='crone1@macbeth.example'", "not-allowed"],
    ["admin", "affiliation='admin' jid='hag66@macbeth.example'", "forbidden"],
    ["admin", "affiliation='owner' jid='wiccarocks@macbeth.example'", "forbidden"],
    ["member", "role='none' nick='duncan'", "forbidden"],
    ["member", "role='moderator' nick='thirdwitch'", "forbidden"],
    ["member", "affiliation='owner' jid='hag66@macbeth.example'", "forbidden"],
    ["member", "affiliation='outcast' jid='duncan@macbeth.example'", "forbidden"],
    ["none", "affiliation='member' jid='duncan@macbeth.example'", "forbidden"],
    ["none", "role='visitor' nick='thirdwitch'", "forbidden"],
  ])("%s: %s is %s", async (who, attributes, expected) => {
    expect(await outcome(clients()[who]!, item(attributes))).toBe(expected);
  });

  test.each([
    ["a role that there is not", "role='king' nick='duncan'", "bad-request"],
    ["an affiliation that there is not", "affiliation='king' jid='duncan@macbeth.example'", "bad-request"],
    ["from Object", "affiliation='constructor' jid='duncan@macbeth.example'", "bad-request"],
    ["nobody's role", "role='none'", "bad-request"],
    ["somebody who is not there", "role='none' nick='banquo'", "item-not-found"],
    ["an address that is none", "affiliation='member' jid='@'", "jid-malformed"],
    ["nothing", "", "bad-request"],
  ])("no owner can do nonsense: %s", async (_, attributes, expected) => {
    expect(await outcome(crone, item(attributes))).toBe(expected);
  });

  test("all of several changes, or none", async () => {
    const both = `<query ${admin}><item role='none' nick='duncan'/><item affiliation='owner' jid='${jid("duncan")}'/></query>`;
    expect(await outcome(wicca, both)).toBe("forbidden");
    expect(await received(duncan)).toEqual([]);
  });

  test.each([
    ["nobody would own the room", `<item affiliation='none' jid='${jid("crone1")}'/>`],
    [
      "two would have the same nickname",
      `<item affiliation='member' jid='${jid("duncan")}' nick='King'/><item affiliation='member' jid='${jid("macbeth")}' nick='king'/>`,
    ],
  ])("nobody is kicked when %s", async (_, more) => {
    expect(await outcome(crone, `<query ${admin}><item role='none' nick='duncan'/>${more}</query>`)).toBe("conflict");
    expect(await received(duncan)).toEqual([]);
  });

  test("a moderator by role deals with visitors and participants, not with who is above", async () => {
    await outcome(wicca, item("role='moderator' nick='duncan'"));
    await duncan.sync();
    expect(await outcome(duncan, item("role='visitor' nick='thirdwitch'"))).toBe("ok");
    expect(await outcome(duncan, item("role='none' nick='secondwitch'"))).toBe("not-allowed");
    expect(await outcome(duncan, item("role='moderator' nick='thirdwitch'"))).toBe("forbidden");
    expect(await outcome(duncan, item("role='none' nick='thirdwitch'"))).toBe("not-allowed");
    expect(await outcome(duncan, item("affiliation='outcast' jid='macbeth@macbeth.example'"))).toBe("forbidden");
  });
});

describe("what the room is told", () => {
  test("of a kick, with who and why (8.2)", async () => {
    await outcome(wicca, item("role='none' nick='duncan'", "Avaunt"));
    const [out] = await duncan.sync();
    expect(shown(out!)).toBe("unavailable duncan none/none 110,307");
    const told = out!.child("x", "http://jabber.org/protocol/muc#user")!.child("item")!;
    expect([told.child("actor")?.attr("nick"), told.childText("reason")]).toEqual(["secondwitch", "Avaunt"]);
    expect(await received(hag)).toEqual(["unavailable duncan none/none 307"]);
  });
  test.each([
    ["voice revoked (8.4)", "role='visitor' nick='duncan'", "available duncan none/visitor"],
    ["moderator (9.6)", "role='moderator' nick='duncan'", "available duncan none/moderator"],
    ["ban (9.1)", "affiliation='outcast' jid='duncan@macbeth.example'", "unavailable duncan outcast/none 301"],
    ["member (9.3)", "affiliation='member' jid='duncan@macbeth.example'", "available duncan member/participant"],
    ["by nickname", "affiliation='member' nick='duncan'", "available duncan member/participant"],
    ["admin (10.6)", "affiliation='admin' jid='duncan@macbeth.example'", "available duncan admin/moderator"],
    [
      "admin no more (10.7)",
      "affiliation='member' jid='wiccarocks@macbeth.example'",
      "available secondwitch member/participant",
    ],
    ["owner (10.3)", "affiliation='owner' jid='hag66@macbeth.example'", "available thirdwitch owner/moderator"],
    ["member no more (9.4)", "affiliation='none' jid='hag66@macbeth.example'", "available thirdwitch none/participant"],
    ["a whole server", "affiliation='outcast' jid='elsewhere.example'", "message room 301"],
    ["somebody who is not there (9.3)", "affiliation='member' jid='macbeth@macbeth.example'", "message room"],
  ])("%s", async (_, attributes, expected) => {
    expect(await outcome(crone, item(attributes))).toBe("ok");
    expect(await received(wicca)).toContain(expected.includes("secondwitch") ? `${expected} 110` : expected);
  });

  test("of a ban of somebody who is not there, and why", async () => {
    await outcome(crone, item("affiliation='outcast' jid='macbeth@macbeth.example'", "Murder"));
    const [told] = (await wicca.sync()).map((one) => one.child("x", "http://jabber.org/protocol/muc#user")!);
    expect(told!.child("status")?.attr("code")).toBe("301");
    const who = told!.child("item")!;
    expect([who.attr("jid"), who.childText("reason")]).toEqual(["macbeth@macbeth.example", "Murder"]);
  });

  test("of somebody who is not there only those who may see addresses", async () => {
    await outcome(crone, item("affiliation='member' jid='macbeth@macbeth.example'"));
    expect(await received(hag)).toEqual([]);
  });

  test("of a member of a room for members who is one no more (9.4)", async () => {
    await outcome(crone, item("affiliation='member' jid='duncan@macbeth.example'"));
    await configure(crone, { "muc#roomconfig_membersonly": "1" });
    await outcome(wicca, item("affiliation='none' jid='duncan@macbeth.example'"));
    expect((await received(duncan)).at(-1)).toBe("unavailable duncan none/none 110,321");
  });

  test("a banned server's users leave, all of them, but not its owner", async () => {
    expect(await outcome(crone, item("affiliation='outcast' jid='macbeth.example'"))).toBe("ok");
    expect(await received(duncan)).toContain("unavailable duncan outcast/none 110,301");
    // Whoever has an affiliation of their own keeps it.
    expect(await received(hag)).toEqual(["unavailable duncan outcast/none 301"]);
  });
});

describe("lists", () => {
  const list = async (client: TestClient, attributes: string): Promise<string[] | string> => {
    const answer = await ask(client, "get", item(attributes));
    return condition(answer) ?? items(answer).map((one) => one.attr("jid") ?? "");
  };
  test.each([
    ["owner", "affiliation='owner'", ["crone1@macbeth.example"]],
    ["admin", "affiliation='owner'", ["crone1@macbeth.example"]],
    ["admin", "affiliation='admin'", ["wiccarocks@macbeth.example"]],
    ["admin", "affiliation='member'", ["hag66@macbeth.example"]],
    ["admin", "affiliation='outcast'", []],
    ["admin", "role='participant'", ["hag66@macbeth.example/pda", "duncan@macbeth.example/x"]],
    ["admin", "role='moderator'", ["crone1@macbeth.example/desktop", "wiccarocks@macbeth.example/laptop"]],
    ["member", "role='participant'", "forbidden"],
    ["member", "affiliation='member'", "forbidden"],
    ["none", "affiliation='owner'", "forbidden"],
    ["owner", "affiliation='none'", "bad-request"],
    ["owner", "", "bad-request"],
  ])("%s reads %s", async (who, attributes, expected) => {
    expect(await list(clients()[who]!, attributes)).toEqual(expected);
  });

  // CVE-2021-37601.
  test("in a room for members without secrets, its members read who belongs to it; nobody else does", async () => {
    await configure(crone, { "muc#roomconfig_membersonly": "1", "muc#roomconfig_whois": "anyone" });
    expect(await list(hag, "affiliation='member'")).toEqual(["hag66@macbeth.example"]);
    expect(await list(hag, "affiliation='outcast'")).toBe("forbidden");
    expect(await list(duncan, "affiliation='member'")).toBe("forbidden");
    const outside = await server.connect(`${jid("macbeth")}/x`);
    expect(await list(outside, "affiliation='member'")).toBe("forbidden");
    // Members need not be there to know.
    const elsewhere = await server.connect(`${jid("hag66")}/elsewhere`);
    expect(await list(elsewhere, "affiliation='owner'")).toEqual(["crone1@macbeth.example"]);
    await configure(crone, { "muc#roomconfig_getmemberlist": ["moderator"] });
    for (const client of [hag, elsewhere]) expect(await list(client, "affiliation='member'")).toBe("forbidden");
  });

  test("survive the room's leaving memory", async () => {
    await outcome(crone, item("affiliation='outcast' jid='macbeth@macbeth.example'", "Murder"));
    for (const [client, nick] of [
      [crone, "firstwitch"],
      [wicca, "secondwitch"],
      [hag, "thirdwitch"],
      [duncan, "duncan"],
    ] as const) {
      client.send(`<presence type='unavailable' to='${coven}/${nick}'/>`);
      await client.sync();
    }
    const [found] = items(await ask(crone, "get", item("affiliation='outcast'")));
    expect([found?.attr("jid"), found?.childText("reason")]).toEqual(["macbeth@macbeth.example", "Murder"]);
  });
});

describe("registration (XEP-0045 7.10)", () => {
  const form = (nick: string): string =>
    `<query xmlns='jabber:iq:register'>${submit("register", { "muc#register_roomnick": nick })}</query>`;
  const registered = async (client: TestClient): Promise<string | undefined> =>
    (await ask(client, "get", "<query xmlns='jabber:iq:register'/>")).payload?.childText("username");

  test("makes a member, with a nickname that is theirs", async () => {
    expect(await registered(duncan)).toBeUndefined();
    expect(await outcome(duncan, form("King"))).toBe("ok");
    expect(await registered(duncan)).toBe("King");
    expect(await received(hag)).toEqual(["available duncan member/participant"]);
    expect(await outcome(hag, form("king"))).toBe("conflict");
    for (const nick of ["KING", "K\u0406NG"]) {
      hag.send(`<presence to='${coven}/${nick}'/>`);
      expect(await received(hag)).toEqual(["error conflict"]);
    }
    const info = await ask(
      duncan,
      "get",
      "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>",
    );
    expect(info.payload?.child("identity")?.attr("name")).toBe("King");
  });
  test("is undone", async () => {
    await outcome(duncan, form("King"));
    expect(await outcome(duncan, "<query xmlns='jabber:iq:register'><remove/></query>")).toBe("ok");
    expect(await registered(duncan)).toBeUndefined();
    expect(await outcome(hag, form("King"))).toBe("ok");
    await outcome(hag, "<query xmlns='jabber:iq:register'><remove/></query>");
    expect(await outcome(hag, "<query xmlns='jabber:iq:register'><remove/></query>")).toBe("registration-required");
  });
  test("gives nobody more than they have: an admin decides in a moderated room, or one for members (9.9)", async () => {
    await configure(crone, { "muc#roomconfig_membersonly": "1" });
    wicca.send("<presence/>");
    await wicca.sync();
    expect(await outcome(duncan, form("King"))).toBe("ok");
    expect(await registered(duncan)).toBeUndefined();
    const request = (await wicca.sync()).find((stanza) => stanza.has("x", "jabber:x:data"));
    const values = request!
      .child("x", "jabber:x:data")!
      .elements("field")
      .map((field) => field.childText("value"));
    expect(values).toEqual(["http://jabber.org/protocol/muc#register", jid("duncan"), "King", "0"]);
    const approval = submit("register", {
      "muc#register_jid": jid("duncan"),
      "muc#register_roomnick": "King",
      "muc#register_allow": "1",
    });
    duncan.send(`<message to='${coven}'>${approval}</message>`);
    expect(await received(duncan)).toContain("error forbidden");
    wicca.send(`<message to='${coven}'>${approval}</message>`);
    await wicca.sync();
    expect(await registered(duncan)).toBe("King");
  });
  test.each([
    ["no form", "<query xmlns='jabber:iq:register'/>", "bad-request"],
    ["no nickname", `<query xmlns='jabber:iq:register'>${submit("register", {})}</query>`, "bad-request"],
    [
      "another form",
      `<query xmlns='jabber:iq:register'>${submit("request", { "muc#register_roomnick": "x" })}</query>`,
      "bad-request",
    ],
  ])("needs a form: %s", async (_, payload, expected) => {
    expect(await outcome(duncan, payload)).toBe(expected);
  });
  test("is not for who is banned", async () => {
    await outcome(crone, item("affiliation='outcast' jid='duncan@macbeth.example'"));
    await duncan.sync();
    expect(await outcome(duncan, form("King"))).toBe("not-allowed");
  });
});

describe("limits", () => {
  test("of one request", async () => {
    const many = Array.from({ length: 1001 }, (_, n) => `<item affiliation='member' jid='u${n}@macbeth.example'/>`);
    expect(await outcome(crone, `<query ${admin}>${many.join("")}</query>`)).toBe("bad-request");
    expect(await outcome(crone, `<query ${admin}/>`)).toBe("bad-request");
  });

  test("of a reason", async () => {
    expect(await outcome(crone, item("role='none' nick='duncan'", "x".repeat(5000)))).toBe("not-acceptable");
  });

  test("of the lists", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      draft.modules["muc"] = { enabled: true, options: { max_affiliations: 10 } };
    });
    await server.loader.apply(server.core.policy.document);
    for (let n = 3; n < 10; n += 1)
      expect(await outcome(crone, item(`affiliation='member' jid='u${n}@macbeth.example'`))).toBe("ok");
    expect(await outcome(crone, item("affiliation='member' jid='u10@macbeth.example'"))).toBe("resource-constraint");
    expect(await outcome(crone, item("affiliation='admin' jid='u9@macbeth.example'"))).toBe("ok");
    expect(await outcome(crone, item("affiliation='none' jid='u9@macbeth.example'"))).toBe("ok");
    expect(await outcome(crone, item("affiliation='member' jid='u10@macbeth.example'"))).toBe("ok");
  });
});

test("whoever takes a removed account's name is nothing to its rooms", async () => {
  await server.core.accounts.remove(Jid.parse(jid("wiccarocks")));
  expect(items(await ask(crone, "get", item("affiliation='admin'")))).toEqual([]);
});

test("service admins are owners everywhere (access rule muc_admin)", async () => {
  await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    draft.accessRules["muc_admin"] = [{ allow: [{ user: jid("duncan") }] }];
  });
  expect(await outcome(duncan, item("affiliation='member' jid='macbeth@macbeth.example'"))).toBe("ok");
  expect(await outcome(hag, item("affiliation='member' jid='macbeth@macbeth.example'"))).toBe("forbidden");
});

test("a host hears of its accounts once for the rooms of all hosts, however many there are", async () => {
  const { core } = server;
  const [home] = core.hosts.all();
  const handlers = (): string[] =>
    home!.hooks.names().flatMap((name) => home!.hooks.chain(name).map(({ module }) => module));
  const before = handlers().filter((module) => module === "muc").length;
  await core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
    for (let n = 0; n < 20; n += 1) draft.hosts[`h${n}.example`] = structuredClone(draft.hosts[home!.name]!);
  });
  await expect.poll(() => roomServicesOf(core).get("conference.h19.example")).toBeDefined();
  expect(handlers().filter((module) => module === "muc")).toHaveLength(before);
});
