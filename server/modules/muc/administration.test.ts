import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permissions } from "../../../lib/contracts/permissions.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "../../admin/testing.ts";
import type { TestClient } from "../../core/testing.ts";
import { roomServicesOf } from "../../features/room-services.ts";
import { Jid } from "../../xmpp/jid.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";
import { muc } from "./module.ts";

const api = "/api/v1/rooms";
const service = "conference.a.example";
const hall = `hall@${service}`;
const dayMs = 86_400_000;

let server: AdminTestServer;
let as: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer({ modules: [disco, roster, presence, message, offline, muc] });
  as = await server.signIn(boss);
});
afterEach(() => server.stop());

const path = (room: string, rest = ""): string => `${api}/${encodeURIComponent(room)}${rest}`;
const create = (jid: string, settings = {}) => server.ask("POST", api, { as, body: { jid, owner: user, settings } });
const list = async (query = "", who = as): Promise<string[]> =>
  ((await server.ask("GET", `${api}?${query}`, { as: who })).body["items"] as { jid: string }[]).map(({ jid }) => jid);
const items = async (where: string) =>
  (await server.ask("GET", where, { as })).body["items"] as Record<string, unknown>[];
const affiliate = (changes: object[]) =>
  server.ask("POST", path(hall, "/affiliations"), { as, body: { jid: hall, changes } });
