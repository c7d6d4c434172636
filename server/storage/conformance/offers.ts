import { expect, it } from "vitest";
import type { ClaimedLane, ClaimOffer } from "../ports.ts";
import { enqueue, only, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const offer: ClaimOffer = { lanes: 2, perLane: 2, leaseMs: 30_000 };

/** What is told to one listener for both kinds of news. */
function listen(storesOf: StoresOf): { readonly claimed: ClaimedLane[]; readonly queued: string[] } {
  const told = { claimed: [] as ClaimedLane[], queued: [] as string[] };
  storesOf().onClaimed((lanes) => told.claimed.push(...lanes));
  storesOf().onQueued((targets) => told.queued.push(...targets));
  return told;
}

export function offersConformance(storesOf: StoresOf): void {
  it("claims what comes as it was offered, and tells nobody else to ask", async () => {
    const { outbox } = storesOf();
    const told = listen(storesOf);
    await outbox.offer("web", offer);
    await enqueue(storesOf(), outboxEvent("1"));
    const lane = only(told.claimed);
    expect(lane).toMatchObject({ target: "web", device: null, events: [{ id: "1", state: "sending", attempts: 0 }] });
    expect(lane.leaseUntil - Date.now()).toBeGreaterThan(20_000);
    expect(told.queued).toEqual([]);
    expect(await outbox.find("1")).toMatchObject({ state: "sending" });
    expect(await outbox.claim("web", Date.now(), 1000, 9, 9)).toEqual([]);
    expect(await outbox.settle([settlement(lane, lane.events[0]!)])).toBe(1);
    await enqueue(storesOf(), outboxEvent("2"));
    expect(told.claimed.map(({ events }) => events.map(({ id }) => id))).toEqual([["1"], ["2"]]);
  });

  it("tells of what does not fit the offer", async () => {
    const { outbox } = storesOf();
    const told = listen(storesOf);
    await outbox.offer("web", offer);
    await enqueue(storesOf(), outboxEvent("a1", { lane: "a" }));
    expect(told.queued).toEqual([]);
    // Its lane is held.
    await enqueue(storesOf(), outboxEvent("a2", { lane: "a" }));
    expect(told.queued.splice(0)).toEqual(["web"]);
    await enqueue(storesOf(), outboxEvent("b1", { lane: "b" }));
    expect(told.queued).toEqual([]);
    // Two lanes are held.
    await enqueue(storesOf(), outboxEvent("c1", { lane: "c" }));
    expect(told.queued.splice(0)).toEqual(["web"]);
    // Nobody offered anything.
    await enqueue(storesOf(), outboxEvent("p1", { target: "push" }));
    expect(told.queued).toEqual(["push"]);
    expect(told.claimed.map(({ lane }) => lane)).toEqual(["a", "b"]);
  });

  it("claims no more of a lane than is due and was offered", async () => {
    const { outbox } = storesOf();
    const told = listen(storesOf);
    await outbox.offer("web", { ...offer, lanes: 9 });
    const later = { dueAt: Date.now() + 3_600_000 };
    await enqueue(storesOf(), ...["a1", "a2", "a3"].map((id) => outboxEvent(id, { lane: "a" })));
    await enqueue(storesOf(), outboxEvent("b1", { lane: "b" }), outboxEvent("b2", { lane: "b", ...later }));
    await enqueue(storesOf(), outboxEvent("c1", { lane: "c", ...later }));
    const seen = told.claimed.map(({ events }) => events.map(({ id }) => id));
    expect(seen.flat().toSorted()).toEqual(["a1", "a2", "b1"]);
    expect(told.queued).toContain("web");
    expect(await outbox.find("c1")).toMatchObject({ state: "queued" });
  });

  it("claims nothing of a call that is taken back", async () => {
    const { outbox } = storesOf();
    const told = listen(storesOf);
    await outbox.offer("web", offer);
    const broken = outboxEvent("x2", { lane: "x", createdAt: Number.NaN });
    await expect(outbox.add([outboxEvent("x1", { lane: "x" }), broken])).rejects.toThrow(/./);
    expect(told.claimed).toEqual([]);
    expect(await outbox.due()).toEqual([]);
    await enqueue(storesOf(), outboxEvent("x1", { lane: "x" }));
    expect(told.claimed.map(({ lane }) => lane)).toEqual(["x"]);
  });

  it.each(["withdrawn", "another dispatcher starts", "nobody listens"])("ends: %s", async (why) => {
    const { outbox } = storesOf();
    const claimed: ClaimedLane[] = [];
    const leave = storesOf().onClaimed((lanes) => claimed.push(...lanes));
    await outbox.offer("web", offer);
    if (why === "withdrawn") await outbox.offer("web", null);
    else if (why === "nobody listens") leave();
    else await outbox.reclaim(Number.MAX_SAFE_INTEGER);
    const queued: string[] = [];
    storesOf().onQueued((targets) => queued.push(...targets));
    await enqueue(storesOf(), outboxEvent("1"));
    expect(claimed).toEqual([]);
    expect(queued).toEqual(["web"]);
    expect(await outbox.claim("web", 1000, 1000, 1, 1)).toMatchObject([{ events: [{ id: "1" }] }]);
  });
}
