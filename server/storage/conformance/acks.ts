import { beforeEach, expect, it } from "vitest";
import type { FeedRow } from "../ports.ts";
import { account, device, enqueue, HOST, offlineUnit, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const USER = `juliet@${HOST}`;

export function acksConformance(storesOf: StoresOf): void {
  /** Messages of juliet's, each with an event. */
  const store = async (...names: readonly string[]): Promise<void> => {
    const { offline } = storesOf();
    for (const name of names) await offline.commit(offlineUnit(name, { forwards: [outboxEvent(`e-${name}`)] }));
  };
  const idOf = async (xml: string): Promise<number> => {
    const rows = await storesOf().offline.read(HOST, "juliet", 0, 99);
    return rows.find((row) => row.xml === xml)!.id;
  };
  const ackedAt = async (name: string) => (await storesOf().outbox.find(`e-${name}`))!.ackedAt;

  beforeEach(async () => {
    await storesOf().accounts.createMany([account("juliet"), account("nurse")], "skip");
  });

  it("notes when a client has confirmed the message of an event, whatever its state, and that of no other", async () => {
    const { outbox, offline } = storesOf();
    await store("1", "2", "3");
    await offline.commit(
      offlineUnit("x", { local: "nurse", forwards: [outboxEvent("e-x", { user: `nurse@${HOST}`, lane: "n" })] }),
    );
    await enqueue(storesOf(), outboxEvent("e-loose", { lane: "l" }));
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    await outbox.settle([settlement(lane!, lane!.events[0]!)]);
    const before = Date.now();
    await offline.acknowledge(HOST, "juliet", await idOf("2"));
    expect(await ackedAt("1")).toBeGreaterThanOrEqual(before);
    expect(await ackedAt("2")).toBeGreaterThanOrEqual(before);
    expect(await outbox.find("e-1")).toMatchObject({ state: "delivered", updatedAt: 3000 });
    expect(await outbox.find("e-2")).toMatchObject({ state: "queued", updatedAt: 1000 });
    for (const name of ["3", "x", "loose"]) expect(await ackedAt(name)).toBeNull();
  });

  it.each([
    { resource: "laptop", phone: ["queued", "queued", "queued"], tablet: ["sending", "queued", "queued"] },
    { resource: "phone", phone: ["cancelled", "cancelled", "queued"], tablet: ["sending", "queued", "queued"] },
    { resource: "tablet", phone: ["queued", "queued", "queued"], tablet: ["sending", "cancelled", "queued"] },
  ])("cancels what waits for the device of the client that has the message: $resource", async ({ resource, ...of }) => {
    const { devices, offline, outbox } = storesOf();
    for (const id of ["phone", "tablet"]) await devices.register(device(id, { resource: id }), 9);
    for (const name of ["1", "2", "3"]) {
      const push = outboxEvent(`e-${name}`, { target: "push", toDevices: true });
      await offline.commit(offlineUnit(name, { forwards: [push, outboxEvent(`w-${name}`)] }));
    }
    // The first one is on its way to the tablet.
    for (const lane of await outbox.claim("push", 1000, 1000, 9, 1))
      if (lane.device!.id === "phone") await outbox.release([lane.claim]);
    await offline.acknowledge(HOST, "juliet", await idOf("2"), resource);
    const found = new Map((await outbox.list({}, { limit: 99 })).items.map(({ id, state }) => [id, state]));
    const statesOf = (name: string) => ["1", "2", "3"].map((number) => found.get(name.replace("#", number)));
    expect({ phone: statesOf("e-#_phone"), tablet: statesOf("e-#_tablet") }).toEqual(of);
    expect(statesOf("w-#")).toEqual(["queued", "queued", "queued"]);
  });

  it("notes it once", async () => {
    const { offline, admin } = storesOf();
    await store("1");
    const id = await idOf("1");
    await offline.acknowledge(HOST, "juliet", id);
    const first = await ackedAt("1");
    await offline.acknowledge(HOST, "juliet", id);
    expect(await ackedAt("1")).toBe(first);
    expect(await admin.feedRange("forward")).toMatchObject({ head: 2 });
  });

  it("tells the feed, live and later the same, also of an event that is being sent", async () => {
    const { offline, outbox, admin } = storesOf();
    const rows: FeedRow[] = [];
    storesOf().onFeed((news) => rows.push(...news));
    await store("1");
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    await offline.acknowledge(HOST, "juliet", await idOf("1"));
    await outbox.settle([settlement(lane!, lane!.events[0]!)]);
    const acks = rows.map((row) => row.feed === "forward" && row.event.ackedAt !== null);
    expect(acks).toEqual([false, true, true]);
    expect(await admin.feed("forward", 0, 10)).toEqual(rows);
    expect(await ackedAt("1")).not.toBeNull();
  });

  it("finds the message that an event is about while it is kept", async () => {
    const { outbox, offline } = storesOf();
    await store("1");
    expect(await outbox.messageOf("e-1")).toEqual({
      id: expect.any(Number),
      xml: "1",
      from: "romeo@montague.lit/garden",
      at: 1000,
    });
    await enqueue(storesOf(), outboxEvent("loose"));
    expect(await outbox.messageOf("loose")).toBeNull();
    expect(await outbox.messageOf("nobody")).toBeNull();
    await offline.acknowledge(HOST, "juliet", await idOf("1"));
    expect(await outbox.messageOf("e-1")).toBeNull();
  });

  it("knows which kept messages have no event at a target, and takes the missing ones", async () => {
    const { outbox, offline } = storesOf();
    await store("1", "2");
    const kept = await storesOf().archive.since({ hosts: [HOST], since: 0, until: Date.now() + 60_000 }, 0, 99);
    const messages = kept.map(({ id }) => ({ id, user: USER }));
    const [first, second] = messages;
    expect(messages).toHaveLength(2);
    expect(await outbox.missing("web", messages)).toEqual([]);
    expect(await outbox.missing("push", messages)).toEqual([first!.id, second!.id]);
    expect(await outbox.missing("web", [{ id: first!.id, user: `nurse@${HOST}` }])).toEqual([first!.id]);
    const late = outboxEvent("late", { target: "push", message: first!.id });
    const event = outboxEvent("counted", { target: "push", lane: "x", payload: "n=", unreadAt: 2 });
    expect(await outbox.add([late, late, event])).toBe(2);
    expect(await outbox.missing("push", messages)).toEqual([second!.id]);
    expect(await outbox.messageOf("late")).toMatchObject({ xml: "1" });
    expect(await outbox.find("counted")).toMatchObject({ payload: "n=2", bytes: 3 });
    await offline.acknowledge(HOST, "juliet", await idOf("1"));
    expect((await outbox.find("late"))!.ackedAt).not.toBeNull();
  });

  it("takes any number of events", async () => {
    const { outbox } = storesOf();
    const many = Array.from({ length: 1200 }, (_, index) => outboxEvent(`m${index}`));
    expect(await outbox.add(many)).toBe(1200);
    expect(await outbox.add(many)).toBe(0);
    expect(await outbox.due()).toMatchObject([{ backlog: 1200 }]);
  });
}
