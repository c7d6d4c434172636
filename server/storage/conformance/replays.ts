import { expect, it } from "vitest";
import type { DeadFilter, NewOutboxEvent } from "../ports.ts";
import { account, enqueue, offlineUnit, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const always = Number.MAX_SAFE_INTEGER;

export function replaysConformance(storesOf: StoresOf): void {
  /** Events of a lane each that have died at `at`. */
  const died = async (at: number, ...events: readonly NewOutboxEvent[]): Promise<void> => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...events.map((event) => ({ ...event, lane: event.id, user: `${event.id}@x` })));
    for (const target of new Set(events.map((event) => event.target))) {
      const lanes = await outbox.claim(target, 1000, 1000, events.length, 1);
      await outbox.settle(lanes.map((lane) => settlement(lane, lane.events[0]!, { state: "dead" }, at)));
    }
  };
  const many = (count: number, changes: Partial<NewOutboxEvent> = {}) =>
    Array.from({ length: count }, (_, index) => outboxEvent(`${changes.target ?? "e"}${index}`, changes));
  /** Runs a replay to its end; how many events each of its steps took. */
  const replay = async (filter: DeadFilter, limit: number): Promise<number[]> => {
    const steps: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { replayed, upTo } = await storesOf().outbox.replay(filter, after, 5000, limit);
      steps.push(replayed);
      after = upTo;
    }
    return steps;
  };

  it("brings dead events back in steps, in their order, with their ids", async () => {
    const { outbox } = storesOf();
    await died(2000, ...many(5));
    const before = await outbox.find("e0");
    expect(await outbox.countDead({ diedUntil: always })).toBe(5);
    expect(await replay({ diedUntil: always }, 2)).toEqual([2, 2, 1]);
    expect(await outbox.countDead({ diedUntil: always })).toBe(0);
    const after = await outbox.find("e0");
    expect(after).toMatchObject({ state: "retrying", attempts: 1, replayedAfter: 1, dueAt: 5000, updatedAt: 5000 });
    expect(after).toMatchObject({ seq: before!.seq, payload: before!.payload });
    const lanes = await outbox.claim("web", 5000, 1000, 10, 10);
    expect(lanes.flatMap(({ events }) => events.map(({ id }) => id)).toSorted()).toEqual([
      "e0",
      "e1",
      "e2",
      "e3",
      "e4",
    ]);
    expect(await outbox.stats(5000)).toMatchObject([{ backlog: 5, dead: 0 }]);
  });

  it("keeps the order of a lane", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...["1", "2", "3"].map((id) => outboxEvent(id)));
    for (let count = 0; count < 2; count += 1) {
      const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
      await outbox.settle([settlement(lane!, lane!.events[0]!, { state: "dead" })]);
    }
    await replay({ diedUntil: always }, 1);
    const [lane] = await outbox.claim("web", 5000, 1000, 1, 10);
    expect(lane!.events.map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  it("takes what the filter says, and counts the same before", async () => {
    await died(2000, ...many(3, { createdAt: 100 }), ...many(2, { target: "push", createdAt: 300 }));
    await died(4000, outboxEvent("late", { createdAt: 500 }));
    const cases: readonly [DeadFilter, number][] = [
      [{ diedUntil: 1999 }, 0],
      [{ diedUntil: 2000, target: "push", since: 301 }, 0],
      [{ diedUntil: always, ids: ["e1", "nobody", "late"], until: 500 }, 1],
      [{ diedUntil: 2000, target: "push" }, 2],
      [{ diedUntil: 3999, hosts: ["elsewhere"] }, 0],
      [{ diedUntil: 3999, search: "503", since: 100, until: 300 }, 2],
      [{ diedUntil: always, user: "late@x" }, 1],
    ];
    for (const [filter, count] of cases) {
      expect(await storesOf().outbox.countDead(filter)).toBe(count);
      expect((await replay(filter, 100)).reduce((sum, step) => sum + step, 0)).toBe(count);
    }
  });

  it("brings expired events back where that is asked for, with as long to live as they had", async () => {
    const { outbox } = storesOf();
    await died(2000, outboxEvent("dead"));
    await enqueue(storesOf(), outboxEvent("old", { lane: "old" }));
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    const end = { state: "expired" } as const;
    await outbox.settle([{ seq: lane!.events[0]!.seq, claim: lane!.claim, attempt: null, next: end, at: 2_000_000 }]);
    const filter = { diedUntil: always };
    expect(await outbox.countDead(filter)).toBe(1);
    expect(await outbox.countDead({ ...filter, withExpired: true })).toBe(2);
    expect(await outbox.countDead({ ...filter, withExpired: true, ids: ["old"] })).toBe(1);
    const page = await outbox.list({ state: "expired" }, { limit: 9 });
    expect(page.items).toMatchObject([{ id: "old" }]);
    const step = await outbox.replay({ ...filter, withExpired: true }, 0, 3_000_000, 10);
    expect(step).toMatchObject({ replayed: 2 });
    expect(await outbox.find("old")).toMatchObject({ state: "queued", replayedAfter: 0, expiresAt: 3_999_000 });
    expect(await outbox.countDead({ ...filter, withExpired: true })).toBe(0);
  });

  it("says which targets have something to do", async () => {
    await died(2000, ...many(2), ...many(1, { target: "push" }));
    const { targets } = await storesOf().outbox.replay({ diedUntil: always }, 0, 5000, 10);
    expect([...targets].toSorted()).toEqual(["push", "web"]);
  });

  it("a retry by hand of a dead event is a replay, one of a waiting event is not", async () => {
    const { outbox } = storesOf();
    await died(2000, outboxEvent("dead"));
    await enqueue(storesOf(), outboxEvent("waits", { lane: "other" }));
    await outbox.retry("dead", 5000);
    await outbox.retry("waits", 5000);
    expect(await outbox.find("dead")).toMatchObject({ replayedAfter: 1 });
    expect(await outbox.find("waits")).toMatchObject({ replayedAfter: null });
  });

  it("a retry by hand may send something else under the same id", async () => {
    const { outbox } = storesOf();
    await died(2000, outboxEvent("dead"), outboxEvent("other"));
    const body = { contentType: "text/plain", payload: "später" };
    expect(await outbox.retry("dead", 5000, body)).toBe(true);
    expect(await outbox.find("dead")).toMatchObject({ ...body, bytes: 7, state: "retrying" });
    expect((await outbox.list({ search: "dead" }, { limit: 1 })).items).toMatchObject([{ id: "dead", bytes: 7 }]);
    const [lane] = await outbox.claim("web", 5000, 1000, 1, 1);
    expect(lane!.events).toMatchObject([{ id: "dead", ...body }]);
    expect(await outbox.retry("dead", 5000, { ...body, payload: "never" })).toBe(false);
    expect(await outbox.find("dead")).toMatchObject(body);
    expect(await outbox.find("other")).toMatchObject({ payload: outboxEvent("other").payload, state: "dead" });
  });

  const there = { target: "there", maxAttempts: 4, ttlMs: 1_000 };

  it("gives dead events to another target, in the order of their lane, before what waits there", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), ...["1", "2", "3"].map((id) => outboxEvent(id)));
    await enqueue(storesOf(), outboxEvent("4", { target: "there" }));
    expect(await outbox.endTarget("web", "dead", 2000)).toBe(3);
    const { lane: own } = outboxEvent("4");
    const moves = ["2", "1", "3"].map((id) => ({ id, lane: own, body: null }));
    expect(await outbox.reroute(there, moves, 5000)).toBe(3);
    const [lane] = await outbox.claim("there", 5000, 1000, 1, 10);
    expect(lane!.events.map(({ id, payload }) => ({ id, payload }))).toEqual(
      ["1", "2", "3", "4"].map((id) => ({ id, payload: `body=${id}` })),
    );
    expect(lane!.events[0]).toMatchObject({ target: "there", maxAttempts: 4, expiresAt: 6000, replayedAfter: 0 });
    expect(await outbox.claim("web", 5000, 1000, 1, 10)).toEqual([]);
    const stats = await outbox.stats(5000);
    expect(stats.find(({ target }) => target === "there")).toMatchObject({ backlog: 4, dead: 0 });
    expect(stats.find(({ target }) => target === "web")).toMatchObject({ backlog: 0, dead: 0 });
    expect((await outbox.facets({ target: "there" })).states).toEqual([{ value: "queued", count: 4 }]);
  });

  it("writes what they carry anew, and has their attempts again", async () => {
    const { outbox } = storesOf();
    await died(2000, outboxEvent("a"));
    const body = { contentType: "application/json", payload: '{"body":"ä"}' };
    expect(await outbox.reroute(there, [{ id: "a", lane: "elsewhere", body }], 5000)).toBe(1);
    expect(await outbox.find("a")).toMatchObject({
      ...body,
      lane: "elsewhere",
      bytes: 13,
      state: "retrying",
      attempts: 1,
      replayedAfter: 1,
      dueAt: 5000,
    });
    expect(await outbox.histogram({ target: "there" }, 0, 10_000, 1)).toMatchObject([{ retrying: 1, dead: 0 }]);
    expect(await outbox.histogram({ target: "web" }, 0, 10_000, 1)).toMatchObject([{ retrying: 0, dead: 0 }]);
  });

  it("leaves alone what is not dead, what is unknown and what the target has already", async () => {
    const stores = storesOf();
    const { outbox } = stores;
    const twice = [outboxEvent("old"), outboxEvent("has", { target: "there" })];
    await stores.accounts.create(account("juliet"));
    await stores.offline.commit(offlineUnit("<message/>", { forwards: twice }));
    await outbox.endTarget("web", "dead", 2000);
    await enqueue(stores, outboxEvent("waits"));
    const moves = ["old", "waits", "nobody"].map((id) => ({ id, lane: id, body: null }));
    expect(await outbox.reroute(there, moves, 5000)).toBe(0);
    expect(await outbox.find("old")).toMatchObject({ target: "web", state: "dead" });
    expect(await outbox.find("waits")).toMatchObject({ target: "web", state: "queued" });
  });

  it("tells failed events a step at a time, each with the message that it is about", async () => {
    const stores = storesOf();
    const { outbox } = stores;
    await stores.accounts.create(account("juliet"));
    await stores.offline.commit(offlineUnit("<message/>", { forwards: [outboxEvent("a")] }));
    await enqueue(stores, outboxEvent("b"), outboxEvent("c"));
    await outbox.endTarget("web", "dead", 2000);
    const filter = { diedUntil: always, isForWebServers: true };
    const first = await outbox.failed(filter, 0, 2);
    expect(first.events.map(({ event, message }) => [event.id, message?.from ?? null])).toEqual([
      ["a", expect.any(String)],
      ["b", null],
    ]);
    const second = await outbox.failed(filter, first.upTo!, 2);
    expect(second).toMatchObject({ events: [{ event: { id: "c" } }], upTo: null });
  });
}
