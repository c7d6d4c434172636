import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { parseForm } from "../../xmpp/forms.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import {
  ask,
  condition,
  configure,
  coven,
  enter,
  founded,
  items,
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

beforeEach(async () => {
  server = await witches();
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  hag = await server.connect("hag66@macbeth.example/pda");
  await enter(hag, "thirdwitch");
  await crone.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const form = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const answer = await ask(crone, "get", `<query ${owner}/>`);
  return parseForm(answer.payload!.child("x", "jabber:x:data")!)!.values;
};

describe("owners and admins in the configuration (XEP-0045 10.2)", () => {
  const owners = "muc#roomconfig_roomowners";
  const admins = "muc#roomconfig_roomadmins";
  const hagJid = "hag66@macbeth.example";
  const croneJid = "crone1@macbeth.example";
  const lists = async () => {
    const values = await form();
    return [values.get(owners), values.get(admins)];
  };

  test("are given a list each, and told of it", async () => {
    expect(await lists()).toEqual([[croneJid], []]);
    await configure(crone, { [admins]: [hagJid, "macduff@x.example"] });
    expect(await received(hag)).toContain("available thirdwitch admin/moderator 110");
    expect(await lists()).toEqual([[croneJid], [hagJid, "macduff@x.example"]]);
  });

  test("move from one list to the other, or leave both", async () => {
    await configure(crone, { [admins]: [hagJid, "macduff@x.example"] });
    await configure(crone, { [owners]: [croneJid, hagJid], [admins]: [] });
    expect(await lists()).toEqual([[croneJid, hagJid], []]);
    await configure(crone, { [owners]: [croneJid], [admins]: [hagJid] });
    expect(await lists()).toEqual([[croneJid], [hagJid]]);
    await hag.sync();
    await configure(crone, { [admins]: [] });
    expect(await received(hag)).toContain("available thirdwitch none/participant 110");
  });

  test.each([
    ["a room needs an owner", { [owners]: [] }, "conflict"],
    ["an address that is none", { [admins]: ["a@@b"] }, "jid-malformed"],
    ["too many of them", { [admins]: Array.from({ length: 1001 }, (_, n) => `a${n}@x.example`) }, "not-acceptable"],
  ])("are refused: %s, and nothing else is changed", async (_, fields, error) => {
    const values = { ...fields, "muc#roomconfig_roomname": "Changed" };
    expect(await outcome(crone, `<query ${owner}>${submit("roomconfig", values)}</query>`)).toBe(error);
    expect((await form()).get("muc#roomconfig_roomname")).toEqual([""]);
    expect(await lists()).toEqual([[croneJid], []]);
  });
});

describe("the configuration (XEP-0045 10.2)", () => {
  test("is shown to owners, and what is sent back unchanged changes nothing", async () => {
    const values = await form();
    expect(values.get("nightpost#absent")).toEqual(["mentions"]);
    const { FORM_TYPE: _, ...same } = Object.fromEntries(values);
    expect((await configure(crone, same)).map(shown)).toEqual(["iq result"]);
    expect(await form()).toEqual(values);
    expect((await configure(crone, { "muc#roomconfig_membersonly": "1" })).length).toBeGreaterThan(1);
    expect((await form()).get("nightpost#absent")).toEqual(["all"]);
  });

  test.each<[string, string | string[], string | undefined]>([
    ["muc#roomconfig_roomname", "A Dark Cave", undefined],
    ["muc#roomconfig_roomdesc", "The place for all good witches!", undefined],
    ["muc#roomconfig_lang", "en", undefined],
    ["muc#roomconfig_persistentroom", "0", undefined],
    ["muc#roomconfig_publicroom", "0", undefined],
    ["muc#roomconfig_moderatedroom", "1", undefined],
    ["muc#roomconfig_changesubject", "1", undefined],
    ["muc#roomconfig_allowinvites", "0", undefined],
    ["muc#roomconfig_allowpm", "moderators", undefined],
    ["muc#roomconfig_maxusers", "20", undefined],
    ["muc#roomconfig_maxusers", "none", "10000"],
    ["muc#roomconfig_maxusers", "99999", "10000"],
    ["muc#roomconfig_presencebroadcast", ["moderator", "participant"], undefined],
    ["muc#roomconfig_getmemberlist", ["moderator"], undefined],
    ["muc#roomconfig_enablearchiving", "0", undefined],
    ["muc#roomconfig_enablelogging", "0", undefined],
    ["muc#maxhistoryfetch", "7", undefined],
    ["muc#maxhistoryfetch", "1000", "50"],
    ["muc#roomconfig_whois", "anyone", undefined],
    ["nightpost#absent", "none", undefined],
  ])("%s: %s", async (name, value, becomes) => {
    await configure(crone, { [name]: value });
    expect((await form()).get(name)).toEqual([becomes ?? value].flat());
  });

  test.each([
    ["0", "1", "0"],
    ["1", "0", "0"],
    ["1", "1", "1"],
  ])(
    "of two names for one setting the one that was changed counts: archiving %s, logging %s",
    async (one, other, is) => {
      const fields = ["muc#roomconfig_enablearchiving", "muc#roomconfig_enablelogging"] as const;
      await configure(crone, { [fields[0]]: one, [fields[1]]: other });
      const now = await form();
      expect(fields.map((name) => now.get(name))).toEqual([[is], [is]]);
      await configure(crone, { [fields[0]]: is, [fields[1]]: "1" });
      expect((await form()).get(fields[0])).toEqual(["1"]);
    },
  );

  test.each([
    ["muc#roomconfig_persistentroom", "maybe", "bad-request"],
    ["muc#roomconfig_whois", "nobody", "bad-request"],
    ["muc#roomconfig_allowpm", "constructor", "bad-request"],
    ["muc#roomconfig_maxusers", "-1", "bad-request"],
    ["muc#roomconfig_presencebroadcast", "king", "bad-request"],
    ["nightpost#absent", "some", "bad-request"],
    ["muc#roomconfig_roomdesc", "x".repeat(5000), "not-acceptable"],
    ["muc#roomconfig_passwordprotectedroom", "1", "not-acceptable"],
  ])("not %s: %s", async (name, value, expected) => {
    const before = await form();
    expect((await configure(crone, { [name]: value })).map(shown)).toEqual([`error ${expected}`]);
    expect(await form()).toEqual(before);
  });

  // XEP-0045 16.5.3, which clients hold servers to.
  test("has each field in the type that is registered for it, and what is chosen among the options", async () => {
    await configure(crone, { "muc#roomconfig_maxusers": "7" });
    const shownForm = (await ask(crone, "get", `<query ${owner}/>`)).payload!.payload!;
    const fields = new Map(shownForm.elements("field").map((one) => [one.attr("var"), one]));
    expect(fields.get("muc#roomconfig_maxusers")!.attr("type")).toBe("list-single");
    for (const [name, one] of fields) {
      const options = one.elements("option").map((option) => option.childText("value"));
      if (options.length === 0) continue;
      for (const { text } of one.elements("value"))
        expect([name, options]).toEqual([name, expect.arrayContaining([text])]);
    }
  });

  test("is for nobody else", async () => {
    expect(condition(await ask(hag, "get", `<query ${owner}/>`))).toBe("forbidden");
    expect(await outcome(hag, `<query ${owner}>${submit("roomconfig", {})}</query>`)).toBe("forbidden");
    expect(await outcome(hag, `<query ${owner}><destroy/></query>`)).toBe("forbidden");
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["its name", { "muc#roomconfig_roomname": "A Dark Cave" }, ["message room 104"]],
    ["addresses are no secret", { "muc#roomconfig_whois": "anyone" }, ["message room 172"]],
    ["nothing is kept", { "muc#roomconfig_enablearchiving": "0" }, ["message room 171"]],
    ["nothing is logged", { "muc#roomconfig_enablelogging": "0" }, ["message room 171"]],
    ["for members only", { "muc#roomconfig_membersonly": "1" }, ["unavailable thirdwitch none/none 110,322"]],
  ])("who is there is told: %s (10.2.1)", async (_, fields, expected) => {
    await configure(crone, fields);
    expect(await received(hag)).toEqual(expected);
  });

  test("moderated no more, visitors may speak", async () => {
    await configure(crone, { "muc#roomconfig_moderatedroom": "1" });
    const duncan = await server.connect("duncan@macbeth.example/x");
    await enter(duncan, "duncan");
    await configure(crone, { "muc#roomconfig_moderatedroom": "0" });
    expect(await received(duncan)).toEqual(["message room 104", "available duncan none/participant 110"]);
  });
});

describe("a room that is destroyed (XEP-0045 10.9)", () => {
  const destruction = `<query ${owner}><destroy jid='heath@${service}'><reason>Macbeth doth come.</reason></destroy></query>`;
  test("tells everybody where to go, and is gone with what was said", async () => {
    hag.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
    await hag.sync();
    expect(await outcome(crone, destruction)).toBe("ok");
    const last = (await hag.sync()).at(-1)!;
    expect(shown(last)).toBe("unavailable thirdwitch none/none 110");
    const told = last.child("x", "http://jabber.org/protocol/muc#user")!.child("destroy")!;
    expect([told.attr("jid"), told.childText("reason")]).toEqual([`heath@${service}`, "Macbeth doth come."]);
    hag.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
    expect(await received(hag)).toEqual(["error item-not-found"]);
    await founded(server);
    expect((await enter(hag, "thirdwitch")).map(shown)).not.toContain("thirdwitch: hail");
  });
  test("needs an address for a venue", async () => {
    expect(await outcome(crone, `<query ${owner}><destroy jid='@'/></query>`)).toBe("jid-malformed");
  });
});

describe("what is found (XEP-0030)", () => {
  const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
  const list = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
  const features = async (to: string): Promise<(string | undefined)[]> =>
    (await ask(hag, "get", info, to)).payload!.elements("feature").map((one) => one.attr("var"));

  test("the service (6.1, 6.2)", async () => {
    const items = await ask(hag, "get", list, "macbeth.example");
    expect(items.payload!.elements("item").map((one) => one.attr("jid"))).toContain(service);
    expect(await features(service)).toEqual(
      expect.arrayContaining(["http://jabber.org/protocol/muc", "vcard-temp", "urn:xmpp:occupant-id:0"]),
    );
  });

  test("its public rooms, page by page (6.3)", async () => {
    for (const name of ["a", "b", "c"]) {
      await enter(crone, "x", "", `${name}@${service}`);
      await configure(crone, { "muc#roomconfig_publicroom": name === "b" ? "0" : "1" }, `${name}@${service}`);
    }
    const jids = async (query: string): Promise<string[]> =>
      items(await ask(hag, "get", query, service)).map((one) => one.attr("jid") ?? "");
    expect(await jids(list)).toEqual([`a@${service}`, `c@${service}`, coven]);
    const page = (set: string): string =>
      `<query xmlns='http://jabber.org/protocol/disco#items'><set xmlns='http://jabber.org/protocol/rsm'>${set}</set></query>`;
    expect(await jids(page("<max>2</max>"))).toEqual([`a@${service}`, `c@${service}`]);
    expect(await jids(page("<max>2</max><after>c</after>"))).toEqual([coven]);
    expect(await jids(page("<max>0</max>"))).toEqual([]);
    expect(condition(await ask(hag, "get", page("<max>x</max>"), service))).toBe("bad-request");
    expect(condition(await ask(hag, "get", page("<before/>"), service))).toBe("feature-not-implemented");
  });

  test("no more than so many at once", async () => {
    const { rooms } = server.stores;
    const [{ affiliations: _, ...row }] = [(await rooms.find(service, "coven"))!];
    for (let n = 0; n < 505; n += 1) await rooms.create({ ...row, local: `r${n}`, affiliations: [] });
    const answer = await ask(hag, "get", list, service);
    expect(items(answer).length).toBe(500);
    expect(answer.payload!.child("set", "http://jabber.org/protocol/rsm")?.childText("last")).toBeDefined();
  });

  test.each([
    ["muc#roomconfig_publicroom", "muc_public", "muc_hidden"],
    ["muc#roomconfig_membersonly", "muc_membersonly", "muc_open"],
    ["muc#roomconfig_moderatedroom", "muc_moderated", "muc_unmoderated"],
    ["muc#roomconfig_persistentroom", "muc_persistent", "muc_temporary"],
    ["muc#roomconfig_enablearchiving", "urn:xmpp:mam:2", null],
  ])("%s shows (6.4)", async (field, yes, no) => {
    await configure(crone, { [field]: "1" });
    expect(await features(coven)).toContain(yes);
    await configure(crone, { [field]: "0" });
    if (no !== null) expect(await features(coven)).toContain(no);
    expect(await features(coven)).not.toContain(yes);
  });

  test("a room's name and what else it says of itself", async () => {
    await configure(crone, { "muc#roomconfig_roomname": "A Dark Cave", "muc#roomconfig_roomdesc": "Witches" });
    const { payload } = await ask(hag, "get", info);
    expect(payload!.child("identity")?.attr("name")).toBe("A Dark Cave");
    const values = parseForm(payload!.child("x", "jabber:x:data")!)!;
    expect(values.formType).toBe("http://jabber.org/protocol/muc#roominfo");
    expect(values.values.get("muc#roominfo_description")).toEqual(["Witches"]);
    expect(values.values.get("muc#roominfo_occupants")).toEqual(["2"]);
  });

  test("who is there, for everybody where everybody may enter (6.5)", async () => {
    const duncan = await server.connect("duncan@macbeth.example/x");
    const who = async (): Promise<number> => items(await ask(duncan, "get", list)).length;
    expect(await who()).toBe(2);
    await configure(crone, { "muc#roomconfig_publicroom": "0" });
    expect(await who()).toBe(0);
  });

  test.each([
    ["a room that is not there", `heath@${service}`, info],
    ["a node that is not there", coven, "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>"],
  ])("%s", async (_, to, query) => {
    expect(condition(await ask(hag, "get", query, to))).toBe("item-not-found");
  });
});

describe("the card of a room (XEP-0486)", () => {
  const card = "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>aGVsbG8=</BINVAL></PHOTO></vCard>";
  const hash = async (): Promise<readonly string[] | undefined> => {
    const answer = await ask(hag, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    return parseForm(answer.payload!.child("x", "jabber:x:data")!)!.values.get("muc#roominfo_avatarhash");
  };
  test("is set by owners and read by all, with the picture's hash in disco", async () => {
    expect(await outcome(hag, card)).toBe("forbidden");
    expect(await outcome(crone, card)).toBe("ok");
    expect(await received(hag)).toEqual(["available room undefined/undefined", "message room 104"]);
    expect(String((await ask(hag, "get", "<vCard xmlns='vcard-temp'/>")).payload)).toBe(card);
    expect(await hash()).toEqual(["aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"]);
    expect(await outcome(crone, "<vCard xmlns='vcard-temp'/>")).toBe("ok");
    expect(await hash()).toBeUndefined();
  });
  test("is announced as presence of the room, also to those who enter (XEP-0153)", async () => {
    const announced = (stanzas: readonly Stanza[]): (string | undefined)[] =>
      stanzas.flatMap(({ kind, from, element }) =>
        kind === "presence" && from === coven ? element.child("x", "vcard-temp:x:update")?.childText("photo") : [],
      );
    await outcome(crone, card);
    const sha1 = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
    expect(announced(await hag.sync())).toEqual([sha1]);
    const macbeth = await server.connect("macbeth@macbeth.example/x");
    const told = await enter(macbeth, "macbeth");
    expect(announced(told)).toEqual([sha1]);
    expect(told.at(-1)?.kind).toBe("presence");
    await outcome(crone, "<vCard xmlns='vcard-temp'><FN>Coven</FN></vCard>");
    expect(announced(await hag.sync())).toEqual([""]);
    expect(announced(await enter(await server.connect("duncan@macbeth.example/y"), "duncan"))).toEqual([]);
  });
  test("is no larger than is allowed", async () => {
    expect(await outcome(crone, `<vCard xmlns='vcard-temp'><NOTE>${"x".repeat(70_000)}</NOTE></vCard>`)).toBe(
      "policy-violation",
    );
  });
});
