import { expect, it } from "vitest";
import type { FeedName, FeedRow } from "../ports.ts";
import { auditEntry, decision, enqueue, outboxEvent, rosterItem, HOST, settlement, type StoresOf } from "./samples.ts";

export function feedsConformance(storesOf: StoresOf): void {
  const followed = (): FeedRow[] => {
    const rows: FeedRow[] = [];
    storesOf().onFeed((news) => rows.push(...news));
    return rows;
  };
  const pagesOf = async (name: FeedName, limit: number): Promise<FeedRow[]> => {
    const rows: FeedRow[] = [];
    for (;;) {
      const page = await storesOf().admin.feed(name, rows.at(-1)?.id ?? 0, limit);
      if (page.length === 0) return rows;
      rows.push(...page);
    }
  };

  it("tells every row, in order and without gaps, before the call is answered", async () => {
    const { admin, registrations, outbox } = storesOf();
    const rows = followed();
    await admin.audit(auditEntry("a"));
    expect(rows).toEqual([{ feed: "audit", id: 1, entry: { id: 1, hash: expect.any(String), ...auditEntry("a") } }]);
    await registrations.append(decision("romeo"));
    expect(rows.at(-1)).toEqual({ feed: "registration", id: 1, decision: { id: 1, ...decision("romeo") } });
    await enqueue(storesOf(), outboxEvent("1"), outboxEvent("2"));
    const [lane] = await outbox.claim("web", 1000, 1000, 1, 2);
    await outbox.settle(lane!.events.map((event) => settlement(lane!, event)));
    const forward = rows.filter((row) => row.feed === "forward");
    expect(forward.map(({ id }) => id)).toEqual(forward.map((_, index) => index + 1));
    const states = (id: string) => forward.filter(({ event }) => event.id === id).map(({ event }) => event.state);
    expect(states("1")).toEqual(["queued", "delivered"]);
    expect(await pagesOf("forward", 1)).toEqual(forward);
    expect(await pagesOf("forward", 100)).toEqual(forward);
    expect(await pagesOf("audit", 1)).toHaveLength(1);
    expect(await pagesOf("registration", 1)).toHaveLength(1);
  });

  it("keeps the ids dense when a neighbour in the batch fails", async () => {
    const { admin, rosters } = storesOf();
    const rows = followed();
    const answers = await Promise.allSettled([
      admin.audit(auditEntry("a")),
      rosters.put(HOST, "juliet", rosterItem("a@x"), 0),
      admin.audit(auditEntry("b")),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(rows.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("tells nothing to who has left", async () => {
    const { admin, onFeed } = storesOf();
    const rows: FeedRow[] = [];
    const leave = onFeed((news) => rows.push(...news));
    await admin.audit(auditEntry("a"));
    leave();
    await admin.audit(auditEntry("b"));
    expect(rows).toHaveLength(1);
  });

  it("knows its range, also after the oldest rows or all of them were pruned", async () => {
    const { admin } = storesOf();
    expect(await admin.feedRange("forward")).toEqual({ oldest: 1, head: 0 });
    await enqueue(storesOf(), outboxEvent("1", { createdAt: 10 }), outboxEvent("2", { createdAt: 20 }));
    await enqueue(storesOf(), outboxEvent("3", { createdAt: 30 }));
    expect(await admin.feedRange("forward")).toEqual({ oldest: 1, head: 3 });
    expect(await admin.pruneFeeds(30, 1)).toBe(1);
    expect(await admin.pruneFeeds(30, 10)).toBe(1);
    expect(await admin.feedRange("forward")).toEqual({ oldest: 3, head: 3 });
    expect(await admin.pruneFeeds(Infinity, 10)).toBe(1);
    expect(await admin.feedRange("forward")).toEqual({ oldest: 4, head: 3 });
    await enqueue(storesOf(), outboxEvent("4"));
    expect((await admin.feed("forward", 0, 10)).map(({ id }) => id)).toEqual([4]);
    await admin.audit(auditEntry("a"));
    expect(await admin.feedRange("audit")).toEqual({ oldest: 1, head: 1 });
    expect(await admin.feedRange("registration")).toEqual({ oldest: 1, head: 0 });
  });
}
