import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import {
  ask,
  condition,
  configure,
  coven,
  enter,
  founded,
  received,
  service,
  shown,
  submit,
  user,
  witches,
} from "./testing.ts";

let server: TestServer;
let crone: TestClient;
let hag: TestClient;

async function open(...args: Parameters<typeof witches>): Promise<void> {
  await server?.stop();
  server = await witches(...args);
  crone = await founded(server);
  hag = await server.connect("hag66@macbeth.example/pda");
  await enter(hag, "thirdwitch");
  await crone.sync();
}
const say = (client: TestClient, body: string, more = ""): void =>
  client.send(`<message type='groupchat' id='said' to='${coven}'><body>${body}</body>${more}</message>`);

beforeEach(() => open());
afterEach(() => {
  expect(server.complaints).toEqual([]);
});

describe("a message for everybody (XEP-0045 7.4)", () => {
  test("comes to all, its sender included, with the room's marks", async () => {
    say(hag, "Harpier cries");
    const message = (to: string): string =>
      `<message from='${coven}/thirdwitch' to='${to}' type='groupchat' id='said'><body>Harpier cries</body>` +
      `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/><stanza-id xmlns='urn:xmpp:sid:0' by='${coven}' id='{any}'/></message>`;
    await hag.expect(message(hag.jid));
    await crone.expect(message(crone.jid));
  });

  test("has nothing in it that only a room may say (CVE-2015-8688 and kin)", async () => {
    say(
      hag,
      "I am the room",
      `<x ${user}><status code='104'/><item affiliation='owner'/></x>` +
        `<stanza-id xmlns='urn:xmpp:sid:0' by='${coven}' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='COVEN@${service}' id='forged'/>` +
        `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/><delay xmlns='urn:xmpp:delay' from='${coven}' stamp='2020-01-01T00:00:00Z'/>` +
        `<addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' jid='crone1@macbeth.example/desktop'/></addresses>` +
        `<result xmlns='urn:xmpp:mam:2'/><received xmlns='urn:xmpp:carbons:2'/><own xmlns='urn:example:kept'/>`,
    );
    const [message] = await crone.sync();
    expect(message!.children.map(({ name }) => name)).toEqual(["body", "own", "occupant-id", "stanza-id"]);
    expect(message!.child("stanza-id", "urn:xmpp:sid:0")?.attr("id")).not.toBe("forged");
    expect(message!.child("occupant-id", "urn:xmpp:occupant-id:0")?.attr("id")).not.toBe("forged");
  });

  test.each([
    [
      "who is not there",
      "not-acceptable",
      async () => {
        const duncan = await server.connect("duncan@macbeth.example/x");
        say(duncan, "hello");
        return duncan;
      },
    ],
    [
      "another resource of an occupant",
      "not-acceptable",
      async () => {
        const other = await server.connect("hag66@macbeth.example/other");
        say(other, "hello");
        return other;
      },
    ],
    [
      "a visitor of a moderated room",
      "forbidden",
      async () => {
        await configure(crone, { "muc#roomconfig_moderatedroom": "1" });
        const duncan = await server.connect("duncan@macbeth.example/x");
        await enter(duncan, "duncan");
        say(duncan, "hello");
        return duncan;
      },
    ],
    [
      "who says it to a room that is not there",
      "item-not-found",
      async () => {
        hag.send(`<message type='groupchat' to='heath@${service}'><body>hello</body></message>`);
        return hag;
      },
    ],
    [
      "who says it to the service",
      "service-unavailable",
      async () => {
        hag.send(`<message type='groupchat' to='${service}'><body>hello</body></message>`);
        return hag;
      },
    ],
    [
      "who sends it as something else",
      "bad-request",
      async () => {
        hag.send(`<message type='chat' to='${coven}'><body>hello</body></message>`);
        return hag;
      },
    ],
  ])("is not taken from %s", async (_, expected, attempt) => {
    const client = await attempt();
    expect((await received(client)).at(-1)).toBe(`error ${expected}`);
  });

  test("waits past the rate, and comes in its order; others are not affected", async () => {
    await open({ max_per_second: 20 });
    const numbers = Array.from({ length: 103 }, (_, n) => n);
    for (const n of numbers) say(hag, String(n));
    say(crone, "I do not wait");
    const soon = await received(crone);
    // Having entered counts as well.
    expect(soon).toContain("thirdwitch: 98");
    expect(soon).toContain("firstwitch: I do not wait");
    expect(soon).not.toContain("thirdwitch: 102");
    expect((await received(hag)).filter((line) => line.startsWith("thirdwitch:"))).toEqual(
      numbers.map((n) => `thirdwitch: ${n}`),
    );
  });

  test("a long message counts for many: nobody fills the connections of the others", async () => {
    await open({ max_per_second: 20 });
    const long = "x".repeat(200_000);
    const begun = performance.now();
    for (let n = 0; n < 5; n += 1) say(hag, long);
    expect((await received(hag)).filter((line) => line.startsWith("thirdwitch:"))).toHaveLength(5);
    // 25 each, of 100 at once and 20 a second.
    expect(performance.now() - begun).toBeGreaterThan(1_000);
  });

  test("signals are passed on, and not kept", async () => {
    hag.send(
      `<message type='groupchat' to='${coven}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    expect((await crone.sync())[0]?.has("stanza-id", "urn:xmpp:sid:0")).toBe(false);
  });
});

describe("a subject (XEP-0045 8.1)", () => {
  const set = (client: TestClient, text: string, more = ""): void =>
    client.send(`<message type='groupchat' to='${coven}'><subject>${text}</subject>${more}</message>`);

  test("is set by moderators, and shown to who enters", async () => {
    set(crone, "Fire Burn and Cauldron Bubble!");
    expect(await received(hag)).toEqual(["subject firstwitch: Fire Burn and Cauldron Bubble!"]);
    const duncan = await server.connect("duncan@macbeth.example/x");
    const last = (await enter(duncan, "duncan")).at(-1)!;
    expect(shown(last)).toBe("subject firstwitch: Fire Burn and Cauldron Bubble!");
    expect(last.child("delay", "urn:xmpp:delay")?.attr("from")).toBe(coven);
  });
  test("not by others", async () => {
    set(hag, "Toil");
    expect(await received(hag)).toEqual(["error forbidden"]);
  });
  test("unless the room lets them", async () => {
    await configure(crone, { "muc#roomconfig_changesubject": "1" });
    await hag.sync();
    set(hag, "Toil");
    expect(await received(hag)).toEqual(["subject thirdwitch: Toil"]);
  });
  test("is removed by an empty one", async () => {
    set(crone, "Trouble");
    set(crone, "");
    const duncan = await server.connect("duncan@macbeth.example/x");
    expect((await enter(duncan, "duncan")).map(shown).at(-1)).toBe("subject firstwitch: ");
  });
  test("beside a body is none", async () => {
    set(hag, "Toil", "<body>and trouble</body>");
    expect(await received(hag)).toEqual(["thirdwitch: and trouble"]);
  });
  test("is no longer than is allowed", async () => {
    set(crone, "x".repeat(5000));
    expect(await received(crone)).toEqual(["error policy-violation"]);
  });
});

describe("a private message (XEP-0045 7.5)", () => {
  const whisper = (client: TestClient, to: string, more = "", type = "chat"): void =>
    client.send(`<message type='${type}' id='w' to='${coven}/${to}'><body>psst</body>${more}</message>`);

  test("comes from the occupant, marked as such", async () => {
    whisper(hag, "firstwitch", `<x ${user}><status code='104'/></x>`);
    await crone.expect(
      `<message type='chat' id='w' from='${coven}/thirdwitch' to='${crone.jid}'><body>psst</body>` +
        `<x ${user}/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/></message>`,
    );
    expect(await received(hag)).toEqual([]);
  });

  test.each([
    ["to nobody", "secondwitch", "chat", "item-not-found"],
    ["of type groupchat", "firstwitch", "groupchat", "bad-request"],
  ])("%s", async (_, to, type, expected) => {
    whisper(hag, to, "", type);
    expect(await received(hag)).toEqual([`error ${expected}`]);
  });

  test("from somebody who is not there", async () => {
    const duncan = await server.connect("duncan@macbeth.example/x");
    whisper(duncan, "firstwitch");
    expect(await received(duncan)).toEqual(["error not-acceptable"]);
  });

  test.each([
    ["anyone", [true, true, true]],
    ["participants", [true, true, true]],
    ["moderators", [false, false, true]],
    ["none", [false, false, false]],
  ])("as the room allows it: %s", async (value, expected) => {
    await configure(crone, { "muc#roomconfig_allowpm": value });
    const duncan = await server.connect("duncan@macbeth.example/x");
    await enter(duncan, "duncan");
    for (const client of [hag, crone]) await client.sync();
    const may = async (client: TestClient, to: string): Promise<boolean> => {
      whisper(client, to);
      return !(await received(client)).some((line) => line.startsWith("error"));
    };
    expect([await may(hag, "duncan"), await may(duncan, "firstwitch"), await may(crone, "duncan")]).toEqual(expected);
  });

  test("visitors may write to moderators where participants may write to each other", async () => {
    await configure(crone, { "muc#roomconfig_allowpm": "participants", "muc#roomconfig_moderatedroom": "1" });
    const duncan = await server.connect("duncan@macbeth.example/x");
    await enter(duncan, "duncan");
    whisper(duncan, "firstwitch");
    expect(await received(duncan)).toEqual([]);
    whisper(duncan, "thirdwitch");
    expect(await received(duncan)).toEqual(["error forbidden"]);
  });
});

describe("an error of the room is not taken for one of the occupant (RFC 6120 8.3.2)", () => {
  const enters = "<x xmlns='http://jabber.org/protocol/muc'/>";
  test.each([
    ["a private message", `<message type='chat' to='${coven}/firstwitch'><body>psst</body></message>`, coven],
    ["an iq", `<iq type='get' id='v' to='${coven}/firstwitch'><query xmlns='jabber:iq:version'/></iq>`, coven],
    ["a taken nickname", `<presence to='${coven}/firstwitch'>${enters}</presence>`, coven],
    ["what is said to all", `<message type='groupchat' to='${coven}'><body>hello</body></message>`, undefined],
  ])("%s", async (_, xml, by) => {
    const duncan = await server.connect("duncan@macbeth.example/x");
    duncan.send(xml);
    const [answer] = await duncan.sync();
    expect(answer!.type).toBe("error");
    expect(answer!.child("error")!.attr("by")).toBe(by);
  });
});

describe("ghosts (XEP-0045 11.1)", () => {
  test.each([
    ["message", "item-not-found", true],
    ["message", "service-unavailable", true],
    ["message", "feature-not-implemented", false],
    ["presence", "gone", true],
  ])("an error %s %s: leaves %s", async (kind, name, leaves) => {
    hag.send(
      `<${kind} type='error' to='${coven}/firstwitch'><error type='cancel'><${name} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></${kind}>`,
    );
    await hag.sync();
    expect(await received(crone)).toEqual(leaves ? ["unavailable thirdwitch none/none 333"] : []);
  });

  test("errors of others count for nothing", async () => {
    const duncan = await server.connect("duncan@macbeth.example/x");
    duncan.send(
      `<message type='error' to='${coven}/thirdwitch'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
    );
    await duncan.sync();
    expect(await received(crone)).toEqual([]);
  });

  test("a client that dies leaves", async () => {
    hag.die();
    expect((await crone.take(1)).map(shown)).toEqual(["unavailable thirdwitch none/none"]);
  });
});

