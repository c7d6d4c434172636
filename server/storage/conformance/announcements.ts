import { expect, it } from "vitest";
import type { NewAnnouncement } from "../ports.ts";
import { account, allPages, HOST, type StoresOf } from "./samples.ts";

function announcement(id: string, changes: Partial<NewAnnouncement> = {}): NewAnnouncement {
  return {
    id,
    host: HOST,
    audience: { kind: "accounts", search: null, filter: "all" },
    subject: "S",
    body: "B",
    perSecond: 10,
    createdAt: 1000,
    createdBy: `admin@${HOST}`,
    matching: 3,
    ...changes,
  };
}

export function announcementsConformance(storesOf: StoresOf): void {
  it("keeps an announcement with how far it has come", async () => {
    const { announcements } = storesOf();
    await announcements.add(announcement("a1"));
    expect(await announcements.find("a1")).toEqual({
      ...announcement("a1"),
      state: "running",
      sent: 0,
      skipped: 0,
      place: null,
      finishedAt: null,
    });
    expect(await announcements.advance("a1", "p1", 2, 1)).toBe(true);
    expect(await announcements.advance("a1", "", 1, 0)).toBe(true);
    expect(await announcements.find("a1")).toMatchObject({ place: "", sent: 3, skipped: 1 });
    expect(await announcements.end("a1", "done", 2000)).toBe(true);
    expect(await announcements.end("a1", "stopped", 3000)).toBe(false);
    expect(await announcements.advance("a1", "p2", 1, 0)).toBe(false);
    expect(await announcements.find("a1")).toMatchObject({ state: "done", finishedAt: 2000, place: "", sent: 3 });
    expect(await announcements.find("a2")).toBeNull();
  });

  it("lists them newest first, by host", async () => {
    const { announcements } = storesOf();
    for (const [id, host] of [
      ["a1", HOST],
      ["a2", null],
      ["a3", "x.example"],
      ["a4", HOST],
    ] as const)
      await announcements.add(announcement(id, { host }));
    await announcements.end("a4", "failed", 1);
    const ids = async (hosts?: string[]) =>
      (await allPages((cursor) => announcements.list(hosts, { cursor, limit: 2 }))).map(({ id }) => id);
    expect(await ids()).toEqual(["a4", "a3", "a2", "a1"]);
    expect(await ids([HOST])).toEqual(["a4", "a1"]);
    expect((await announcements.running()).map(({ id }) => id)).toEqual(["a1", "a2", "a3"]);
  });

  it("keeps listed recipients in order until it has ended", async () => {
    const { announcements } = storesOf();
    await announcements.add(announcement("a1", { audience: { kind: "selection" } }));
    await announcements.addRecipients("a1", 0, ["a@x", "b@x"]);
    await announcements.addRecipients("a1", 2, ["c@x"]);
    expect(await announcements.recipients("a1", 0, 2)).toEqual(["a@x", "b@x"]);
    expect(await announcements.recipients("a1", 2, 2)).toEqual(["c@x"]);
    expect(await announcements.prune(5000, 10)).toBe(0);
    await announcements.end("a1", "done", 4000);
    expect(await announcements.prune(4000, 2)).toBe(2);
    expect(await announcements.prune(4000, 10)).toBe(1);
    expect(await announcements.find("a1")).not.toBeNull();
    expect(await announcements.prune(4001, 10)).toBe(1);
    expect(await announcements.find("a1")).toBeNull();
  });

  it("tells each account a message of the day once", async () => {
    const { announcements, accounts } = storesOf();
    const motd = { host: HOST, id: "m1", subject: "", body: "B", setAt: 1, setBy: "boss" };
    await announcements.setMotd(HOST, motd);
    expect(await announcements.motds()).toEqual([motd]);
    await accounts.create(account("juliet"));
    expect(await announcements.tellMotd(HOST, "juliet", "m1")).toBe(true);
    expect(await announcements.tellMotd(HOST, "juliet", "m1")).toBe(false);
    expect(await announcements.tellMotd(HOST, "nurse", "m1")).toBe(true);
    expect(await announcements.tellMotd(HOST, "juliet", "m2")).toBe(true);
    await accounts.remove(HOST, "juliet");
    expect(await announcements.tellMotd(HOST, "juliet", "m2")).toBe(true);
    await announcements.setMotd(HOST, null);
    expect(await announcements.motds()).toEqual([]);
  });
}
