import { expect, it } from "vitest";
import type { NewOutboxEvent } from "../ports.ts";
import { SHARED_LANE } from "../shared-lane.ts";
import { account, enqueue, HOST, offlineUnit, outboxEvent, settlement, type StoresOf } from "./samples.ts";

export function quotasConformance(storesOf: StoresOf): void {
  const states = async (): Promise<string[]> =>
    (await storesOf().outbox.list({}, { limit: 99 })).items
      .map(({ id, state, error }) => `${id} ${state}${error === null ? "" : `: ${error}`}`)
      .toReversed();
  const two = (id: string, changes: Partial<NewOutboxEvent> = {}) =>
    outboxEvent(id, { maxWaitingPerRecipient: 2, ...changes });
  const ofUser = (user: string, id: string, changes: Partial<NewOutboxEvent> = {}) =>
    outboxEvent(id, { user: `${user}@${HOST}`, lane: user, maxWaiting: 2, ...changes });

  it("lets the recipient's oldest die when one too many waits", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), two("1"), two("2"), two("3"), two("elsewhere", { target: "push" }), two("4"));
    expect(await states()).toEqual([
      "1 dead: overflow",
      "2 dead: overflow",
      "3 queued",
      "elsewhere queued",
      "4 queued",
    ]);
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 9);
    expect(lane?.events.map(({ id }) => id)).toEqual(["3", "4"]);
    const [, web] = await outbox.stats(Date.now());
    expect(web).toMatchObject({ target: "web", backlog: 2, dead: 2, overflow24h: 2, failed24h: 2 });
    expect((await outbox.find("1"))?.payload).toBe("body=1");
  });

  it("counts what waits, not what has ended", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), two("1"), two("2"));
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    await outbox.settle([settlement(lane!, lane!.events[0]!)]);
    await outbox.cancel("2", 1000);
    await enqueue(storesOf(), two("3"), two("4"));
    expect(await states()).toEqual(["1 delivered", "2 cancelled", "3 queued", "4 queued"]);
    await outbox.retry("1", 1000);
    await enqueue(storesOf(), two("5"));
    expect((await states()).at(2)).toBe("3 dead: overflow");
  });

  it("spares what is under way, and rather lets the new one die", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), two("1"), two("2"));
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 1);
    await enqueue(storesOf(), two("3"));
    expect(await states()).toEqual(["1 sending", "2 dead: overflow", "3 queued"]);
    await outbox.settle([settlement(lane!, lane!.events[0]!, { state: "retrying", dueAt: 1000 })]);
    await outbox.claim("web", 1000, 1000, 1, 9);
    await enqueue(storesOf(), two("4"));
    expect((await states()).slice(2)).toEqual(["3 sending", "4 dead: overflow"]);
  });

  it("lets a recipient's own event give way when the whole target is full", async () => {
    await enqueue(storesOf(), ofUser("a", "a1"), ofUser("b", "b1"), ofUser("c", "c1"), ofUser("a", "a2"));
    expect(await states()).toEqual(["a1 dead: overflow", "b1 queued", "c1 dead: overflow", "a2 queued"]);
    await storesOf().outbox.cancel("b1", 2000);
    await enqueue(storesOf(), ofUser("c", "c2"));
    expect((await states()).at(-1)).toBe("c2 queued");
  });

  it("counts what waits for a recipient over its lanes, and in one that all share", async () => {
    const inLane = (lane: string, id: string, changes: Partial<NewOutboxEvent> = {}) => two(id, { lane, ...changes });
    const user = `juliet@${HOST}`;
    await enqueue(
      storesOf(),
      inLane(`${user}/romeo@montague.lit`, "1"),
      inLane(`${user}/nurse@capulet.lit`, "2"),
      inLane(user, "3"),
      inLane(SHARED_LANE, "4"),
      inLane(`call:${user}`, "call"),
      inLane(SHARED_LANE, "other", { user: `nurse@${HOST}` }),
      inLane(`${user}/tybalt@capulet.lit`, "5"),
    );
    expect(await states()).toEqual([
      "1 dead: overflow",
      "2 dead: overflow",
      "3 dead: overflow",
      "4 queued",
      "call queued",
      "other queued",
      "5 queued",
    ]);
  });

  it("does no harm with an id that is known", async () => {
    await enqueue(storesOf(), two("1"), two("2"), two("2"), two("1"));
    expect(await states()).toEqual(["1 queued", "2 queued"]);
  });

  it("keeps the message of an event that dies, and counts right after a call was taken back", async () => {
    const { offline, accounts, outbox } = storesOf();
    await accounts.create(account("juliet"));
    const unit = (xml: string, ...forwards: NewOutboxEvent[]) => offline.commit(offlineUnit(xml, { forwards }));
    const answers = await Promise.allSettled([
      unit("1", two("1")),
      unit("2", two("2"), two("bad", { createdAt: Number.NaN })),
      unit("3", two("3")),
      unit("4", two("4")),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect(await states()).toEqual(["1 dead: overflow", "3 queued", "4 queued"]);
    expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 3 });
    expect(await outbox.messageOf("1")).toMatchObject({ xml: "1" });
  });

  it("records at once as dead what could not be made", async () => {
    const { outbox } = storesOf();
    await enqueue(storesOf(), outboxEvent("1", { failed: "template failed" }));
    expect(await states()).toEqual(["1 dead: template failed"]);
    expect(await outbox.due()).toEqual([]);
    expect(await outbox.retry("1", 2000)).toBe(true);
    expect(await outbox.claim("web", 2000, 1000, 1, 1)).toMatchObject([{ events: [{ id: "1" }] }]);
  });
}
