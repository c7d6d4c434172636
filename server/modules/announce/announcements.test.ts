import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestServer, testServer } from "../../core/testing.ts";
import { announcementsOf } from "../../features/announcements/announcements.ts";
import type { NewAnnouncement } from "../../storage/ports.ts";
import { Jid } from "../../xmpp/jid.ts";
import { archive } from "../archive/module.ts";
import { message } from "../message/module.ts";
import { offline } from "../offline/module.ts";
import { presence } from "../presence/module.ts";
import { roster } from "../roster/module.ts";

const host = "montague.example";
const names = Array.from({ length: 120 }, (_, n) => `user${String(n).padStart(3, "0")}`);
let server: TestServer;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, message, archive, offline],
    accounts: [...names.map((name) => `${name}@${host}`), "juliet@capulet.example"],
  });
});
afterEach(async () => {
  await announcementsOf(server.core).close();
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const everybody = { kind: "accounts", search: null, filter: "all" } as const;
const draft = (changes: object = {}) => ({
  host,
  audience: everybody,
  subject: "S",
  body: "B",
  perSecond: 1_000_000,
  createdBy: "boss",
  ...changes,
});
const copies = async (local: string): Promise<number> =>
  (await server.stores.offline.read(host, local, 0, 10)).filter(({ xml }) => xml.includes("<body>B</body>")).length;
const ended = (id: string) =>
  expect.poll(async () => (await server.stores.announcements.find(id))!.state, { interval: 5 });

describe("to all accounts", () => {
  test("each of the host has it once, whether it is there or not", async () => {
    const there = await server.connect(`${names[3]}@${host}/x`);
    there.send("<presence/>");
    await there.sync();
    const { id, matching } = (await announcementsOf(server.core).begin(draft()))!;
    expect(matching).toBe(120);
    await ended(id).toBe("done");
    const told = (await there.sync()).filter(({ kind }) => kind === "message");
    expect(told.map((one) => [one.from, one.id, one.type, one.childText("subject")])).toEqual([
      [host, `announce-${id}`, "normal", "S"],
    ]);
    for (const name of names.filter((_, n) => n !== 3)) expect(await copies(name)).toBe(1);
    expect(await server.stores.offline.depth("capulet.example", "juliet")).toMatchObject({ messages: 0 });
    expect(await server.stores.announcements.find(id)).toMatchObject({ sent: 120, skipped: 0 });
  });

  test("those who are suspended are left out, and counted", async () => {
    const suspension = { reason: "", at: 0, until: null, by: "boss" };
    await server.core.accounts.suspend(Jid.parse(`${names[0]}@${host}`), suspension);
    const { id } = (await announcementsOf(server.core).begin(draft()))!;
    await ended(id).toBe("done");
    expect(await server.stores.announcements.find(id)).toMatchObject({ sent: 119, skipped: 1 });
    expect(await copies(names[0]!)).toBe(0);
  });

  test("a filter, and how many it would be", async () => {
    const audience = { kind: "accounts", search: "user01", filter: "all" } as const;
    expect(await announcementsOf(server.core).count(host, audience)).toEqual({ count: 10, isExact: true });
    expect(await announcementsOf(server.core).count(null, everybody)).toEqual({ count: 121, isExact: true });
    const { id } = (await announcementsOf(server.core).begin(draft({ audience })))!;
    await ended(id).toBe("done");
    expect(await copies("user019")).toBe(1);
    expect(await copies("user020")).toBe(0);
  });
});

describe("after a crash", () => {
  const row = (place: string | null, changes: Partial<NewAnnouncement> = {}) => ({
    ...draft(changes),
    id: "a1",
    createdAt: server.clock.now(),
    matching: 120,
    place,
  });

  /** What a process leaves behind that died in the middle of a step: some have it, and the job does not know. */
  async function interrupted(told: readonly string[]): Promise<void> {
    const { place: _, ...announcement } = row(null);
    await server.stores.announcements.add(announcement);
    for (const name of told) {
      const { announcementStanza } = await import("../../features/announcements/delivery.ts");
      const to = Jid.parse(`${name}@${host}`);
      await server.core.router.send(announcementStanza(host, to, announcement, "normal"));
      await expect.poll(() => copies(name), { interval: 5 }).toBe(1);
    }
  }

  test("everybody has it once, those who had it already as well", async () => {
    await interrupted(names.slice(0, 20));
    await announcementsOf(server.core).start();
    await ended("a1").toBe("done");
    for (const name of names) expect(await copies(name)).toBe(1);
  });

  test("one that had come to its end ends, and begins not anew", async () => {
    const { place: _, ...announcement } = row(null);
    await server.stores.announcements.add(announcement);
    await server.stores.announcements.advance("a1", "", 120, 0);
    await announcementsOf(server.core).start();
    await ended("a1").toBe("done");
    expect(await copies(names[0]!)).toBe(0);
  });

  test("what was for those who were online is not sent to them twice", async () => {
    const there = await server.connect(`${names[3]}@${host}/x`);
    there.send("<presence/>");
    await there.sync();
    const { place: _, ...announcement } = row(null, { audience: { kind: "online" } });
    await server.stores.announcements.add(announcement);
    await server.stores.announcements.addRecipients("a1", 0, [there.session.bare.bare]);
    await server.stores.announcements.advance("a1", "", 1, 0);
    await announcementsOf(server.core).start();
    await ended("a1").toBe("done");
    expect(await there.sync()).toEqual([]);
  });
});

test("it is stopped, goes no faster than it is told to, and no more than four run", async () => {
  const slow = (await announcementsOf(server.core).begin(draft({ perSecond: 10 })))!;
  await expect.poll(async () => (await server.stores.announcements.find(slow.id))!.sent, { interval: 5 }).toBe(10);
  for (let n = 0; n < 3; n += 1) await announcementsOf(server.core).begin(draft({ perSecond: 1 }));
  expect(await announcementsOf(server.core).begin(draft())).toBeNull();
  expect(await announcementsOf(server.core).stop(slow.id)).toBe(true);
  expect(await announcementsOf(server.core).stop(slow.id)).toBe(false);
  expect(await server.stores.announcements.find(slow.id)).toMatchObject({ state: "stopped", sent: 10 });
});

test("a selection is told, without those who are gone", async () => {
  const recipients = [`${names[1]}@${host}`, `${names[2]}@${host}`].map((jid) => Jid.parse(jid));
  const { id } = (await announcementsOf(server.core).begin(draft({ audience: { kind: "selection" }, recipients })))!;
  await ended(id).toBe("done");
  expect(await copies(names[1]!)).toBe(1);
  expect(await copies(names[3]!)).toBe(0);
});
