import { beforeEach, describe, expect, it } from "vitest";
import type { ArchiveQuery, ArchiveUnit, MessageKey } from "../ports.ts";
import { account, HOST, message, offlineUnit, type StoresOf } from "./samples.ts";

/** Microseconds since the epoch of a second, as an id. */
const atSecond = (second: number, index = 0): number => 1_700_000_000_000_000 + second * 1_000_000 + index * 2;
const key = (second: number, index = 0): MessageKey => ({ id: atSecond(second, index), salt: 1000 + second });
const ms = (second: number): number => 1_700_000_000_000 + second * 1000;

function unit(second: number, changes: Partial<ArchiveUnit["copies"][number]> & { xml?: string } = {}): ArchiveUnit {
  const { xml = `<message><body>m${second}</body></message>`, ...copy } = changes;
  const peer = "romeo@montague.lit/garden";
  return {
    type: "chat",
    xml,
    copies: [{ host: HOST, local: "juliet", key: key(second), peer, isOwn: false, ...copy }],
  };
}

export function archiveConformance(storesOf: StoresOf): void {
  beforeEach(async () => {
    await storesOf().accounts.createMany([account("juliet"), account("nurse")], "skip");
  });

  const query = (changes: Partial<ArchiveQuery> = {}) =>
    storesOf().archive.query({ host: HOST, local: "juliet", from: "start", limit: 100, maxBytes: 1e6, ...changes });
  const seconds = async (changes: Partial<ArchiveQuery> = {}): Promise<number[] | null> => {
    const page = await query(changes);
    return page === null ? null : page.items.map((item) => (item.at - ms(0)) / 1000);
  };

  it("gives back what was kept, to its owner only", async () => {
    const { archive } = storesOf();
    const copies = [
      { host: HOST, local: "juliet", key: key(1), peer: `nurse@${HOST}/hall`, isOwn: true },
      { host: HOST, local: "nurse", key: key(2), peer: `juliet@${HOST}/balcony`, isOwn: false },
    ];
    await archive.keep([{ type: "normal", xml: "<message>é</message>", copies }]);
    expect(await query()).toEqual({
      items: [
        {
          key: key(1),
          peer: `nurse@${HOST}/hall`,
          isOwn: true,
          type: "normal",
          at: ms(1),
          xml: "<message>é</message>",
        },
      ],
      isComplete: true,
      count: null,
    });
    expect(await query({ local: "nurse" })).toMatchObject({ items: [{ key: key(2), isOwn: false }] });
    expect(await query({ local: "nurse", keys: [key(1)] })).toBeNull();
    expect(await query({ local: "paris" })).toMatchObject({ items: [], isComplete: true });
  });

  it("keeps a message once, and none for an account that is gone", async () => {
    const { archive } = storesOf();
    await archive.keep([unit(1), unit(1), unit(2, { local: "paris" })]);
    await archive.keep([unit(1, { xml: "other" })]);
    expect(await query()).toMatchObject({ items: [{ xml: "<message><body>m1</body></message>" }] });
    expect(await query({ local: "paris" })).toMatchObject({ items: [] });
  });

  it("makes pages from either end, by number and by size", async () => {
    await storesOf().archive.keep([3, 1, 2, 5, 4].map((second) => unit(second)));
    expect(await query({ limit: 2 })).toMatchObject({ items: [{ at: ms(1) }, { at: ms(2) }], isComplete: false });
    expect(await seconds({ limit: 2, from: "end" })).toEqual([4, 5]);
    expect(await seconds({ limit: 2, after: [key(2)] })).toEqual([3, 4]);
    expect(await seconds({ limit: 2, before: [key(4)], from: "end" })).toEqual([2, 3]);
    expect(await query({ limit: 3, after: [key(2)] })).toMatchObject({ isComplete: true });
    expect(await query({ limit: 5, from: "end" })).toMatchObject({ isComplete: true });
    const size = "<message><body>m1</body></message>".length;
    expect(await query({ maxBytes: 2 * size })).toMatchObject({ items: [{}, {}], isComplete: false });
    expect(await seconds({ maxBytes: 1, from: "end" })).toEqual([5]);
  });

  it.each<{ name: string; filter: Partial<ArchiveQuery>; found: number[] | null }>([
    { name: "a beginning", filter: { start: ms(3) }, found: [3, 4, 5] },
    { name: "an end", filter: { end: ms(3) }, found: [1, 2, 3] },
    { name: "no time", filter: { start: ms(3), end: ms(2) }, found: [] },
    { name: "a bare address", filter: { with: "romeo@montague.lit" }, found: [1, 2, 4] },
    { name: "a full address", filter: { with: "romeo@montague.lit/garden" }, found: [1, 4] },
    { name: "the domain of an address", filter: { with: "montague.lit" }, found: [] },
    { name: "keys", filter: { keys: [key(4), key(2)] }, found: [2, 4] },
    { name: "keys and an address", filter: { keys: [key(4), key(3)], with: "romeo@montague.lit" }, found: [4] },
    { name: "no keys", filter: { keys: [] }, found: [] },
    { name: "an unknown key", filter: { keys: [key(4), key(9)] }, found: null },
    { name: "a key with another salt", filter: { keys: [{ id: key(4).id, salt: 1 }] }, found: null },
    { name: "unknown bounds", filter: { after: [key(9)] }, found: null },
    { name: "bounds of a page and of a form", filter: { after: [key(1), key(2)], before: [key(5)] }, found: [3, 4] },
    { name: "words", filter: { text: "M2 m2" }, found: [2] },
    { name: "markup", filter: { text: "body" }, found: [] },
    { name: "words in a time", filter: { text: "m", start: ms(4) }, found: [4, 5] },
  ])("finds by $name", async ({ filter, found }) => {
    const { archive } = storesOf();
    await archive.keep([
      unit(1),
      unit(2, { peer: "romeo@montague.lit" }),
      unit(3, { peer: "romeo@montague.lit.example/garden" }),
      unit(4, { isOwn: true }),
      unit(5, { peer: "rome@montague.lit/garden" }),
    ]);
    expect(await seconds(filter)).toEqual(found);
    if (found === null) return;
    expect(await query({ ...filter, limit: 0 })).toEqual({
      items: [],
      isComplete: found.length === 0,
      count: "after" in filter ? 5 : found.length,
    });
  });

  it("knows the first and the last message, and the greatest id", async () => {
    const { archive } = storesOf();
    expect(await archive.bounds(HOST, "juliet")).toBeNull();
    expect(await archive.lastId()).toBe(0);
    await archive.keep([unit(1), unit(4), unit(5, { local: "nurse" })]);
    expect(await archive.bounds(HOST, "juliet")).toEqual({
      first: { key: key(1), at: ms(1) },
      last: { key: key(4), at: ms(4) },
    });
    expect(await archive.lastId()).toBe(key(5).id);
  });

  it("keeps what a user wants, as long as there is one", async () => {
    const { archive, accounts } = storesOf();
    expect(await archive.preferences(HOST, "juliet")).toBeNull();
    await archive.setPreferences(HOST, "juliet", "1");
    await archive.setPreferences(HOST, "juliet", "2");
    await archive.setPreferences(HOST, "paris", "3");
    expect(await archive.preferences(HOST, "juliet")).toBe("2");
    expect(await archive.preferences(HOST, "paris")).toBeNull();
    await accounts.remove(HOST, "juliet");
    await accounts.create(account("juliet"));
    expect(await archive.preferences(HOST, "juliet")).toBeNull();
  });

  describe("one row for what waits and what is archived", () => {
    const waiting = (second: number) =>
      offlineUnit(null, { message: message(`<message><body>m${second}</body></message>`, { archiveAs: key(second) }) });

    it("is in both views, and leaves the queue only when a client has it", async () => {
      const { archive, offline } = storesOf();
      await offline.commit(waiting(1));
      await offline.commit(offlineUnit("not archived"));
      const [first, second] = await offline.read(HOST, "juliet", 0, 10);
      expect(first).toMatchObject({ key: key(1), isArchived: true });
      expect(second).toMatchObject({ isArchived: false });
      expect(await seconds()).toHaveLength(1);
      expect(await offline.acknowledge(HOST, "juliet", second?.id ?? 0)).toBe(2);
      expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 0, bytes: 0 });
      expect(await offline.read(HOST, "juliet", 0, 10)).toEqual([]);
      expect(await query()).toMatchObject({ items: [{ key: key(1) }] });
      expect(await archive.lastId()).toBeGreaterThanOrEqual(key(1).id);
    });

    it("comes to wait again under a new number, behind what waits already, and counts", async () => {
      const { archive, offline } = storesOf();
      await archive.keep([unit(1)]);
      await offline.commit(waiting(2));
      const [before] = await offline.read(HOST, "juliet", 0, 10);
      expect(await offline.commit(waiting(1))).toBe("stored");
      const rows = await offline.read(HOST, "juliet", 0, 10);
      expect(rows.map((row) => row.key)).toEqual([key(2), key(1)]);
      // A client that has what it was sent before does not have this one.
      expect(await offline.acknowledge(HOST, "juliet", before?.id ?? 0)).toBe(1);
      expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 1 });
      // It waits already.
      expect(await offline.commit(waiting(1))).toBe("stored");
      expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 1 });
      expect(await seconds()).toHaveLength(2);
    });

    it("does not matter which of the two came first", async () => {
      const { archive, offline } = storesOf();
      await offline.commit(waiting(1));
      await archive.keep([unit(1)]);
      await archive.keep([unit(2)]);
      await offline.commit(waiting(2));
      expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 2 });
      expect((await query())?.items).toHaveLength(2);
    });

    it("has another text, in the archive and in the queue, and the queue is as long as what is in it", async () => {
      const { archive, offline } = storesOf();
      const long = `<message><body>${"é".repeat(1000)}</body></message>`;
      await offline.commit(offlineUnit(null, { message: message(long, { archiveAs: key(1) }) }));
      await offline.commit(offlineUnit(null, { message: message("<message/>", { archiveAs: key(2) }) }));
      expect(await archive.rewrite(HOST, "juliet", key(1), "<message>é</message>")).toBe(true);
      expect(await archive.rewrite(HOST, "juliet", { ...key(1), salt: 1 }, "<message/>")).toBe(false);
      expect(await query()).toMatchObject({ items: [{ xml: "<message>é</message>" }, { xml: "<message/>" }] });
      const [first] = await offline.read(HOST, "juliet", 0, 1);
      expect(first?.xml).toBe("<message>é</message>");
      expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 2, bytes: 21 + 10 });
      await offline.acknowledge(HOST, "juliet", Number.MAX_SAFE_INTEGER);
      expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 0, bytes: 0 });
      expect(await archive.rewrite(HOST, "juliet", key(1), "<message>other</message>")).toBe(true);
      expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 0, bytes: 0 });
      // It comes to wait again, by whoever still has it as it was.
      await offline.commit(waiting(2));
      await offline.commit(offlineUnit(null, { message: message(long, { archiveAs: key(1) }) }));
      const [other, again] = await offline.read(HOST, "juliet", 0, 10);
      expect(again?.xml).toBe("<message>other</message>");
      await offline.remove(HOST, "juliet", [again!.key]);
      expect(await offline.depth(HOST, "juliet")).toEqual({
        messages: 1,
        bytes: Buffer.byteLength(`<message><body>m2</body></message>`),
      });
      expect(other?.key).toEqual(key(2));
    });

    it("stays in the archive when it expires in the queue", async () => {
      const { offline } = storesOf();
      const xml = "<message><body>m1</body></message>";
      await offline.commit(offlineUnit(null, { message: message(xml, { archiveAs: key(1), expiresAt: 2000 }) }));
      expect(await offline.removeExpired(3000, 10)).toBe(1);
      expect(await offline.removeExpired(3000, 10)).toBe(0);
      expect((await query())?.items).toHaveLength(1);
      expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 0 });
    });

    it("waits on when it leaves the archive", async () => {
      const { archive, offline } = storesOf();
      await offline.commit(waiting(1));
      expect(await archive.prune(HOST, 0, ms(2), 0, 10)).toEqual({ removed: 1, upTo: null });
      expect((await query())?.items).toEqual([]);
      expect(await offline.read(HOST, "juliet", 0, 10)).toMatchObject([{ key: key(1), isArchived: false }]);
    });
  });

  describe("retention", () => {
    it("takes out what is too old, and what is too much, the oldest first", async () => {
      const { archive, accounts } = storesOf();
      await accounts.create(account("romeo", { host: "montague.lit" }));
      await archive.keep([1, 2, 3, 4, 5].map((second) => unit(second)));
      await archive.keep(
        [unit(1, { local: "nurse" })].map((one) => ({ ...one, copies: [{ ...one.copies[0]!, key: key(6) }] })),
      );
      await archive.keep([unit(7, { host: "montague.lit", local: "romeo" })]);
      expect(await archive.prune(HOST, 0, ms(2), 0, 10)).toEqual({ removed: 1, upTo: null });
      expect(await seconds()).toEqual([2, 3, 4, 5]);
      expect(await archive.prune(HOST, 0, 0, 3, 10)).toEqual({ removed: 1, upTo: null });
      expect(await seconds()).toEqual([3, 4, 5]);
      expect(await archive.prune(HOST, 0, ms(1000), 0, 2)).toMatchObject({ removed: 2, upTo: 0 });
      expect(await archive.prune(HOST, 0, ms(1000), 0, 10)).toEqual({ removed: 2, upTo: null });
      expect(await query({ host: "montague.lit", local: "romeo" })).toMatchObject({ items: [{ key: key(7) }] });
    });

    it("leaves nothing of a removed account to the next of its name, and deletes it in steps", async () => {
      const { archive, accounts, offline } = storesOf();
      await archive.keep([1, 2, 3].map((second) => unit(second)));
      await offline.commit(offlineUnit("waits"));
      await accounts.remove(HOST, "juliet");
      await accounts.create(account("juliet"));
      expect(await query()).toMatchObject({ items: [] });
      expect(await offline.read(HOST, "juliet", 0, 10)).toEqual([]);
      expect(await offline.totals()).toMatchObject({ messages: 0, oldestAt: null });
      expect(await query({ after: [key(1)] })).toBeNull();
      await archive.keep([unit(4)]);
      let removed = 0;
      for (let step = await archive.purge(2); step > 0; step = await archive.purge(2)) removed += step;
      expect(removed).toBeGreaterThanOrEqual(4);
      expect(await seconds()).toEqual([4]);
      expect(await archive.since({ hosts: [HOST], since: 0, until: Date.now() * 2 }, 0, 10)).toEqual([]);
    });
  });

  it("pages through what came while its owners were away", async () => {
    const { archive, offline, accounts } = storesOf();
    await accounts.create(account("romeo", { host: "montague.lit" }));
    await archive.keep([unit(1), unit(2, { isOwn: true })]);
    const commit = (second: number, to: { host?: string; local?: string } = {}) =>
      offline.commit(
        offlineUnit(null, { ...to, message: message(`<message>${second}</message>`, { archiveAs: key(second) }) }),
      );
    await commit(3);
    await commit(4, { local: "nurse" });
    await commit(5, { host: "montague.lit", local: "romeo" });
    await commit(6);
    await offline.acknowledge(HOST, "juliet", Number.MAX_SAFE_INTEGER);
    const since = (from: number, until: number, hosts: readonly string[] = [HOST], after = 0, limit = 10) =>
      archive.since({ hosts, since: ms(from), until: ms(until) }, after, limit);
    const first = await since(0, 9, [HOST], 0, 2);
    expect(first).toEqual([
      {
        id: key(3).id,
        host: HOST,
        local: "juliet",
        from: "romeo@montague.lit/garden",
        type: "chat",
        at: 1000,
        xml: "<message>3</message>",
      },
      expect.objectContaining({ id: key(4).id, local: "nurse" }),
    ]);
    expect(await since(0, 9, [HOST], first[1]?.id)).toMatchObject([{ id: key(6).id }]);
    expect(await since(4, 5)).toMatchObject([{ id: key(4).id }]);
    expect(await since(0, 9, ["montague.lit"])).toMatchObject([{ id: key(5).id }]);
    const latest = async (before: number, looked: number) => {
      const { messages, next } = await archive.latest([HOST], before, looked);
      return { ids: messages.map(({ id }) => id), next };
    };
    // Those of other hosts, and those that did not wait, were looked at, too.
    expect(await latest(Number.MAX_SAFE_INTEGER, 3)).toEqual({ ids: [key(6).id, key(4).id], next: key(4).id });
    expect(await latest(key(4).id, 10)).toEqual({ ids: [key(3).id], next: key(1).id });
    expect(await latest(key(1).id, 10)).toEqual({ ids: [], next: null });
  });
}
