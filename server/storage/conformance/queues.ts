import { beforeEach, describe, expect, it } from "vitest";
import { SHARED_LANE } from "../shared-lane.ts";
import { account, allPages, HOST, message, offlineUnit, outboxEvent, settlement, type StoresOf } from "./samples.ts";

const OTHER = "montague.lit";
const user = `juliet@${HOST}`;

/** What waits, as an admin sees and clears it. */
export function queuesConformance(storesOf: StoresOf): void {
  beforeEach(async () => {
    const { accounts, offline } = storesOf();
    await accounts.createMany([account("juliet"), account("nurse"), account("romeo", { host: OTHER })], "skip");
    const put = (local: string, host: string, at: number, from: string) =>
      offline.commit(offlineUnit(null, { local, host, message: message(`${local}${at}`, { at, from }) }));
    await put("nurse", HOST, 10, "romeo@montague.lit/garden");
    await put("juliet", HOST, 20, "romeo@montague.lit/garden");
    await put("juliet", HOST, 30, "paris@verona.lit");
    await put("romeo", OTHER, 40, "romeo@montague.lit");
    await put("juliet", HOST, 50, "romeo@montague.lit.evil/x");
  });

  describe("queues", () => {
    const queues = (filter: { hosts?: string[]; search?: string; order?: "messages" | "jid" } = {}) =>
      allPages((cursor) => storesOf().offline.queues({ order: "jid", ...filter }, { limit: 1, cursor }));

    it("come by JID, or the longest first", async () => {
      expect((await queues()).map(({ local }) => local)).toEqual(["juliet", "nurse", "romeo"]);
      const longest = await queues({ order: "messages" });
      expect(longest.map(({ local, messages }) => [local, messages])).toEqual([
        ["juliet", 3],
        ["nurse", 1],
        ["romeo", 1],
      ]);
      expect(longest[0]).toEqual({
        host: HOST,
        local: "juliet",
        messages: 3,
        bytes: 24,
        oldestAt: 20,
        newestAt: 50,
        pendingForwards: 0,
      });
    });

    it("are those of some hosts, or found by a part of the JID", async () => {
      expect((await queues({ hosts: [OTHER] })).map(({ local }) => local)).toEqual(["romeo"]);
      expect((await queues({ search: "urse@cap" })).map(({ local }) => local)).toEqual(["nurse"]);
      expect(await queues({ search: "%" })).toEqual([]);
    });

    it("say how much of them is on its way", async () => {
      const { offline, outbox } = storesOf();
      const forwards = [outboxEvent("e1"), outboxEvent("e2"), outboxEvent("e3", { target: "other" })];
      const elsewhere = [outboxEvent("e4", { lane: `${user}x` }), outboxEvent("e5", { lane: `${user}/device` })];
      await offline.commit(offlineUnit(null, { forwards: [...forwards, ...elsewhere] }));
      const pending = async () => (await queues()).map((queue) => queue.pendingForwards);
      expect(await pending()).toEqual([4, 0, 0]);
      const [claimed] = await outbox.claim("other", 2000, 1000, 1, 1);
      await outbox.settle([settlement(claimed!, claimed!.events[0]!)]);
      expect(await pending()).toEqual([3, 0, 0]);
      const shared = ["e6", "e7"].map((id) => outboxEvent(id, { lane: SHARED_LANE }));
      await offline.commit(
        offlineUnit(null, { forwards: [...shared, outboxEvent("e8", { lane: SHARED_LANE, user: "x@y" })] }),
      );
      expect(await pending()).toEqual([5, 0, 0]);
    });
  });

  describe("a walk", () => {
    const filters = [
      { name: "everything", filter: {}, matches: 5 },
      { name: "a host", filter: { hosts: [OTHER] }, matches: 1 },
      { name: "an account", filter: { user: { host: HOST, local: "juliet" } }, matches: 3 },
      { name: "an account that is not there", filter: { user: { host: HOST, local: "paris" } }, matches: 0 },
      { name: "a bare sender", filter: { from: "romeo@montague.lit" }, matches: 3 },
      { name: "a full sender", filter: { from: "romeo@montague.lit/garden" }, matches: 2 },
      { name: "a time", filter: { before: 40 }, matches: 3 },
      { name: "several of these", filter: { hosts: [HOST], from: "romeo@montague.lit", before: 20 }, matches: 1 },
    ];

    it.each(filters)("counts and clears what $name says, in steps", async ({ filter, matches }) => {
      const { offline } = storesOf();
      const walk = async (step: typeof offline.matching) => {
        let sum = 0;
        for (let after: number | null = 0; after !== null;) {
          const { messages, upTo }: { messages: number; upTo: number | null } = await step(filter, after, 2);
          sum += messages;
          after = upTo;
        }
        return sum;
      };
      expect(await walk((...args) => offline.matching(...args))).toBe(matches);
      expect(await walk((...args) => offline.discard(...args))).toBe(matches);
      expect(await offline.totals()).toMatchObject({ messages: 5 - matches });
      expect(await walk((...args) => offline.matching(...args))).toBe(0);
    });

    it("lets what would expire before a time expire then, and nothing sooner than it would have", async () => {
      const { offline } = storesOf();
      const expiries = async () =>
        (await offline.list(HOST, "juliet", { limit: 10 })).items.map(({ expiresAt }) => expiresAt);
      const user = { host: HOST, local: "juliet" };
      for (const [at, expiresAt] of [
        [60, 100],
        [70, 5_000],
        [80, null],
      ] as const)
        await offline.commit(offlineUnit(null, { ...user, message: message(`at ${at}`, { at, expiresAt }) }));
      const before = await expiries();
      const step = await offline.extend({ user }, 900, 0, 10);
      expect(step).toMatchObject({ upTo: null });
      const wanted = before.map((one) => (one === null ? null : Math.max(one, 900)));
      expect(await expiries()).toEqual(wanted);
      expect(step.messages).toBe(before.filter((one) => one !== null && one < 900).length);
      expect(await offline.extend({ user }, 900, 0, 10)).toMatchObject({ messages: 0 });
      await offline.extend({ user, ids: [] }, null, 0, 10);
      expect(await expiries()).toEqual(wanted);
      await offline.extend({ user, before: 75 }, null, 0, 10);
      expect((await expiries()).every((one) => one === null)).toBe(true);
    });

    it("clears places in a queue, without saying that a client has them", async () => {
      const { offline, outbox } = storesOf();
      await offline.commit(offlineUnit("last", { forwards: [outboxEvent("e1")] }));
      const ids = (await offline.read(HOST, "juliet", 0, 10)).map(({ id }) => id);
      const juliet = { host: HOST, local: "juliet" };
      const filter = { user: juliet, ids: [ids[0]!, ids[3]!, 12345] };
      expect(await offline.discard(filter, 0, 100)).toMatchObject({ messages: 2, bytes: 12, upTo: null });
      expect((await offline.read(HOST, "juliet", 0, 10)).map(({ id }) => id)).toEqual([ids[1], ids[2]]);
      expect(await outbox.find("e1")).toMatchObject({ ackedAt: null });
    });

    it("leaves in the archive what is there", async () => {
      const { offline, archive } = storesOf();
      const key = { id: 1_700_000_000_000_000, salt: 7 };
      await archive.keep([
        {
          type: "chat",
          xml: "kept",
          copies: [{ host: HOST, local: "nurse", key, peer: "romeo@montague.lit/garden", isOwn: false }],
        },
      ]);
      await offline.commit(offlineUnit(null, { local: "nurse", message: message("kept", { archiveAs: key }) }));
      expect(await archive.find(key.id)).toMatchObject({ isWaiting: true, isArchived: true, wasWaiting: true });
      await offline.discard({ user: { host: HOST, local: "nurse" } }, 0, 10);
      expect(await offline.depth(HOST, "nurse")).toEqual({ messages: 0, bytes: 0 });
      expect(await archive.find(key.id)).toMatchObject({
        host: HOST,
        local: "nurse",
        key,
        peer: "romeo@montague.lit/garden",
        isOwn: false,
        isWaiting: false,
        isArchived: true,
        xml: "kept",
      });
    });

    it("meets a delivery that is under way", async () => {
      const { offline } = storesOf();
      const juliet = { host: HOST, local: "juliet" };
      const read = await offline.read(HOST, "juliet", 0, 2);
      // A client is being sent the first two while all are deleted and a new one comes.
      await offline.discard({ user: juliet }, 0, 100);
      await offline.commit(offlineUnit("new"));
      expect(await offline.acknowledge(HOST, "juliet", read.at(-1)!.id)).toBe(0);
      expect((await offline.read(HOST, "juliet", 0, 10)).map(({ xml }) => xml)).toEqual(["new"]);
      expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 1, bytes: 3 });
    });
  });

  it("knows no message that is not there", async () => {
    expect(await storesOf().archive.find(42)).toBeNull();
  });

  it("says which events are about a message", async () => {
    const { offline, outbox } = storesOf();
    const forwards = [outboxEvent("e1"), outboxEvent("e2", { target: "other" })];
    await offline.commit(offlineUnit("last", { forwards }));
    const ids = (await offline.read(HOST, "juliet", 0, 10)).map(({ key }) => key.id);
    const about = await outbox.about(user, ids);
    expect(about.map(({ message: id, event }) => [id, event.id])).toEqual([
      [ids[3], "e1"],
      [ids[3], "e2"],
    ]);
    expect(await outbox.about(`nurse@${HOST}`, ids)).toEqual([]);
    expect(await outbox.messageOf("e1")).toMatchObject({ id: ids[3], xml: "last" });
    await outbox.claim("web", 2000, 1000, 1, 1);
    expect((await outbox.about(user, ids))[0]?.event).toMatchObject({ id: "e1", state: "sending" });
  });
}
