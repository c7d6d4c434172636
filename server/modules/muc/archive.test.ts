import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import type { Element } from "../../xmpp/element.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { admin, ask, condition, configure, coven, enter, founded, outcome, received, witches } from "./testing.ts";

let server: TestServer;
let crone: TestClient;
let hag: TestClient;
let duncan: TestClient;

const mam = "urn:xmpp:mam:2";
const say = (client: TestClient, body: string, more = ""): void =>
  client.send(`<message type='groupchat' id='said' to='${coven}'><body>${body}</body>${more}</message>`);

beforeEach(async () => {
  server = await witches();
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  hag = await server.connect("hag66@macbeth.example/pda");
  duncan = await server.connect("duncan@macbeth.example/x");
  await enter(hag, "thirdwitch");
  say(hag, "When shall we three meet again?");
  say(crone, "When the hurlyburly's done");
  for (const client of [hag, crone]) await client.sync();
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

/** Messages of the archive, as they were forwarded; or the condition of the error. */
async function history(client: TestClient, content = ""): Promise<Element[] | string> {
  client.send(`<iq type='set' id='asked' to='${coven}'><query xmlns='${mam}'>${content}</query></iq>`);
  const stanzas = await client.sync();
  const end = stanzas.find(({ id, kind }) => kind === "iq" && id === "asked")!;
  return condition(end) ?? stanzas.flatMap(forwarded);
}
function forwarded(stanza: Stanza): Element[] {
  const found = stanza
    .child("result", mam)
    ?.child("forwarded", "urn:xmpp:forward:0")
    ?.child("message", "jabber:client");
  return found === undefined ? [] : [found];
}
const bodies = (found: Element[] | string): (string | undefined)[] | string =>
  typeof found === "string" ? found : found.map((one) => one.childText("body") ?? one.childText("subject"));
const form = (name: string, value: string): string =>
  `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>${mam}</value></field><field var='${name}'><value>${value}</value></field></x>`;

describe("the archive of a room (XEP-0313 6.1.2)", () => {
  const both = ["When shall we three meet again?", "When the hurlyburly's done"];

  test("is for those who may enter, in it or not", async () => {
    expect(bodies(await history(hag))).toEqual(both);
    expect(bodies(await history(duncan))).toEqual(both);
    const [first] = (await history(duncan)) as Element[];
    expect([first!.attr("from"), first!.attr("to"), first!.attr("type")]).toEqual([
      `${coven}/thirdwitch`,
      undefined,
      "groupchat",
    ]);
    expect(first!.child("occupant-id", "urn:xmpp:occupant-id:0")).toBeDefined();
  });

  test.each<[string, Record<string, string>, string]>([
    ["members only", { "muc#roomconfig_membersonly": "1" }, "forbidden"],
    ["a password", { "muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "x" }, "forbidden"],
  ])("not for others: %s", async (_, fields, expected) => {
    await configure(crone, fields);
    expect(await history(duncan)).toBe(expected);
    expect(condition(await ask(duncan, "get", `<metadata xmlns='${mam}'/>`))).toBe(expected);
    expect(condition(await ask(duncan, "get", `<query xmlns='${mam}'/>`))).toBe(expected);
    expect(bodies(await history(crone))).toEqual(both);
  });

  test("not for who is banned", async () => {
    await outcome(crone, `<query ${admin}><item affiliation='outcast' jid='duncan@macbeth.example'/></query>`);
    expect(await history(duncan)).toBe("forbidden");
  });

  test("shows addresses to those who may see them", async () => {
    const addresses = async (client: TestClient): Promise<(string | undefined)[]> =>
      ((await history(client)) as Element[]).map((one) =>
        one.child("x", "http://jabber.org/protocol/muc#user")?.child("item")?.attr("jid"),
      );
    expect(await addresses(hag)).toEqual([undefined, undefined]);
    expect(await addresses(crone)).toEqual(["hag66@macbeth.example/pda", "crone1@macbeth.example/desktop"]);
    await configure(crone, { "muc#roomconfig_whois": "anyone" });
    expect(await addresses(duncan)).toEqual(["hag66@macbeth.example/pda", "crone1@macbeth.example/desktop"]);
  });

  test("tells nobody else who said what by way of `with`", async () => {
    const query = form("with", "hag66@macbeth.example");
    expect(await history(duncan, query)).toBe("forbidden");
    expect(bodies(await history(crone, query))).toEqual([both[0]]);
  });

  test("is searched", async () => {
    expect(bodies(await history(duncan, form("{urn:xmpp:fulltext:0}fulltext", "hurlyburly")))).toEqual([both[1]]);
  });

  test("keeps subjects, but no signals, private messages, and nothing that is not to be kept", async () => {
    crone.send(`<message type='groupchat' to='${coven}'><subject>Fair is foul</subject></message>`);
    crone.send(
      `<message type='groupchat' to='${coven}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    crone.send(`<message type='chat' to='${coven}/thirdwitch'><body>psst</body></message>`);
    say(crone, "forget this", "<no-permanent-store xmlns='urn:xmpp:hints'/>");
    await crone.sync();
    expect(bodies(await history(duncan))).toEqual([...both, "Fair is foul"]);
  });

  test("keeps nothing where the owner wants it so", async () => {
    await configure(crone, { "muc#roomconfig_enablearchiving": "0" });
    say(hag, "unkept");
    await hag.sync();
    expect(bodies(await history(duncan))).toEqual(both);
  });

  test("has the ids that occupants were given", async () => {
    say(hag, "third");
    const [live] = await hag.sync();
    const id = live!.child("stanza-id", "urn:xmpp:sid:0")!.attr("id")!;
    expect(bodies(await history(hag, form("ids", id)))).toEqual(["third"]);
    const bounds = (await ask(hag, "get", `<metadata xmlns='${mam}'/>`)).payload!;
    expect(bounds.child("end")?.attr("id")).toBe(id);
  });

  test("is asked in order, and knows its form", async () => {
    expect((await ask(hag, "get", `<query xmlns='${mam}'/>`)).payload?.child("x", "jabber:x:data")).toBeDefined();
    expect(await history(hag, form("colour", "red"))).toBe("feature-not-implemented");
    expect(await history(hag, form("ids", "nothing"))).toBe("item-not-found");
  });
});

test("a message is acknowledged when it is on disk", async () => {
  const { archive } = server.stores;
  const gate = Promise.withResolvers<void>();
  const keep = archive.keep.bind(archive);
  archive.keep = async (units) => {
    await gate.promise;
    await keep(units);
  };
  say(hag, "written?");
  let isSettled = false;
  const synced = hag.sync().then(() => (isSettled = true));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(isSettled).toBe(false);
  gate.resolve();
  await synced;
});

describe("moderation (XEP-0425)", () => {
  const moderate = (id: string): string =>
    `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>Rude</reason></moderate>`;
  let id: string;
  beforeEach(async () => {
    say(hag, "hag's secret");
    const [live] = await hag.sync();
    id = live!.child("stanza-id", "urn:xmpp:sid:0")!.attr("id")!;
    await crone.sync();
  });

  test("takes back what was said, for all and for good", async () => {
    crone.send(`<iq type='set' id='asked' to='${coven}'>${moderate(id)}</iq>`);
    await crone.sync();
    await hag.expect(
      `<message type='groupchat' id='{any}' from='${coven}' to='${hag.jid}'><retract xmlns='urn:xmpp:message-retract:1' id='${id}'>` +
        `<moderated xmlns='urn:xmpp:message-moderate:1' by='${coven}/firstwitch'><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{any}'/></moderated>` +
        `<reason>Rude</reason></retract><stanza-id xmlns='urn:xmpp:sid:0' by='${coven}' id='{any}'/></message>`,
    );
    const [tombstone] = (await history(duncan, form("ids", id))) as Element[];
    expect(tombstone!.childText("body")).toBeUndefined();
    expect(tombstone!.child("retracted", "urn:xmpp:message-retract:1")?.childText("reason")).toBe("Rude");
    expect(tombstone!.attr("from")).toBe(`${coven}/thirdwitch`);
    expect((await enter(duncan, "duncan")).some((stanza) => String(stanza).includes("secret"))).toBe(false);
  });

  test("also what is no longer remembered", async () => {
    for (const [client, nick] of [
      [crone, "firstwitch"],
      [hag, "thirdwitch"],
    ] as const) {
      client.send(`<presence type='unavailable' to='${coven}/${nick}'/>`);
      await client.sync();
    }
    server.clock.advance(120_000);
    expect(await outcome(crone, moderate(id))).toBe("ok");
    expect((await enter(duncan, "duncan")).some((stanza) => String(stanza).includes("secret"))).toBe(false);
  });

  test.each([
    ["by others", () => hag, () => moderate(id), "forbidden"],
    ["by nobody in it", () => duncan, () => moderate(id), "forbidden"],
    ["of what is not there", () => crone, () => moderate("nothing"), "item-not-found"],
    [
      "but to take back",
      () => crone,
      () => `<moderate xmlns='urn:xmpp:message-moderate:1' id='${id}'/>`,
      "feature-not-implemented",
    ],
  ])("is not done %s", async (_, client, payload, expected) => {
    expect(await outcome(client(), payload())).toBe(expected);
  });
});

test("what is past its time leaves the archive", async () => {
  expect(await received(hag)).toEqual([]);
  server.clock.advance(400 * 24 * 60 * 60 * 1000);
  const { archive } = server.stores;
  const service = "conference.macbeth.example";
  await archive.prune(service, 0, server.clock.now() - 365 * 24 * 60 * 60 * 1000, 0, 100);
  expect(await history(duncan)).toEqual([]);
});
