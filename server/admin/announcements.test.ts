import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "../core/testing.ts";
import { announcementsOf } from "../features/announcements/announcements.ts";
import { Jid } from "../xmpp/jid.ts";
import { adminTestServer, type AdminTestServer, boss, user, warden } from "./testing.ts";

const api = "/api/v1";
let server: AdminTestServer;
let as: Record<string, string>;
let held: Record<string, string>;

beforeEach(async () => {
  server = await adminTestServer();
  as = await server.signIn(boss);
  held = await server.signIn(warden);
});
afterEach(async () => {
  await announcementsOf(server.core).close();
  await server.stop();
});

const send = (body: object, who = as) => server.ask("POST", `${api}/announcements`, { as: who, body });
const all = { audience: { kind: "accounts" }, subject: "S", body: "B" };

describe("announcements", () => {
  test("one is sent, listed, and told of in the audit log", async () => {
    const { status, body } = await send({ ...all, host: "a.example" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "running", matching: 3, createdBy: boss, host: "a.example" });
    await expect
      .poll(async () => (await server.ask("GET", `${api}/announcements/${String(body["id"])}`, { as })).body)
      .toMatchObject({ state: "done", sent: 3 });
    const { items } = await server.stores.admin.auditList({}, { limit: 5 });
    expect(items[0]).toMatchObject({ action: "announcement.send", actor: boss, object: "a.example" });
    const stop = await server.ask("POST", `${api}/announcements/${String(body["id"])}/stop`, { as });
    expect(stop.status).toBe(409);
  });

  test("the count comes before", async () => {
    const { body } = await server.ask("POST", `${api}/announcements/count`, {
      as,
      body: { host: "a.example", audience: { kind: "accounts", search: "ward" } },
    });
    expect(body).toEqual({ count: 1, isExact: true });
  });

  test.each([
    ["no text", { ...all, body: "  " }],
    ["nobody selected", { ...all, audience: { kind: "selection" } }],
    ["a selection without saying so", { ...all, jids: [user] }],
    ["somebody of another host", { ...all, host: "b.example", audience: { kind: "selection" }, jids: [user] }],
    ["an unknown host", { ...all, host: "c.example" }],
    ["a pace past all bounds", { ...all, perSecond: 100_000 }],
  ])("%s is refused", async (_, body) => {
    expect([400, 404]).toContain((await send(body)).status);
  });

  test("a host's admin is held to that host", async () => {
    expect((await send(all, held)).status).toBe(403);
    expect((await send({ ...all, host: "b.example" }, held)).status).toBe(403);
    const mine = await send({ ...all, host: "a.example" }, held);
    expect(mine.status).toBe(200);
    const everywhere = await send(all);
    const listed = await server.ask("GET", `${api}/announcements`, { as: held });
    expect((listed.body["items"] as { id: string }[]).map(({ id }) => id)).toEqual([mine.body["id"]]);
    const path = `${api}/announcements/${String(everywhere.body["id"])}`;
    expect((await server.ask("GET", path, { as: held })).status).toBe(403);
    expect((await server.ask("POST", `${path}/stop`, { as: held })).status).toBe(403);
  });
});

describe("to those that a list has found", () => {
  const toldTo = async (id: string) => server.stores.announcements.recipients(id, 0, 9);
  const users = (filter: object) => ({ ...all, audience: { kind: "users", filter } });
  const sessions = (filter: object) => ({ ...all, audience: { kind: "sessions", filter } });

  test("users are counted, then told, and the suspended are left out", async () => {
    const suspension = { reason: "", at: 1, until: null, by: boss };
    await server.core.accounts.suspend(Jid.parse(warden), suspension);
    await server.stores.accounts.setTags("a.example", "user", { add: ["vip"], remove: [] }, 20);
    const { audience } = users({ tag: "vip", not: "tag" });
    const counted = await server.ask("POST", `${api}/announcements/count`, { as, body: { audience } });
    expect(counted.body).toEqual({ count: 1, isExact: true });
    const { body } = await send({ ...all, audience });
    expect(body).toMatchObject({ audience: { kind: "users" }, matching: 1 });
    expect(await toldTo(String(body["id"]))).toEqual([boss]);
  });

  test("some of them only", async () => {
    const { body } = await send(users({ only: [user, boss, warden], except: [warden.toUpperCase()] }));
    expect((await toldTo(String(body["id"]))).toSorted()).toEqual([boss, user].toSorted());
  });

  test("sessions are told by their accounts, each once", async () => {
    for (const jid of [`${user}/a`, `${user}/b`, `${warden}/c`]) await TestClient.bind(server.core, Jid.parse(jid));
    const { body } = await send(sessions({ search: "user@" }));
    expect(body).toMatchObject({ audience: { kind: "sessions" }, matching: 1 });
    expect(await toldTo(String(body["id"]))).toEqual([user]);
  });

  test.each([
    ["nobody", users({ search: "nobody" }), 400],
    ["nobody who is there", sessions({ search: "nobody" }), 400],
    ["a list of addresses beside it", { ...users({}), jids: [user] }, 400],
    ["what no filter knows", users({ not: "search" }), 400],
  ])("%s is refused", async (_name, body, status) => {
    expect((await send(body)).status).toBe(status);
  });

  test("a host's admin reaches those of that host, whatever the filter says", async () => {
    expect((await send(users({}), held)).status).toBe(403);
    await server.core.accounts.create({ user: Jid.parse("far@b.example"), password: "a long password", via: "web" });
    const { body } = await send({ ...users({ host: "b.example" }), host: "a.example" }, held);
    expect((await toldTo(String(body["id"]))).every((jid) => jid.endsWith("@a.example"))).toBe(true);
  });
});

describe("messages of the day", () => {
  const set = (body: object, who = as) => server.ask("PUT", `${api}/motd/a.example`, { as: who, body });

  test("are set, reworded and removed", async () => {
    expect((await set({ subject: "S", body: "B" }, held)).body).toMatchObject({ host: "a.example", setBy: warden });
    const { id } = announcementsOf(server.core).motdOf("a.example")!;
    await set({ subject: "S", body: "B2", again: false });
    expect(announcementsOf(server.core).motdOf("a.example")).toMatchObject({ id, body: "B2" });
    await set({ subject: "S", body: "B3" });
    expect(announcementsOf(server.core).motdOf("a.example")!.id).not.toBe(id);
    expect((await server.ask("GET", `${api}/motd`, { as: held })).body["items"]).toHaveLength(1);
    expect((await server.ask("DELETE", `${api}/motd/b.example`, { as: held })).status).toBe(403);
    expect((await server.ask("DELETE", `${api}/motd/a.example`, { as })).status).toBe(200);
    expect((await server.ask("DELETE", `${api}/motd/a.example`, { as })).status).toBe(404);
  });

  test("are there after a restart", async () => {
    await set({ subject: "S", body: "B" });
    const { Announcements } = await import("../features/announcements/announcements.ts");
    const again = new Announcements(server.core);
    await again.start();
    expect(again.motdOf("a.example")).toMatchObject({ body: "B" });
  });
});