async function enter(jid: string, nick: string, room = hall): Promise<TestClient> {
  const client = await server.connect(jid);
  client.send(`<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await client.sync();
  return client;
}
const audited = async () =>
  (await server.stores.admin.auditList({}, { limit: 20 })).items.map(({ action, object, result }) => [
    action,
    object,
    result,
  ]);

describe("the list", () => {
  beforeEach(async () => {
    await create(hall, { name: "The Hall", isMembersOnly: true });
    await create(`cell@${service}`);
    await create("attic@conference.b.example");
  });

  test("tells what is in a room", async () => {
    await enter(`${user}/x`, "User");
    const [room] = (await items(`${api}?search=hall`)) as [Record<string, unknown>];
    expect(room).toMatchObject({ jid: hall, host: "a.example", name: "The Hall", occupants: 1, affiliations: 1 });
    expect(room).toMatchObject({
      isPersistent: true,
      isMembersOnly: true,
      isModerated: false,
      isArchived: true,
      messages: 0,
    });
  });

  test("is filtered by host, words, who is there and when somebody was", async () => {
    expect(await list()).toEqual([`cell@${service}`, hall, "attic@conference.b.example"]);
    expect(await list("host=b.example")).toEqual(["attic@conference.b.example"]);
    expect(await list("search=the%20h")).toEqual([hall]);
    const client = await enter(`${user}/x`, "User");
    expect(await list("occupied=yes")).toEqual([hall]);
    expect(await list("occupied=no")).toEqual([`cell@${service}`, "attic@conference.b.example"]);
    expect(await list("occupied=yes&not=occupied")).toEqual([`cell@${service}`, "attic@conference.b.example"]);
    expect(await list("occupied=no&persistent=yes&not=occupied,persistent")).toEqual([]);
    expect(await list("persistent=no&not=persistent&search=the%20h")).toEqual([hall]);
    server.clock.advance(10 * dayMs + 1);
    as = await server.signIn(boss);
    expect(await list("unusedDays=10")).toEqual([`cell@${service}`, "attic@conference.b.example"]);
    client.end();
    expect(await list("unusedDays=10&host=a.example")).toEqual([`cell@${service}`]);
    expect(await list("persistent=no")).toEqual([]);
  });

  test("is of one's own hosts only", async () => {
    const held = await server.key(permissions, { hosts: ["b.example"] });
    expect(await list("", held)).toEqual(["attic@conference.b.example"]);
    expect(await server.ask("GET", path(hall), { as: held })).toMatchObject({ status: 403 });
    expect(await server.ask("GET", path("attic@conference.b.example"), { as: held })).toMatchObject({ status: 200 });
    expect(await server.ask("DELETE", path(hall), { as: held })).toMatchObject({ status: 403 });
  });
});

describe("a room", () => {
  beforeEach(async () => {
    expect(await create(hall, { description: "big", password: "sesame" })).toMatchObject({ status: 200 });
  });

  test("is made once, and stays without anybody in it", async () => {
    expect(await create(hall)).toMatchObject({ status: 409, body: { code: "exists" } });
    const { body } = await server.ask("GET", path(hall), { as });
    expect(body).toMatchObject({
      hasPassword: true,
      subject: null,
      settings: { description: "big", isPersistent: true },
    });
    expect(JSON.stringify(body)).not.toContain("sesame");
    expect(JSON.stringify((await server.stores.admin.auditList({}, { limit: 9 })).items)).not.toContain("sesame");
  });

  test.each([
    ["no address", "hall", 400],
    ["somebody in a room", `${hall}/User`, 400],
    ["a service that is none", "hall@a.example", 404],
    ["a name that is too long", `${"x".repeat(300)}@${service}`, 400],
  ])("is not made for %s", async (_, jid, status) => {
    expect(await create(jid)).toMatchObject({ status });
  });

  test("tells its occupants of new settings", async () => {
    const client = await enter(`${user}/x`, "User").catch(() => null);
    expect(client).not.toBeNull();
    const answer = await server.ask("PATCH", path(hall), {
      as,
      body: { settings: { name: "Great Hall", isModerated: true, password: null } },
    });
    expect(answer).toMatchObject({ status: 200, body: { name: "Great Hall", isModerated: true, hasPassword: false } });
    const [row] = (await server.stores.admin.auditList({}, { limit: 1 })).items;
    expect(JSON.parse(row!.detail!)).toMatchObject({ before: { name: "", isModerated: false } });
    const inside = await enter(`${boss}/x`, "Boss");
    await server.ask("PATCH", path(hall), { as, body: { settings: { name: "Small Hall" } } });
    expect((await inside.texts()).join("")).toContain("<status code='104'/>");
  });

  test("has settings only within its limits", async () => {
    const set = (settings: object) => server.ask("PATCH", path(hall), { as, body: { settings } });
    expect(await set({ description: "x".repeat(5000) })).toMatchObject({ status: 400, body: { code: "bad-input" } });
    expect(await set({ maxOccupants: 0 })).toMatchObject({ status: 400 });
    expect((await set({ historyLength: 400 })).body).toMatchObject({ settings: { historyLength: 50 } });
  });

  test("has lists that are changed as far as they can be", async () => {
    const changes = [
      { jid: warden, affiliation: "admin", nick: "Warden" },
      { jid: "stranger@x.example", affiliation: "outcast", reason: "noise" },
      { jid: "no address@", affiliation: "member" },
      { jid: user, affiliation: "none" },
    ];
    expect((await affiliate(changes)).body).toEqual({
      changed: 2,
      failed: [
        { jid: "no address@", reason: "not an address" },
        { jid: user, reason: "a room needs an owner" },
      ],
    });
    expect(await items(path(hall, "/affiliations"))).toEqual([
      { jid: "stranger@x.example", affiliation: "outcast", nick: null, reason: "noise" },
      { jid: user, affiliation: "owner", nick: null, reason: null },
      { jid: warden, affiliation: "admin", nick: "Warden", reason: null },
    ]);
    expect(await items(path(hall, "/affiliations?affiliation=admin"))).toHaveLength(1);
    const first = (await server.ask("GET", path(hall, "/affiliations?limit=2"), { as })).body;
    expect(first).toMatchObject({ total: 3 });
    expect(await items(path(hall, `/affiliations?limit=2&cursor=${String(first["nextCursor"])}`))).toMatchObject([
      { jid: warden },
    ]);
    const taken = await affiliate([{ jid: boss, affiliation: "member", nick: "Warden" }]);
    expect(taken.body).toMatchObject({ changed: 0, failed: [{ jid: boss }] });
    const rooms = await items(`/api/v1/users/${warden}/rooms`);
    expect(rooms).toEqual([{ room: hall, affiliation: "admin" }]);
  });

  test("has occupants who are given roles, put out and banned", async () => {
    await server.ask("PATCH", path(hall), { as, body: { settings: { password: null } } });
    const guest = "guest@a.example";
    await server.core.accounts.create({ user: Jid.parse(guest), password: "long enough", via: "admin" });
    const client = await enter(`${guest}/x`, "Guest");
    expect(await items(path(hall, "/occupants"))).toEqual([
      { nick: "Guest", role: "participant", affiliation: "none", jids: [`${guest}/x`] },
    ]);
    const role = (nick: string, to: string) =>
      server.ask("POST", path(hall, "/occupants/role"), { as, body: { nick, role: to, reason: "because" } });
    expect(await role("Guest", "visitor")).toMatchObject({ status: 200 });
    expect((await client.texts()).join("")).toContain("role='visitor'");
    expect(await role("Nobody", "none")).toMatchObject({ status: 404 });
    await role("Guest", "none");
    expect((await client.texts()).join("")).toMatch(/<status code='307'\/>.*<reason>because<\/reason>/);
    expect(await items(path(hall, "/occupants"))).toEqual([]);
    await affiliate([{ jid: guest, affiliation: "outcast" }]);
    client.send(`<presence to='${hall}/W'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    expect((await client.texts()).join("")).toContain("forbidden");
  });

  test("tells what was said to those who may read it, and keeps that they did", async () => {
    await server.ask("PATCH", path(hall), { as, body: { settings: { password: null } } });
    const client = await enter(`${user}/x`, "User");
    for (const text of ["one", "two", "three"]) {
      client.send(`<message type='groupchat' to='${hall}'><body>${text}</body></message>`);
      await client.sync();
      server.clock.advance(1000);
    }
    const read = async (query: string, who = as) => server.ask("GET", path(hall, `/history?${query}`), { as: who });
    const page = (await read("limit=2")).body;
    expect(page["items"]).toMatchObject([
      { nick: "User", from: `${user}/x`, body: "three" },
      { nick: "User", body: "two" },
    ]);
    expect((await read(`limit=2&cursor=${String(page["nextCursor"])}`)).body).toMatchObject({
      items: [{ body: "one" }],
      nextCursor: null,
    });
    expect((await read("search=TWO")).body["items"]).toMatchObject([{ body: "two" }]);
    const without = await server.key(permissions.filter((one) => one !== "bodies:read"));
    expect(await read("", without)).toMatchObject({ status: 403, body: { permission: "bodies:read" } });
    expect((await audited()).slice(0, 2)).toEqual([
      ["room.history", hall, "refused"],
      ["room.history", hall, "done"],
    ]);
  });

  test("is destroyed, and its occupants are told where to go", async () => {
    await server.ask("PATCH", path(hall), { as, body: { settings: { password: null } } });
    const client = await enter(`${user}/x`, "User");
    const body = { reason: "moved", venue: `cell@${service}` };
    expect(await server.ask("DELETE", path(hall), { as, body })).toMatchObject({ status: 200 });
    expect((await client.texts()).join("")).toMatch(
      /<destroy jid='cell@conference.a.example'.*<reason>moved<\/reason>/,
    );
    expect(await server.ask("GET", path(hall), { as })).toMatchObject({ status: 404 });
    expect(await server.ask("DELETE", path(hall), { as })).toMatchObject({ status: 404 });
  });
});

