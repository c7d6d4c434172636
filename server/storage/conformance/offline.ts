import { beforeEach, expect, it } from "vitest";
import type { MessageKey } from "../ports.ts";
import { account, allPages, HOST, message, offlineUnit, outboxEvent, type StoresOf } from "./samples.ts";

export function offlineConformance(storesOf: StoresOf): void {
  beforeEach(async () => {
    await storesOf().accounts.createMany([account("juliet"), account("nurse")], "skip");
  });

  const texts = (rows: readonly { xml: string }[]): string[] => rows.map(({ xml }) => xml);

  it("reads in the order of the commits and deletes only what was acknowledged", async () => {
    const { offline } = storesOf();
    await Promise.all(["1", "2", "3", "4"].map((xml) => offline.commit(offlineUnit(xml))));
    const first = await offline.read(HOST, "juliet", 0, 2);
    expect(texts(first)).toEqual(["1", "2"]);
    expect(first[0]).toMatchObject({ from: "romeo@montague.lit/garden", type: "chat", at: 1000 });
    const upTo = first[1]?.id ?? 0;
    expect(texts(await offline.read(HOST, "juliet", upTo, 10))).toEqual(["3", "4"]);
    expect(texts(await offline.read(HOST, "juliet", 0, 10))).toEqual(["1", "2", "3", "4"]);
    expect(await offline.acknowledge(HOST, "juliet", upTo)).toBe(2);
    expect(await offline.acknowledge(HOST, "juliet", upTo)).toBe(0);
    expect(texts(await offline.read(HOST, "juliet", 0, 10))).toEqual(["3", "4"]);
    expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 2, bytes: 2 });
    expect(await offline.acknowledge(HOST, "juliet", Number.MAX_SAFE_INTEGER)).toBe(2);
    expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 0, bytes: 0 });
  });

  it("writes into a forward how many messages wait, its own included", async () => {
    const { offline, outbox } = storesOf();
    const forward = (id: string) => outboxEvent(id, { payload: '{"unread":}', unreadAt: 10 });
    await Promise.all(["1", "2", "3"].map((id) => offline.commit(offlineUnit(id, { forwards: [forward(id)] }))));
    await offline.commit(offlineUnit(null, { forwards: [outboxEvent("4", { payload: "é", unreadAt: 0 })] }));
    expect(await outbox.find("1")).toMatchObject({ payload: '{"unread":1}', bytes: 12 });
    expect(await outbox.find("3")).toMatchObject({ payload: '{"unread":3}' });
    expect(await outbox.find("4")).toMatchObject({ payload: "3é", bytes: 3 });
  });

  it("gives and removes single messages by their keys", async () => {
    const { offline, outbox } = storesOf();
    for (const xml of ["1", "22", "3"]) await offline.commit(offlineUnit(xml, { forwards: [outboxEvent(`e${xml}`)] }));
    const keys = (await offline.read(HOST, "juliet", 0, 10)).map(({ key }) => key);
    const [first, second, third] = keys as [MessageKey, MessageKey, MessageKey];
    expect(texts(await offline.pick(HOST, "juliet", [third, first]))).toEqual(["3", "1"]);
    expect(await offline.pick(HOST, "nurse", keys)).toEqual([]);
    expect(await offline.pick(HOST, "juliet", [{ id: first.id, salt: first.salt + 1 }])).toEqual([]);
    expect(await offline.remove(HOST, "juliet", [second, { id: first.id, salt: -1 }])).toBe(false);
    expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 3, bytes: 4 });
    expect(await offline.remove(HOST, "nurse", [second])).toBe(false);
    expect(await offline.remove(HOST, "juliet", [second])).toBe(true);
    expect(await offline.remove(HOST, "juliet", [second])).toBe(false);
    expect(texts(await offline.read(HOST, "juliet", 0, 10))).toEqual(["1", "3"]);
    expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 2, bytes: 2 });
    expect(await outbox.find("e22")).toMatchObject({ ackedAt: expect.any(Number) });
    expect(await outbox.find("e1")).toMatchObject({ ackedAt: null });
    expect(await outbox.find("e3")).toMatchObject({ ackedAt: null });
  });

  it("tells the events of a message that was acknowledged, and of no other that waits", async () => {
    const { offline, outbox, archive } = storesOf();
    const key = { id: 1_700_000_000_000_000, salt: 7 };
    const copy = { host: HOST, local: "juliet", key, peer: "romeo@montague.lit/garden", isOwn: false };
    await archive.keep([{ type: "chat", xml: "0", copies: [copy] }]);
    await offline.commit(offlineUnit("1", { forwards: [outboxEvent("e1")] }));
    const [first] = await offline.read(HOST, "juliet", 0, 10);
    // It is older than the one that waits, and comes to wait behind it.
    const late = message("0", { archiveAs: key });
    await offline.commit(offlineUnit(null, { message: late, forwards: [outboxEvent("e0")] }));
    await offline.acknowledge(HOST, "juliet", first?.id ?? 0);
    expect(await outbox.find("e1")).toMatchObject({ ackedAt: expect.any(Number) });
    expect(await outbox.find("e0")).toMatchObject({ ackedAt: null });
  });

  it("never gives an id twice", async () => {
    const { offline } = storesOf();
    await offline.commit(offlineUnit("1"));
    const [one] = await offline.read(HOST, "juliet", 0, 1);
    await offline.acknowledge(HOST, "juliet", one?.id ?? 0);
    await offline.commit(offlineUnit("2"));
    expect(texts(await offline.read(HOST, "juliet", one?.id ?? 0, 1))).toEqual(["2"]);
  });

  it.each([
    { limit: "messages", limits: { maxMessages: 2, maxBytes: 1000 } },
    { limit: "bytes", limits: { maxMessages: 100, maxBytes: 9 } },
    { limit: "no messages at all", limits: { maxMessages: 0, maxBytes: 9 }, stored: 0 },
  ])(
    "is full at its limit of $limit and then writes nothing, not even the forwards",
    async ({ limits, stored = 2 }) => {
      const { offline, outbox } = storesOf();
      const answers = await Promise.all(
        ["aaäa", "bbbb", "c", "d"].map((xml) =>
          offline.commit(offlineUnit(xml, { ...limits, forwards: [outboxEvent(`e-${xml}`)] })),
        ),
      );
      expect(answers.filter((answer) => answer === "stored")).toHaveLength(stored);
      expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: stored });
      expect((await outbox.list({}, { limit: 10 })).items).toHaveLength(stored);
      expect(await offline.commit(offlineUnit("x", { local: "nurse" }))).toBe("stored");
    },
  );

  it("stores nothing for an account that is gone", async () => {
    const { offline, outbox } = storesOf();
    expect(await offline.commit(offlineUnit("x", { local: "paris", forwards: [outboxEvent("e1")] }))).toBe("full");
    expect(await outbox.find("e1")).toBeNull();
  });

  it("leaves expired messages out, and removes them in steps", async () => {
    const { offline } = storesOf();
    const past = { expiresAt: 2000 };
    const future = { expiresAt: Date.now() + 1_000_000 };
    for (const [xml, when] of [
      ["1", past],
      ["2", future],
      ["3", past],
      ["4", {}],
    ] as const) {
      await offline.commit(offlineUnit(null, { message: message(xml, when) }));
    }
    expect(texts(await offline.read(HOST, "juliet", 0, 10))).toEqual(["2", "4"]);
    expect(await offline.removeExpired(1999, 10)).toBe(0);
    expect(await offline.removeExpired(2000, 1)).toBe(1);
    expect(await offline.removeExpired(2000, 10)).toBe(1);
    expect(await offline.depth(HOST, "juliet")).toEqual({ messages: 2, bytes: 2 });
  });

  it("counts for the console", async () => {
    const { offline, accounts } = storesOf();
    expect(await offline.totals()).toEqual({ accounts: 0, messages: 0, bytes: 0, oldestAt: null });
    await accounts.create(account("romeo", { host: "montague.lit" }));
    await offline.commit(offlineUnit(null, { message: message("1", { at: 70 }) }));
    await offline.commit(offlineUnit(null, { local: "nurse", message: message("2", { at: 80 }) }));
    await offline.commit(
      offlineUnit(null, { host: "montague.lit", local: "romeo", message: message("3", { at: 90 }) }),
    );
    expect(await offline.totals()).toEqual({ accounts: 3, messages: 3, bytes: 3, oldestAt: 70 });
    expect(await offline.totals("montague.lit")).toEqual({ accounts: 1, messages: 1, bytes: 1, oldestAt: 90 });
    expect(await offline.totals("verona.lit")).toEqual({
      accounts: 0,
      messages: 0,
      bytes: 0,
      oldestAt: null,
    });
    expect(await accounts.find(HOST, "nurse")).toMatchObject({ offlineMessages: 1 });
  });

  it("lists page by page", async () => {
    const { offline } = storesOf();
    for (const xml of ["1", "22", "3"]) await offline.commit(offlineUnit(xml));
    const first = await offline.list(HOST, "juliet", { limit: 2 });
    expect(first).toMatchObject({
      items: [
        { xml: "1", bytes: 1 },
        { xml: "22", bytes: 2 },
      ],
      total: 3,
    });
    expect(texts(await allPages((cursor) => offline.list(HOST, "juliet", { limit: 1, cursor })))).toEqual([
      "1",
      "22",
      "3",
    ]);
  });

  it("takes a forward of the same id only once", async () => {
    const { offline, outbox } = storesOf();
    await offline.commit(offlineUnit("1", { forwards: [outboxEvent("e1"), outboxEvent("e1", { payload: "other" })] }));
    expect(await offline.commit(offlineUnit("2", { forwards: [outboxEvent("e1")] }))).toBe("stored");
    expect((await outbox.list({}, { limit: 10 })).items).toHaveLength(1);
    expect(await outbox.find("e1")).toMatchObject({ payload: "body=e1" });
  });
}