describe("iqs between occupants", () => {
  test("are relayed, and answered to the resource that asked", async () => {
    const laptop = await server.connect("hag66@macbeth.example/laptop");
    await enter(laptop, "thirdwitch");
    laptop.send(`<iq type='get' id='q1' to='${coven}/firstwitch'><query xmlns='jabber:iq:version'/></iq>`);
    await laptop.sync();
    const question = (await crone.sync()).find(({ kind }) => kind === "iq")!;
    expect([question.from, question.to]).toEqual([`${coven}/thirdwitch`, crone.jid]);
    expect(question.id).not.toContain("hag66");
    crone.send(
      `<iq type='result' id='${question.id}' to='${question.from}'><query xmlns='jabber:iq:version'><name>x</name></query></iq>`,
    );
    await crone.sync();
    await laptop.expect(
      `<iq type='result' id='q1' from='${coven}/firstwitch' to='${laptop.jid}'><query xmlns='jabber:iq:version'><name>x</name></query></iq>`,
    );
    expect(await received(hag)).toEqual([]);
  });

  test("about a card are answered by the account", async () => {
    const card = "<vCard xmlns='vcard-temp'><FN>Crone</FN></vCard>";
    await ask(crone, "set", card, "crone1@macbeth.example");
    hag.send(`<iq type='get' id='card' to='${coven}/firstwitch'><vCard xmlns='vcard-temp'/></iq>`);
    const [answer] = await hag.take(1);
    expect([answer!.type, answer!.from, String(answer!.payload)]).toEqual(["result", `${coven}/firstwitch`, card]);
  });

  test("are answered by nobody who was not asked", async () => {
    hag.send(`<iq type='get' id='q1' to='${coven}/firstwitch'><query xmlns='jabber:iq:version'/></iq>`);
    await hag.sync();
    const question = (await crone.sync()).at(-1)!;
    const duncan = await server.connect("duncan@macbeth.example/x");
    duncan.send(`<iq type='result' id='${question.id}' to='${question.from}'/>`);
    await duncan.sync();
    expect(await received(hag)).toEqual([]);
  });

  test.each([
    ["to nobody", () => hag, "secondwitch", "item-not-found"],
    [
      "from somebody who is not there",
      () => server.connect("duncan@macbeth.example/x"),
      "firstwitch",
      "not-acceptable",
    ],
  ])("%s", async (_, client, to, expected) => {
    const answer = await ask(await client(), "get", "<query xmlns='jabber:iq:version'/>", `${coven}/${to}`);
    expect(condition(answer)).toBe(expected);
  });

  test.each(["info", "items"])(
    "disco#%s of an occupant is not for those who are not there (XEP-0045 6.6)",
    async (what) => {
      const outside = await server.connect("duncan@macbeth.example/x");
      const query = `<query xmlns='http://jabber.org/protocol/disco#${what}'/>`;
      expect(condition(await ask(outside, "get", query, `${coven}/firstwitch`))).toBe("bad-request");
    },
  );
});

