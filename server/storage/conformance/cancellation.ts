import { beforeEach, expect, it } from "vitest";
import type { NewOutboxEvent } from "../ports.ts";
import { attempt, enqueue, FAILED, HOST, outboxEvent, type StoresOf } from "./samples.ts";

const USER = `juliet@${HOST}`;

export function cancellationConformance(storesOf: StoresOf): void {
  const event = (id: string, changes: Partial<NewOutboxEvent>): NewOutboxEvent =>
    outboxEvent(id, { lane: id, ...changes });
  const cancelled = async (): Promise<string[]> =>
    (await storesOf().outbox.list({ state: "cancelled" }, { limit: 99 })).items.map(({ id }) => id).toSorted();

  beforeEach(() =>
    enqueue(
      storesOf(),
      event("never", { cancelOn: "never" }),
      event("online", { cancelOn: "online" }),
      event("read", { cancelOn: "read" }),
      event("read-bare", { cancelOn: "read", from: "romeo@montague.lit", target: "push" }),
      event("read-other", { cancelOn: "read", from: "romeo@montague.literal/x" }),
      event("call", { cancelOn: "never", class: "call" }),
      event("call-other", { cancelOn: "read", class: "call", from: "tybalt@capulet.lit/x" }),
      event("somebody", { cancelOn: "online", user: `nurse@${HOST}` }),
    ),
  );

  it.each([
    { why: { kind: "online" }, ids: ["online"] },
    { why: { kind: "read", from: "romeo@montague.lit" }, ids: ["read", "read-bare"] },
    { why: { kind: "read", from: "romeo@montague" }, ids: [] },
    { why: { kind: "call", from: "romeo@montague.lit" }, ids: ["call"] },
    { why: { kind: "call", from: "tybalt@capulet.lit" }, ids: ["call-other"] },
    { why: { kind: "call", from: "nobody@x" }, ids: [] },
  ] as const)("cancels what waits for $why.kind $why.from, and says how much", async ({ why, ids }) => {
    const { outbox } = storesOf();
    expect(await outbox.cancelFor(USER, why, 7000)).toBe(ids.length);
    expect(await cancelled()).toEqual(ids);
    expect(await outbox.cancelFor(USER, why, 7000)).toBe(0);
    const backlog = (await outbox.due()).reduce((sum, target) => sum + target.backlog, 0);
    expect(backlog).toBe(8 - ids.length);
  });

  it("recalls nothing that is under way", async () => {
    const { outbox } = storesOf();
    const lanes = await outbox.claim("web", 1000, 1000, 99, 1);
    expect(await outbox.cancelFor(USER, { kind: "online" }, 7000)).toBe(0);
    expect(await outbox.cancelFor(USER, { kind: "call", from: "romeo@montague.lit" }, 7000)).toBe(0);
    await outbox.release(lanes.map(({ claim }) => claim));
    expect(await outbox.cancelFor(USER, { kind: "online" }, 7000)).toBe(1);
    expect(await outbox.find("online")).toMatchObject({
      state: "cancelled",
      updatedAt: 7000,
      error: "recipient came online",
    });
  });

  it.each([
    { next: { state: "delivered" }, end: "delivered", error: "sent while the recipient came online" },
    { next: { state: "retrying", dueAt: 1e9 }, end: "cancelled", error: "recipient came online" },
    { next: { state: "held", dueAt: 1e9, isFree: true }, end: "cancelled", error: "recipient came online" },
    { next: { state: "dead" }, end: "dead", error: FAILED.error },
  ] as const)(
    "lets what is under way end as $end when its attempt leaves it $next.state",
    async ({ next, end, error }) => {
      const { outbox } = storesOf();
      const told: string[] = [];
      storesOf().onQueued((targets) => told.push(...targets));
      await enqueue(storesOf(), outboxEvent("next", { lane: "online" }));
      const lanes = await outbox.claim("web", 1000, 1000, 99, 1);
      const lane = lanes.find(({ events }) => events[0]!.id === "online")!;
      expect(await outbox.cancelFor(USER, { kind: "online" }, 7000)).toBe(0);
      told.length = 0;
      const record = attempt(1, next.state === "delivered" ? {} : FAILED);
      await outbox.settle([{ seq: lane.events[0]!.seq, claim: lane.claim, attempt: record, next, at: 8000 }]);
      expect(await outbox.find("online")).toMatchObject({
        state: end,
        error,
        updatedAt: 8000,
        attemptList: [{ number: 1 }],
      });
      const free = await outbox.claim("web", 8001, 1000, 99, 1);
      expect(free.find(({ lane: name }) => name === "online")).toMatchObject({ events: [{ id: "next" }] });
      expect(told).toEqual(end === "cancelled" ? ["web"] : []);
    },
  );

  it("gives the lane to what comes next", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("next", { lane: "online" }));
    await outbox.cancelFor(USER, { kind: "online" }, 7000);
    const lanes = await outbox.claim("web", 7000, 1000, 99, 9);
    expect(lanes.find(({ lane }) => lane === "online")?.events).toMatchObject([{ id: "next" }]);
  });

  it("tells the feed", async () => {
    const states: string[] = [];
    storesOf().onFeed((rows) => {
      for (const row of rows) if (row.feed === "forward") states.push(`${row.event.id} ${row.event.state}`);
    });
    await storesOf().outbox.cancelFor(USER, { kind: "online" }, 7000);
    expect(states).toEqual(["online cancelled"]);
  });

  it("knows what could be cancelled, each once", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), event("again", { cancelOn: "online" }));
    const from = "romeo@montague.lit/garden";
    const expected = [
      { user: USER, from, cancelOn: "online" },
      { user: USER, from, cancelOn: "read" },
      { user: USER, from: "romeo@montague.lit", cancelOn: "read" },
      { user: USER, from: "romeo@montague.literal/x", cancelOn: "read" },
      { user: USER, from: "tybalt@capulet.lit/x", cancelOn: "read" },
      { user: `nurse@${HOST}`, from, cancelOn: "online" },
    ];
    const found = await outbox.cancellable();
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
    await outbox.endTarget("web", "cancelled", 2000);
    expect(await outbox.cancellable()).toEqual([{ user: USER, from: "romeo@montague.lit", cancelOn: "read" }]);
  });
}
