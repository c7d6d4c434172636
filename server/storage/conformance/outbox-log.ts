import { expect, it } from "vitest";
import type { OutboxFilter } from "../ports.ts";
import { account, allPages, enqueue, HOST, offlineUnit, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const dayMs = 86_400_000;

export function outboxLogConformance(storesOf: StoresOf): void {
  const listed = async (filter: OutboxFilter, limit = 2): Promise<string[]> =>
    (await allPages((cursor) => storesOf().outbox.list(filter, { limit, cursor }))).map(({ id }) => id);

  it("lists the newest first, page by page, whatever arrives meanwhile", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...["1", "2", "3", "4", "5"].map((id) => outboxEvent(id)));
    const first = await outbox.list({}, { limit: 2 });
    expect(first).toMatchObject({ items: [{ id: "5" }, { id: "4", bytes: 6, state: "queued" }], total: 5 });
    expect(first.items[0]).not.toHaveProperty("payload");
    await enqueue(storesOf(), outboxEvent("6"));
    const second = await outbox.list({}, { limit: 2, cursor: first.nextCursor ?? undefined });
    expect(second).toMatchObject({ items: [{ id: "3" }, { id: "2" }], total: 6 });
    await expect(outbox.list({}, { limit: 2, cursor: "e30" })).rejects.toMatchObject({ code: "cursor" });
  });

  it("finds what comes before and after an event, among those of a filter", async () => {
    const { outbox } = storesOf();
    const events = ["1", "2", "3", "4", "5"].map((id) =>
      outboxEvent(id, { lane: id, target: id === "3" ? "push" : "web" }),
    );
    await enqueue(storesOf(), ...events);
    const cases: readonly [string, OutboxFilter, string | null, string | null][] = [
      ["3", {}, "4", "2"],
      ["1", {}, "2", null],
      ["5", {}, null, "4"],
      ["3", { target: "web" }, "4", "2"],
      ["4", { target: "web" }, "5", "2"],
      ["1", { target: "push" }, "3", null],
      ["1", { state: "dead" }, null, null],
      ["none", {}, null, null],
    ];
    for (const [id, filter, newer, older] of cases)
      expect(await outbox.neighbours(id, filter), `${id} ${JSON.stringify(filter)}`).toEqual({ newer, older });
  });

  it("filters", async () => {
    const { outbox } = storesOf();
    await enqueue(
      storesOf(),
      outboxEvent("e1", { lane: "1", user: "a@x", host: "x", createdAt: 100 }),
      outboxEvent("e2", { lane: "2", user: "b@y", host: "y", createdAt: 200, target: "push" }),
      outboxEvent("e3", { lane: "3", user: "a@x", host: "x", createdAt: 300, from: "tybalt@capulet.lit" }),
    );
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    await outbox.settle([settlement(lane!, lane!.events[0]!, { state: "dead" })]);
    const cases: readonly [OutboxFilter, string[]][] = [
      [{ hosts: ["y", "z"] }, ["e2"]],
      [{ hosts: [] }, []],
      [{ target: "push" }, ["e2"]],
      [{ user: "a@x" }, ["e3", "e1"]],
      [{ state: "dead" }, ["e1"]],
      [{ state: "queued" }, ["e3", "e2"]],
      [{ state: "delivered" }, []],
      [{ since: 200 }, ["e3", "e2"]],
      [{ until: 200 }, ["e1"]],
      [{ search: "tybalt" }, ["e3"]],
      [{ search: "b@y" }, ["e2"]],
      [{ search: "503 Serv" }, ["e1"]],
      [{ search: "e2" }, ["e2"]],
      [{ class: "chat" }, ["e3", "e2", "e1"]],
      [{ class: "call" }, []],
      [{ reason: "503 Service Unavailable" }, ["e1"]],
      [{ reason: "503 Serv" }, []],
      [{ target: "push", not: ["target"] }, ["e3", "e1"]],
      [{ user: "a@x", not: ["user"] }, ["e2"]],
      [{ state: "dead", not: ["state"] }, ["e3", "e2"]],
      [{ state: "queued", not: ["state"] }, ["e1"]],
      [{ state: "sending", not: ["state"] }, ["e3", "e2", "e1"]],
      [{ reason: "503 Service Unavailable", not: ["reason"] }, ["e3", "e2"]],
      [{ device: "phone", not: ["device"] }, ["e3", "e2", "e1"]],
      [{ class: "chat", user: "a@x", not: ["class", "user"] }, []],
      [{ user: "a@x", state: "dead", not: ["state"] }, ["e3"]],
      [{ user: "a@x", state: "queued", since: 1, search: "" }, ["e3"]],
    ];
    for (const [filter, ids] of cases) expect(await listed(filter, 1)).toEqual(ids);
    expect((await outbox.list({ target: "push" }, { limit: 1 })).total).toBe(1);
    expect((await outbox.list({ search: "e" }, { limit: 1 })).total).toBeNull();
    expect((await outbox.list({ target: "push", not: ["target"] }, { limit: 1 })).total).toBeNull();
    expect(await outbox.find("e9")).toBeNull();
  });

  it("counts events by when they came and where they stand", async () => {
    const { outbox } = storesOf();
    const at = (id: string, createdAt: number, user = "a@x") =>
      outboxEvent(id, { lane: id, createdAt, dueAt: createdAt, user });
    await enqueue(storesOf(), at("1", 60_000), at("2", 61_000), at("3", 130_000, "b@x"), at("4", 150_000));
    const [first, second] = await outbox.claim("web", 61_000, 1000, 2, 1);
    await outbox.settle([
      settlement(first!, first!.events[0]!),
      settlement(second!, second!.events[0]!, { state: "retrying", dueAt: 70_000 }),
    ]);
    const none = { delivered: 0, retrying: 0, held: 0, dead: 0, queued: 0 };
    const counts = await outbox.histogram({}, 60_000, 60_000, 3);
    expect(counts).toEqual([{ ...none, delivered: 1, retrying: 1 }, { ...none, queued: 2 }, none]);
    expect(await outbox.histogram({ user: "b@x" }, 60_000, 60_000, 2)).toEqual([none, { ...none, queued: 1 }]);
    expect(await outbox.histogram({ state: "delivered" }, 60_000, 60_000, 1)).toEqual([{ ...none, delivered: 1 }]);
    expect(await outbox.histogram({ target: "push" }, 60_000, 60_000, 1)).toEqual([none]);
    expect(await outbox.histogram({ hosts: ["x"] }, 60_000, 60_000, 1)).toEqual([none]);
  });

  it("counts how long the deliveries of a target took, by when they were made", async () => {
    const { outbox } = storesOf();
    const took = async (id: string, totalMs: number, at: number) => {
      await enqueue(storesOf(), outboxEvent(id, { lane: id }));
      const [lane] = await outbox.claim("web", 2000, 1000, 1, 1);
      const settled = settlement(lane!, lane!.events[0]!, { state: "delivered" }, at);
      const attempt = { ...settled.attempt!, timing: { ...settled.attempt!.timing, totalMs } };
      await outbox.settle([{ ...settled, attempt }]);
    };
    await took("fast", 9, 3_000);
    await took("edge", 10, 3_999);
    await took("slow", 70, 4_000);
    await took("slower", 100, 4_100);
    await took("late", 5, 5_000);
    const counts = (target: string) => outbox.latency(target, [10, 100], 3_000, 1_000, 2);
    expect(await counts("web")).toEqual([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expect(await counts("push")).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("counts what events have in common", async () => {
    const { outbox } = storesOf();
    await enqueue(
      storesOf(),
      outboxEvent("1", { lane: "1", target: "web" }),
      outboxEvent("2", { lane: "2", target: "web" }),
      outboxEvent("3", { lane: "3", target: "push", class: "call" }),
    );
    const [lane] = await outbox.claim("web", 1e12, 1000, 1, 1);
    await outbox.settle([settlement(lane!, lane!.events[0]!, { state: "dead" })]);
    expect(await outbox.facets({})).toMatchObject({
      targets: [
        { value: "web", count: 2 },
        { value: "push", count: 1 },
      ],
      classes: [
        { value: "chat", count: 2 },
        { value: "call", count: 1 },
      ],
      states: [
        { value: "queued", count: 2 },
        { value: "dead", count: 1 },
      ],
      reasons: [{ count: 1 }],
      isComplete: true,
    });
    const dead = await outbox.facets({ state: "dead" });
    expect(dead.targets).toEqual([{ value: "web", count: 1 }]);
    expect(dead.reasons).toEqual([{ value: expect.stringContaining("503"), count: 1 }]);
  });

  it("says how each target is", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...["1", "2", "3", "4"].map((id) => outboxEvent(id, { lane: id, dueAt: Number(id) })));
    const lanes = await outbox.claim("web", 3, 1000, 3, 1);
    const [first, second, third] = lanes.map((lane) => ({ lane, event: lane.events[0]! }));
    await outbox.settle([
      settlement(first!.lane, first!.event, { state: "delivered" }, dayMs),
      settlement(second!.lane, second!.event, { state: "dead" }, dayMs),
      settlement(third!.lane, third!.event, { state: "retrying", dueAt: 9 }, dayMs),
    ]);
    const health = { target: "web", backlog: 2, oldestDueAt: 4, dead: 1, lastDeliveredAt: dayMs, p95Ms: 4.5 };
    const none = { delivered24h: 0, failed24h: 0, overflow24h: 0, lastError: "503 Service Unavailable" };
    expect(await outbox.stats(dayMs)).toEqual([{ ...health, ...none, delivered24h: 1, failed24h: 1 }]);
    expect(await outbox.stats(3 * dayMs)).toEqual([{ ...health, ...none }]);
  });

  it("keeps an event as long as its last row of the feed", async () => {
    const stores = storesOf();
    await stores.accounts.create(account("juliet"));
    await stores.offline.commit(offlineUnit("m", { forwards: [outboxEvent("1")] }));
    const [lane] = await stores.outbox.claim("web", 1000, 1000, 1, 1);
    await stores.outbox.settle([settlement(lane!, lane!.events[0]!)]);
    await stores.offline.acknowledge(HOST, "juliet", Number.MAX_SAFE_INTEGER);
    expect(await stores.outbox.prune(5000, 5000, 10)).toBe(0);
    expect(await stores.admin.feed("forward", 0, 10)).toHaveLength(1);
    const later = Date.now() + 60_000;
    expect(await stores.outbox.prune(later, later, 10)).toBe(1);
    expect(await listed({})).toEqual([]);
  });

  it("prunes finished events in steps and keeps what waits", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...["1", "2", "3", "4"].map((id) => outboxEvent(id, { lane: id, dueAt: Number(id) })));
    const lanes = await outbox.claim("web", 3, 1000, 3, 1);
    await outbox.settle([
      settlement(lanes[0]!, lanes[0]!.events[0]!, { state: "delivered" }, 5000),
      settlement(lanes[1]!, lanes[1]!.events[0]!, { state: "expired" }, 5000),
      settlement(lanes[2]!, lanes[2]!.events[0]!, { state: "dead" }, 5000),
    ]);
    expect(await outbox.prune(5000, 5000, 10)).toBe(0);
    expect(await outbox.prune(6000, 5000, 1)).toBe(1);
    expect(await outbox.prune(6000, 5000, 10)).toBe(1);
    expect(await listed({})).toEqual(["4", "3"]);
    expect(await outbox.prune(6000, 6000, 10)).toBe(1);
    expect(await listed({})).toEqual(["4"]);
    expect(await outbox.stats(6000)).toMatchObject([{ backlog: 1, dead: 0, delivered24h: 0 }]);
    expect(await outbox.histogram({}, 0, 60_000, 1)).toMatchObject([{ delivered: 0, dead: 0, queued: 1 }]);
  });
}