describe("am I still there? (XEP-0410)", () => {
  const pingOf = async (client: TestClient, to = `${coven}/thirdwitch`): Promise<string | undefined> => {
    const answer = await ask(client, "get", "<ping xmlns='urn:xmpp:ping'/>", to);
    return condition(answer) ?? answer.type;
  };
  test("yes", async () => {
    expect(await pingOf(hag)).toBe("result");
  });
  test("no, not with this client", async () => {
    expect(await pingOf(await server.connect("hag66@macbeth.example/other"))).toBe("not-acceptable");
  });
  test("no, and there is no such room", async () => {
    expect(await pingOf(hag, `heath@${service}/thirdwitch`)).toBe("not-acceptable");
  });
  test("yes, but under another nickname", async () => {
    expect(await pingOf(hag, `${coven}/oldhag`)).toBe("item-not-found");
  });
});

describe("invitations (XEP-0045 7.8.2)", () => {
  let duncan: TestClient;
  const inviting = (client: TestClient, to = "duncan@macbeth.example", more = "<reason>Hail</reason>"): void =>
    client.send(`<message id='i' to='${coven}'><x ${user}><invite to='${to}'>${more}</invite></x></message>`);
  beforeEach(async () => {
    duncan = await server.connect("duncan@macbeth.example/x");
    duncan.send("<presence/>");
    await duncan.sync();
  });

  test("come from the room, in both forms", async () => {
    inviting(hag);
    await hag.sync();
    await duncan.expect(
      `<message from='${coven}' to='duncan@macbeth.example' id='i'>` +
        `<x ${user}><invite from='${coven}/thirdwitch'><reason>Hail</reason></invite></x>` +
        `<x xmlns='jabber:x:conference' jid='${coven}' reason='Hail'/><body>{any}</body></message>`,
    );
  });

  test("carry the password, and make members where that is needed", async () => {
    await configure(crone, {
      "muc#roomconfig_membersonly": "1",
      "muc#roomconfig_passwordprotectedroom": "1",
      "muc#roomconfig_roomsecret": "cauldronburn",
    });
    inviting(crone);
    await crone.sync();
    const [invitation] = await duncan.sync();
    expect(invitation!.child("x", "http://jabber.org/protocol/muc#user")?.childText("password")).toBe("cauldronburn");
    expect((await enter(duncan, "duncan", "<password>cauldronburn</password>")).map(shown)).toContain(
      "available duncan member/participant 110,170",
    );
  });

  test.each([
    ["somebody who is not there", async () => duncan, "macbeth@macbeth.example", "not-acceptable"],
    ["nobody's address", async () => hag, "nobody", "jid-malformed"],
  ])("not of or by %s", async (_, client, to, expected) => {
    inviting(await client(), to);
    expect(await received(await client())).toEqual([`error ${expected}`]);
  });

  test("only by moderators, where the room wants it", async () => {
    await configure(crone, { "muc#roomconfig_allowinvites": "0" });
    await hag.sync();
    inviting(hag);
    expect(await received(hag)).toEqual(["error forbidden"]);
    inviting(crone);
    await crone.sync();
    expect((await duncan.sync()).length).toBe(1);
  });

  test("not without end", async () => {
    for (let n = 0; n < 25; n += 1) inviting(hag);
    expect((await received(hag)).filter((line) => line === "error policy-violation").length).toBe(6);
  });

  test("not of too many at once", async () => {
    const invitations = Array.from({ length: 21 }, (_, n) => `<invite to='u${n}@macbeth.example'/>`).join("");
    hag.send(`<message to='${coven}'><x ${user}>${invitations}</x></message>`);
    expect(await received(hag)).toEqual(["error policy-violation"]);
  });

  test("not with a reason of any length, nor of who is banned", async () => {
    inviting(hag, "duncan@macbeth.example", `<reason>${"x".repeat(5000)}</reason>`);
    expect(await received(hag)).toEqual(["error not-acceptable"]);
    const ban =
      "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast' jid='duncan@macbeth.example'/></query>";
    await ask(crone, "set", ban);
    inviting(hag);
    expect((await received(hag)).at(-1)).toBe("error forbidden");
    expect(await received(duncan)).toEqual([]);
  });

  test("are declined", async () => {
    duncan.send(
      `<message to='${coven}'><x ${user}><decline to='crone1@macbeth.example'><reason>No</reason></decline></x></message>`,
    );
    await duncan.sync();
    crone.send("<presence/>");
    await crone.sync();
    duncan.send(
      `<message to='${coven}'><x ${user}><decline to='${coven}/firstwitch'><reason>No</reason></decline></x></message>`,
    );
    await duncan.sync();
    await crone.expect(
      `<message from='${coven}' to='${crone.jid}'><x ${user}><decline from='duncan@macbeth.example'><reason>No</reason></decline></x></message>`,
    );
  });

  test("are declined to nobody else", async () => {
    duncan.send(`<message to='${coven}'><x ${user}><decline to='macbeth@macbeth.example'/></x></message>`);
    expect(await received(duncan)).toEqual(["error item-not-found"]);
  });
});

