import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { roomElement, saidBy, subjectElement } from "../../../lib/contracts/imports/room-element.ts";
import { adminTestServer, type AdminTestServer, boss, user } from "../../admin/testing.ts";
import { disco } from "../disco/module.ts";
import { last } from "../last.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { muc } from "./module.ts";

const api = "/api/v1";
let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({ modules: [disco, roster, presence, message, offline, last, muc] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

async function imported(xml: string, wishes: object = {}) {
  const { body } = await server.ask("POST", `${api}/data/import`, { as, body: wishes });
  await server.ask("POST", `${api}/data/import/${String(body["id"])}/part`, { as, body: { text: xml } });
  return (await server.ask("POST", `${api}/data/import/${String(body["id"])}/end`, { as, body: {} })).body;
}

const document = (host: string, content: string): string =>
  `<server-data xmlns='urn:xmpp:pie:0'><host jid='${host}'>${content}</host></server-data>`;
const field = (name: string, value: string): string =>
  `<field var='muc#roomconfig_${name}'><value>${value}</value></field>`;
const form = (...fields: string[]): string =>
  `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>${fields.join("")}</x>`;
const owner = `<item affiliation='owner' jid='${user}'/>`;
const settings = form(
  field("roomname", "The Lobby"),
  field("membersonly", "1"),
  field("allowpm", "nobody knows"),
  field("maxusers", "20"),
  field("roomsecret", "hush"),
);
const lobby = roomElement(
  "lobby",
  settings,
  `${owner}<item affiliation='outcast' jid='x.example'><reason>spam</reason></item>`,
);
const room = "lobby@conference.a.example";

describe("rooms of a document", () => {
  test("are made with their settings and their lists", async () => {
    const report = await imported(document("conference.a.example", lobby));
    expect(report).toMatchObject({ state: "done", items: { rooms: 1 }, problems: [], unknown: {} });
    const { body } = await server.ask("GET", `${api}/rooms/${room}`, { as });
    expect(body).toMatchObject({
      hasPassword: true,
      isPersistent: true,
      settings: { name: "The Lobby", isMembersOnly: true, maxOccupants: 20, privateMessages: "anyone" },
    });
    const list = await server.ask("GET", `${api}/rooms/${room}/affiliations`, { as });
    expect(list.body["items"]).toMatchObject([
      { jid: user, affiliation: "owner" },
      { jid: "x.example", affiliation: "outcast", reason: "spam" },
    ]);
  });

  test.each<[string, string, { text: string; at: string } | null]>([
    ["none", "", null],
    ["somebody's", `${room}/Romeo`, { text: "Balconies", at: "2025-01-02T03:04:05.000Z" }],
    ["its own", room, { text: "Balconies", at: "2025-01-02T03:04:05.000Z" }],
  ])("have their subject: %s", async (_name, from, expected) => {
    const at = Date.UTC(2025, 0, 2, 3, 4, 5);
    const subject = from === "" ? "" : subjectElement("Balconies", from, at);
    const report = await imported(document("conference.a.example", roomElement("lobby", settings, owner, subject)));
    expect(report).toMatchObject({ items: { rooms: 1 }, problems: [], unknown: {} });
    const { body } = await server.ask("GET", `${api}/rooms/${room}`, { as });
    expect(body["subject"]).toEqual(expected);
  });

  test("of a host with another name, and another service, go to the one that is here", async () => {
    await imported(document("rooms.old.example", lobby.replace(user, "user@old.example")), {
      hosts: { "old.example": "a.example" },
    });
    const list = await server.ask("GET", `${api}/rooms/${room}/affiliations?affiliation=owner`, { as });
    expect(list.body["items"]).toMatchObject([{ jid: user }]);
  });

  test("have what was said in them, and by whom", async () => {
    const said = (id: number, from: string, more: string, type = "groupchat"): string =>
      `<result xmlns='urn:xmpp:mam:2' id='old-${id}'><forwarded xmlns='urn:xmpp:forward:0'>` +
      `<delay xmlns='urn:xmpp:delay' stamp='2025-01-02T03:04:0${id}Z'/>` +
      `<message xmlns='jabber:client' type='${type}' from='lobby@rooms.old.example/${from}'>${more}</message></forwarded></result>`;
    const history = [
      said(1, "Romeo", `<body>But soft</body>${saidBy(undefined, "romeo@old.example/orchard")}`),
      // ejabberd has nicknames beside the message; an id that a room gives is the room's to give.
      said(
        2,
        "x",
        `<body>Ay me</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>${saidBy("Juliet", undefined)}`,
      ),
      said(3, "Nurse", "<body>Madam!</body>", "chat"),
      said(4, "Nurse", `<subject>Balconies</subject>`),
    ];
    const past = `<history xmlns='urn:nightpost:rooms' name='lobby'>${history.join("")}</history>`;
    const xml = document("rooms.old.example", lobby.replace(user, "user@old.example") + past);
    const wishes = { hosts: { "old.example": "a.example" } };
    expect(await imported(xml, { ...wishes, dryRun: true })).toMatchObject({
      items: { rooms: 1, archivedMessages: 3 },
    });
    expect(await imported(xml, { ...wishes, parts: ["offline"] })).toMatchObject({ items: { archivedMessages: 0 } });
    const twice = { ...wishes, onConflict: "update" };
    for (const _ of [1, 2]) {
      const report = await imported(xml, twice);
      expect(report).toMatchObject({ items: { rooms: 1, archivedMessages: 3 }, problems: [], unknown: {} });
    }
    const page = await server.stores.archive.query({
      host: "conference.a.example",
      local: "lobby",
      from: "start",
      limit: 10,
      maxBytes: 100_000,
    });
    expect(page?.items.map(({ at, xml: heard }) => [at, heard])).toEqual([
      [
        Date.UTC(2025, 0, 2, 3, 4, 1),
        expect.stringMatching(/from='lobby@conference.a.example\/Romeo'.*But soft.*occupant-id/),
      ],
      [Date.UTC(2025, 0, 2, 3, 4, 2), expect.stringMatching(/^(?!.*(?:forged|muc#user)).*\/Juliet'.*Ay me/)],
      [Date.UTC(2025, 0, 2, 3, 4, 4), expect.stringMatching(/\/Nurse'.*Balconies/)],
    ]);
    // Who it was is for those who may know, as with what is said here.
    expect(page?.items[0]?.xml).not.toContain("romeo@");
  });

  test("that stay as they are keep their own past", async () => {
    await imported(document("conference.a.example", lobby));
    const past = `<history xmlns='urn:nightpost:rooms' name='lobby'><result xmlns='urn:xmpp:mam:2' id='1'/></history>`;
    const other = `<history xmlns='urn:nightpost:rooms' name='nowhere'><result xmlns='urn:xmpp:mam:2' id='1'/></history>`;
    const report = await imported(document("conference.a.example", lobby + past + other));
    expect(report).toMatchObject({ state: "done", items: { rooms: 0, archivedMessages: 0 }, problems: [] });
  });

  test("are counted and not made in a dry run", async () => {
    const report = await imported(document("conference.a.example", lobby), { dryRun: true });
    expect(report).toMatchObject({ items: { rooms: 1 }, problems: [] });
    expect((await server.ask("GET", `${api}/rooms/${room}`, { as })).status).toBe(404);
  });

  test.each([
    ["skip", { items: { rooms: 0 }, problems: [] }, "The Lobby"],
    ["update", { items: { rooms: 1 }, problems: [] }, "Another"],
    ["fail", { items: { rooms: 0 }, problems: [{ jid: room, reason: "there is such a room" }] }, "The Lobby"],
  ])("that are there already: %s", async (onConflict, expected, name) => {
    await imported(document("conference.a.example", lobby));
    const other = roomElement("lobby", form(field("roomname", "Another")), "");
    expect(await imported(document("conference.a.example", other), { onConflict })).toMatchObject(expected);
    const { body } = await server.ask("GET", `${api}/rooms/${room}`, { as });
    expect(body).toMatchObject({ settings: { name } });
  });

  test.each([
    ["nobody serves", "conference.else.example", lobby, "there is no service for rooms here that stands for this one"],
    ["have no owner", "conference.a.example", roomElement("lobby", settings, ""), "a room needs an owner"],
    ["have no address", "conference.a.example", roomElement("", settings, owner), "is not the address of a room"],
    [
      "have too long a name",
      "conference.a.example",
      roomElement("r".repeat(300), settings, owner),
      "the name of the room is too long",
    ],
  ])("that %s are told", async (_name, host, xml, reason) => {
    expect(await imported(document(host, xml))).toMatchObject({ items: { rooms: 0 }, problems: [{ reason }] });
  });
});

test("an account keeps when it was there last", async () => {
  const quiet = "<user name='quiet'><query xmlns='jabber:iq:last' seconds='60'>away</query></user>";
  const odd = "<user name='odd'><query xmlns='jabber:iq:last' seconds='soon'/></user>";
  const report = await imported(document("a.example", quiet + odd));
  expect(report).toMatchObject({ unknown: { "{jabber:iq:last}query": 1 } });
  const lastOf = async (local: string) => (await server.stores.accounts.find("a.example", local))?.lastActivity;
  expect(await lastOf("quiet")).toEqual({ at: server.clock.now() - 60_000, status: "away" });
  expect(await lastOf("odd")).toBeNull();
});