describe("many rooms", () => {
  const rooms = Array.from({ length: 120 }, (_, index) => `r${String(index).padStart(3, "0")}@${service}`);
  beforeEach(async () => {
    for (const jid of rooms) await create(jid);
    await create(hall);
  });

  test("are counted first, then destroyed by what was counted, except where somebody is", async () => {
    await enter(`${user}/x`, "User", rooms[7]);
    const filter = { occupied: "no", search: "r0" };
    const counted = await server.ask("POST", `${api}/removals/count`, { as, body: filter });
    expect(counted.body).toMatchObject({ matching: 99 });
    expect(counted.body["sample"]).toHaveLength(5);
    expect(await list("limit=500")).toHaveLength(121);
    const job = await server.ask("POST", `${api}/removals`, { as, body: { ...filter, reason: "unused" } });
    expect(job.body).toMatchObject({ state: "running", matching: 99, by: boss });
    await expect.poll(async () => (await items(`${api}/removals`))[0]).toMatchObject({ state: "done", done: 99 });
    const left = await list("limit=500");
    expect(left).toHaveLength(22);
    expect(left).toContain(rooms[7]);
    expect((await audited())[0]).toEqual(["room.destroy-many", "99 rooms", "done"]);
  });

  test("stay where the job is stopped", async () => {
    const real = roomServicesOf(server.core).get(service)!;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let begun = 0;
    roomServicesOf(server.core).add({
      ...real,
      destroy: async (local, destruction) => {
        if ((begun += 1) > 3) await gate;
        return real.destroy(local, destruction);
      },
    });
    const job = await server.ask("POST", `${api}/removals`, { as, body: { search: "r" } });
    await expect.poll(() => begun).toBe(4);
    const stopped = await server.ask("POST", `${api}/removals/${String(job.body["id"])}/stop`, { as });
    expect(stopped.body).toMatchObject({ state: "stopped", done: 3 });
    open();
    await expect.poll(async () => (await list("limit=500")).length).toBe(117);
    expect(await server.ask("POST", `${api}/removals/none/stop`, { as })).toMatchObject({ status: 404 });
  });
});