describe("voice (XEP-0045 7.13, 8.6)", () => {
  let duncan: TestClient;
  const request = submit("request", { "muc#role": "participant" });
  beforeEach(async () => {
    await configure(crone, { "muc#roomconfig_moderatedroom": "1" });
    duncan = await server.connect("duncan@macbeth.example/x");
    await enter(duncan, "duncan");
    for (const client of [crone, hag]) await client.sync();
  });
  const grant = (allow: string): string =>
    submit("request", {
      "muc#role": "participant",
      "muc#jid": duncan.jid,
      "muc#roomnick": "duncan",
      "muc#request_allow": allow,
    });

  test("is asked for, and granted", async () => {
    duncan.send(`<message to='${coven}'>${request}</message>`);
    expect(await received(duncan)).toEqual([]);
    expect(await received(hag)).toEqual([]);
    const [form] = await crone.sync();
    expect(
      form!
        .child("x", "jabber:x:data")
        ?.elements("field")
        .map((field) => field.attr("var")),
    ).toEqual(["FORM_TYPE", "muc#role", "muc#jid", "muc#roomnick", "muc#request_allow"]);
    crone.send(`<message to='${coven}'>${grant("true")}</message>`);
    await crone.sync();
    expect(await received(duncan)).toEqual(["available duncan none/participant 110"]);
  });
  test("or not", async () => {
    crone.send(`<message to='${coven}'>${grant("false")}</message>`);
    await crone.sync();
    expect(await received(duncan)).toEqual([]);
  });
  test("not by visitors themselves", async () => {
    duncan.send(`<message to='${coven}'>${grant("true")}</message>`);
    expect(await received(duncan)).toEqual(["error forbidden"]);
  });
});
