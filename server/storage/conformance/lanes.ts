import { expect, it } from "vitest";
import type { ClaimedLane, FeedRow, NewOutboxEvent, OutboxEvent, OutboxState } from "../ports.ts";
import { attempt, enqueue, only, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const leaseMs = 30_000;

export function lanesConformance(storesOf: StoresOf): void {
  const claim = (now: number, perLane = 10, maxLanes = 10): Promise<readonly ClaimedLane[]> =>
    storesOf().outbox.claim("web", now, leaseMs, maxLanes, perLane);
  const claimOne = async (now: number): Promise<{ lane: ClaimedLane; event: OutboxEvent }> => {
    const lane = only(await claim(now, 1));
    return { lane, event: only(lane.events) };
  };
  const ids = (lanes: readonly ClaimedLane[]): string[][] =>
    lanes.map(({ events }) => events.map(({ id }) => id)).toSorted(([a = ""], [b = ""]) => a.localeCompare(b));

  it("claims lanes, each with its first events in order", async () => {
    await enqueue(
      storesOf(),
      ...["a1", "b1", "a2", "a3", "b2"].map((id) => outboxEvent(id, { lane: id.slice(0, 1) })),
      outboxEvent("other", { target: "push" }),
    );
    const lanes = await claim(1000, 2);
    expect(ids(lanes)).toEqual([
      ["a1", "a2"],
      ["b1", "b2"],
    ]);
    expect(lanes[0]?.events[0]).toMatchObject({
      state: "sending",
      attempts: 0,
      payload: expect.stringMatching(/^body=/),
    });
    expect(await claim(1000)).toEqual([]);
    expect(new Set(lanes.map((lane) => lane.claim)).size).toBe(2);
    expect(await storesOf().outbox.find("a1")).toMatchObject({ state: "sending" });
    expect(await storesOf().outbox.find("a3")).toMatchObject({ state: "queued" });
  });

  it("claims no more lanes than asked for, those due longest first", async () => {
    const due = { x: 900, y: 800, z: 700 };
    await enqueue(storesOf(), ...Object.entries(due).map(([lane, dueAt]) => outboxEvent(lane, { lane, dueAt })));
    expect((await claim(1000, 1, 2)).map(({ lane }) => lane)).toEqual(["z", "y"]);
  });

  it("takes the lanes of hosts in turns where there are too many, whose ever came first", async () => {
    const { outbox } = storesOf();
    const of = (host: string, id: string, dueAt: number): NewOutboxEvent =>
      outboxEvent(id, { host, user: `${id}@${host}`, lane: `${id}@${host}`, dueAt });
    const many = Array.from({ length: 9 }, (_, index) => of("a.example", `a${index}`, 100 + index));
    const few = [of("b.example", "b0", 300), of("b.example", "b1", 301), of("c.example", "c0", 400)];
    await enqueue(storesOf(), ...many, ...few, of("d.example", "d0", 5000));
    const claim = async (most: number): Promise<string> => {
      const lanes = await outbox.claim("web", 1000, 1000, most, 9);
      return lanes.map(({ lane }) => lane.slice(0, 2)).join(" ");
    };
    expect(await claim(2)).toBe("a0 b0");
    expect(await claim(4)).toBe("c0 a1 b1 a2");
    expect(await claim(2)).toBe("a3 a4");
    expect(await claim(9)).toBe("a5 a6 a7 a8");
  });

  it("claims only the prefix that is due", async () => {
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2", { dueAt: 5000 }), outboxEvent("3"));
    expect(ids(await claim(1000))).toEqual([["1"]]);
  });

  it("shows what is being sent, everywhere and no longer than that", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"), outboxEvent("3"));
    const shown = async (state: OutboxState) =>
      (await outbox.list({ state }, { limit: 9 })).items.map((event) => `${event.id} ${event.state}`);
    const lane = only(await claim(1000, 2));
    expect(await shown("sending")).toEqual(["2 sending", "1 sending"]);
    expect(await shown("queued")).toEqual(["3 queued"]);
    expect((await outbox.list({}, { limit: 9 })).items.map(({ state }) => state)).toEqual([
      "queued",
      "sending",
      "sending",
    ]);
    expect(await outbox.histogram({ state: "sending" }, 0, 60_000, 1)).toMatchObject([{ queued: 2 }]);
    expect(await outbox.retry("1", 1500)).toBe(false);
    await outbox.settle([settlement(lane, lane.events[0]!, { state: "retrying", dueAt: 5000 })]);
    expect(await shown("sending")).toEqual([]);
    expect(await shown("retrying")).toEqual(["1 retrying"]);
  });

  it("goes on with the lane once what was claimed is settled", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"), outboxEvent("3"));
    const lane = only(await claim(1000, 2));
    const [first, second] = lane.events;
    expect(await outbox.settle([settlement(lane, first!)])).toBe(1);
    expect(await claim(1000)).toEqual([]);
    expect(await outbox.settle([settlement(lane, second!)])).toBe(1);
    expect(ids(await claim(1000))).toEqual([["3"]]);
  });

  it("keeps the outcome and the attempt", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"));
    const { lane, event } = await claimOne(1000);
    await outbox.settle([settlement(lane, event)]);
    const found = await outbox.find("1");
    expect(found).toMatchObject({
      state: "delivered",
      attempts: 1,
      status: 200,
      ms: 4.5,
      error: null,
      updatedAt: 3000,
    });
    expect(found?.attemptList).toMatchObject([{ number: 1, outcome: "delivered", response: { body: "ok" } }]);
    expect(await outbox.due()).toEqual([]);
  });

  it("lets a head that waits for its retry block its lane, and only that", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("a1", { lane: "a" }), outboxEvent("a2", { lane: "a" }));
    const lane = only(await claim(1000, 2));
    // The second was claimed with the first and goes back behind it.
    await outbox.settle([settlement(lane, lane.events[0]!, { state: "retrying", dueAt: 9000 })]);
    await enqueue(storesOf(), outboxEvent("b1", { lane: "b" }));
    expect(ids(await claim(8999))).toEqual([["b1"]]);
    expect(await outbox.find("a1")).toMatchObject({ state: "retrying", attempts: 1, dueAt: 9000, status: 503 });
    expect(await outbox.find("a2")).toMatchObject({ state: "queued", attempts: 0 });
    expect(await outbox.settle([settlement(lane, lane.events[1]!)])).toBe(0);
    expect(ids(await claim(9000))).toEqual([["a1", "a2"]]);
  });

  it("ignores what is settled behind a retry in the same call", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"));
    const lane = only(await claim(1000));
    const [first, second] = lane.events;
    const held = { state: "held", dueAt: 2000 } as const;
    expect(await outbox.settle([settlement(lane, first!, held), settlement(lane, second!)])).toBe(1);
    expect(ids(await claim(2000))).toEqual([["1", "2"]]);
  });

  it("spends no attempt on an event that is held", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"));
    const { lane, event } = await claimOne(1000);
    const next = { state: "held", dueAt: 4000.4 } as const;
    await outbox.settle([{ seq: event.seq, claim: lane.claim, attempt: null, next, at: 1500 }]);
    expect(await outbox.find("1")).toMatchObject({ state: "held", attempts: 0, dueAt: 4000, attemptList: [] });
  });

  it("keeps an attempt that does not count, under a number of its own", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"));
    for (const now of [1000, 2000]) {
      const { lane, event } = await claimOne(now);
      expect(event.attempts).toBe(0);
      await outbox.settle([settlement(lane, event, { state: "held", dueAt: now, isFree: true })]);
    }
    expect(await outbox.find("1")).toMatchObject({ state: "held", attempts: 0, status: 503 });
    const { lane, event } = await claimOne(3000);
    await outbox.settle([settlement(lane, event, { state: "retrying", dueAt: 4000 })]);
    const last = await claimOne(4000);
    await outbox.settle([settlement(last.lane, last.event, { state: "held", dueAt: 5000, isFree: true })]);
    const found = await outbox.find("1");
    expect(found).toMatchObject({ state: "held", attempts: 1 });
    expect(found?.attemptList.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it("keeps what the provider calls an event once it is accepted, and why one ended without an attempt", async () => {
    const { outbox, admin } = storesOf();
    const told: FeedRow[] = [];
    storesOf().onFeed((rows) => told.push(...rows));
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"));
    const lane = only(await claim(1000));
    const [first, second] = lane.events;
    const end = { state: "cancelled" } as const;
    await outbox.settle([
      { seq: second!.seq, claim: lane.claim, attempt: null, next: end, at: 2000, error: "collapsed into 1" },
      { ...settlement(lane, first!), attempt: attempt(1, { providerId: "apns-7" }) },
    ]);
    expect(await outbox.find("1")).toMatchObject({ providerId: "apns-7", state: "delivered", error: null });
    expect(await outbox.find("2")).toMatchObject({ providerId: null, state: "cancelled", error: "collapsed into 1" });
    expect(await admin.feed("forward", 0, 9)).toEqual(told);
  });

  it("claims urgent lanes first, or only these", async () => {
    const { outbox } = storesOf();
    const chat = outboxEvent("chat", { lane: "a", dueAt: 100 });
    const call = (id: string) => outboxEvent(id, { lane: id, dueAt: 900, class: "call" });
    await enqueue(storesOf(), chat, call("c1"), call("c2"), outboxEvent("late", { lane: "b", dueAt: 950 }));
    expect(ids(await outbox.claim("web", 1000, leaseMs, 1, 1, true))).toEqual([["c1"]]);
    expect((await claim(1000, 1, 2)).map(({ lane }) => lane)).toEqual(["c2", "a"]);
    expect(await outbox.claim("web", 1000, leaseMs, 9, 1, true)).toEqual([]);
    expect(ids(await claim(1000))).toEqual([["late"]]);
  });

  it("skips dead letters", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"));
    const { lane, event } = await claimOne(1000);
    await outbox.settle([settlement(lane, event, { state: "dead" })]);
    expect(ids(await claim(1000))).toEqual([["2"]]);
  });

  it("fences a late holder: after the lease its settlements are ignored", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"));
    const late = await claimOne(1000);
    expect(await claim(1000 + leaseMs)).toEqual([]);
    const fresh = await claimOne(1001 + leaseMs);
    expect(fresh.lane.claim).not.toBe(late.lane.claim);
    expect(await outbox.settle([settlement(late.lane, late.event, { state: "dead" })])).toBe(0);
    await outbox.release([late.lane.claim]);
    expect(await outbox.settle([settlement(fresh.lane, fresh.event)])).toBe(1);
    expect(await outbox.settle([settlement(fresh.lane, fresh.event)])).toBe(0);
    expect(await outbox.find("1")).toMatchObject({ state: "delivered", attempts: 1 });
  });

  it.each(["reclaim", "release"] as const)("%s puts unsettled events back to their place", async (way) => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"), outboxEvent("3"));
    const lane = only(await claim(1000, 2));
    await outbox.settle([settlement(lane, lane.events[0]!)]);
    if (way === "release") await outbox.release([lane.claim]);
    else expect(await outbox.reclaim(Infinity)).toBe(1);
    expect(await outbox.find("2")).toMatchObject({ state: "queued" });
    expect(ids(await claim(1000))).toEqual([["2", "3"]]);
  });

  it("says when each target has work next, and how much", async () => {
    const { outbox } = storesOf();
    expect(await outbox.due()).toEqual([]);
    await enqueue(storesOf(), outboxEvent("1", { dueAt: 7000 }), outboxEvent("2", { lane: "b", dueAt: 6000 }));
    await enqueue(storesOf(), outboxEvent("3", { target: "push", dueAt: 5000 }));
    expect(await outbox.due()).toEqual([
      { target: "push", dueAt: 5000, backlog: 1 },
      { target: "web", dueAt: 6000, backlog: 2 },
    ]);
    await outbox.claim("push", 5000, leaseMs, 1, 1);
    expect(await outbox.due()).toMatchObject([{ target: "push", dueAt: 5000 + leaseMs }, { target: "web" }]);
  });

  it("retries a dead event with its id, ahead of what came later", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1", { expiresAt: 3000 }), outboxEvent("2", { dueAt: 50_000 }));
    const { lane, event } = await claimOne(1000);
    await outbox.settle([settlement(lane, event, { state: "dead" })]);
    expect(await outbox.retry("1", 40_000)).toBe(true);
    const again = await claimOne(40_000);
    expect(again.event).toMatchObject({ id: "1", seq: event.seq, attempts: 1, expiresAt: 42_000 });
    await outbox.settle([settlement(again.lane, again.event, { state: "delivered" })]);
    expect(await outbox.find("1")).toMatchObject({ state: "delivered", attempts: 2, attemptList: [{}, {}] });
    expect(await outbox.retry("1", 40_000)).toBe(false);
    expect(await outbox.retry("2", 40_000)).toBe(true);
    expect(ids(await claim(40_000))).toEqual([["2"]]);
    expect(await outbox.retry("2", 40_000)).toBe(false);
    expect(await outbox.retry("nobody", 40_000)).toBe(false);
  });

  it("cancels what waits, but not what is under way", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"), outboxEvent("3"));
    const { lane, event } = await claimOne(1000);
    expect(await outbox.cancel("1", 2000)).toBe(false);
    expect(await outbox.cancel("2", 2000)).toBe(true);
    expect(await outbox.cancel("2", 2000)).toBe(false);
    await outbox.settle([settlement(lane, event)]);
    expect(ids(await claim(1000))).toEqual([["3"]]);
    expect(await outbox.find("2")).toMatchObject({ state: "cancelled", updatedAt: 2000 });
  });

  it("keeps since when a target is gone, until it is not", async () => {
    const { outbox } = storesOf();
    await outbox.setGone("web", 1000);
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2", { target: "push" }));
    await outbox.setGone("push", 2000);
    expect(await outbox.gone()).toEqual(
      new Map([
        ["push", 2000],
        ["web", 1000],
      ]),
    );
    await outbox.setGone("web", null);
    expect(await outbox.gone()).toEqual(new Map([["push", 2000]]));
    expect(await outbox.due()).toMatchObject([{ target: "push" }, { target: "web", backlog: 1 }]);
  });

  it.each(["cancelled", "dead"] as const)("ends a whole target as %s, attempts under way included", async (as) => {
    const { outbox } = storesOf();
    const many = Array.from({ length: 600 }, (_, i) => outboxEvent(`w${i}`, { lane: `l${i % 7}` }));
    await enqueue(storesOf(), ...many, outboxEvent("p1", { target: "push" }));
    const [lane] = await claim(1000, 1, 1);
    expect(await outbox.endTarget("web", as, 2000)).toBe(600);
    expect(await outbox.find("w599")).toMatchObject({ state: as, error: "the target was removed", updatedAt: 2000 });
    expect(await outbox.settle([settlement(lane!, lane!.events[0]!)])).toBe(0);
    expect(await outbox.due()).toMatchObject([{ target: "push", backlog: 1 }]);
    expect(await claim(Infinity)).toEqual([]);
  });
}
