import { expect, it } from "vitest";
import { account, HOST, offlineUnit, outboxEvent, rosterItem, type StoresOf } from "./samples.ts";

export function batchesConformance(storesOf: StoresOf): void {
  it("lets a read see every write that was called before it, and none after", async () => {
    const { accounts, offline } = storesOf();
    const [before, , found, stored, listed, depth] = await Promise.all([
      accounts.find(HOST, "juliet"),
      accounts.create(account("juliet")),
      accounts.find(HOST, "juliet"),
      offline.commit(offlineUnit("1")),
      accounts.list({ limit: 10 }),
      offline.depth(HOST, "juliet"),
    ]);
    expect(before).toBeNull();
    expect(found).toMatchObject({ local: "juliet" });
    expect(stored).toBe("stored");
    expect(listed.items).toMatchObject([{ local: "juliet", offlineMessages: 1 }]);
    expect(depth.messages).toBe(1);
  });

  it("takes effect in the order of the calls, over many batches", async () => {
    const { accounts, offline } = storesOf();
    await accounts.create(account("juliet"));
    const sent = Array.from({ length: 1000 }, (_, i) => String(i));
    const answers = await Promise.all(sent.map((xml) => offline.commit(offlineUnit(xml, { maxMessages: 1000 }))));
    expect(new Set(answers)).toEqual(new Set(["stored"]));
    const kept = await offline.read(HOST, "juliet", 0, 1000);
    expect(kept.map(({ xml }) => xml)).toEqual(sent);
  });

  it("takes back the whole of a failing call, and nothing of its neighbours", async () => {
    const { accounts, offline, outbox, rosters } = storesOf();
    await accounts.create(account("juliet"));
    const broken = offlineUnit("lost", {
      // Fails after the message and the first forward have been written.
      forwards: [outboxEvent("good"), outboxEvent("bad", { createdAt: NaN })],
    });
    const answers = await Promise.allSettled([
      offline.commit(offlineUnit("before")),
      offline.commit(broken),
      rosters.put(HOST, "juliet", rosterItem("a@x"), 1),
      offline.commit(offlineUnit("after", { forwards: [outboxEvent("fine")] })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect((await offline.read(HOST, "juliet", 0, 10)).map(({ xml }) => xml)).toEqual(["before", "after"]);
    expect((await outbox.list({}, { limit: 10 })).items).toMatchObject([{ id: "fine" }]);
    expect(await outbox.due()).toMatchObject([{ backlog: 1 }]);
    expect(await offline.depth(HOST, "juliet")).toMatchObject({ messages: 2 });
  });

  it("answers everything that was called before it was closed, and refuses what comes later", async () => {
    const stores = storesOf();
    const created = Array.from({ length: 300 }, (_, i) => stores.accounts.create(account(`n${i}`)));
    const count = stores.accounts.count();
    await stores.close();
    expect(new Set(await Promise.all(created))).toEqual(new Set([true]));
    expect(await count).toBe(300);
    await expect(stores.accounts.count()).rejects.toMatchObject({ code: "closed" });
    await stores.close();
  });
}
