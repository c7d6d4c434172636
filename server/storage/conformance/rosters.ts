import { expect, it } from "vitest";
import { HOST, outboxEvent, rosterItem, type StoresOf } from "./samples.ts";

export function rostersConformance(storesOf: StoresOf): void {
  it("keeps items and counts versions", async () => {
    const { rosters } = storesOf();
    expect(await rosters.get(HOST, "juliet")).toEqual({ version: 0, items: [], requests: [] });
    const romeo = rosterItem("romeo@montague.lit", {
      name: "Romeo",
      subscription: "both",
      groups: ["Lovers", "Friends"],
    });
    const nurse = rosterItem("nurse@capulet.lit", { ask: true, approved: true });
    expect(await rosters.put(HOST, "juliet", romeo, 10)).toBe(1);
    expect(await rosters.put(HOST, "juliet", nurse, 10)).toBe(2);
    expect(await rosters.get(HOST, "juliet")).toEqual({ version: 2, items: [nurse, romeo], requests: [] });
    expect(await rosters.remove(HOST, "juliet", nurse.jid)).toBe(3);
    expect(await rosters.remove(HOST, "juliet", nurse.jid)).toBe(3);
    expect(await rosters.get(HOST, "juliet")).toEqual({ version: 3, items: [romeo], requests: [] });
    expect(await rosters.get(HOST, "nurse")).toMatchObject({ items: [] });
  });

  it("refuses one item too many, and changes nothing then", async () => {
    const { rosters } = storesOf();
    await rosters.put(HOST, "juliet", rosterItem("a@x"), 2);
    await rosters.put(HOST, "juliet", rosterItem("b@x"), 2);
    await expect(rosters.put(HOST, "juliet", rosterItem("c@x"), 2)).rejects.toMatchObject({ code: "roster-full" });
    expect(await rosters.put(HOST, "juliet", rosterItem("b@x", { name: "B" }), 2)).toBe(3);
    expect(await rosters.get(HOST, "juliet")).toMatchObject({ version: 3, items: [{ jid: "a@x" }, { name: "B" }] });
  });

  it("answers with the changes since a version (RFC 6121 2.6)", async () => {
    const { rosters } = storesOf();
    await rosters.put(HOST, "juliet", rosterItem("a@x"), 10);
    await rosters.put(HOST, "juliet", rosterItem("b@x"), 10);
    await rosters.remove(HOST, "juliet", "a@x");
    await rosters.put(HOST, "juliet", rosterItem("c@x"), 10);
    const change = (who: string, version: number) => ({ jid: who, version });
    expect(await rosters.changes(HOST, "juliet", 4)).toEqual([]);
    expect(await rosters.changes(HOST, "juliet", 2)).toEqual([change("a@x", 3), change("c@x", 4)]);
    expect(await rosters.changes(HOST, "juliet", 1)).toEqual([change("b@x", 2), change("a@x", 3), change("c@x", 4)]);
    expect(await rosters.changes(HOST, "juliet", 5)).toBeNull();
    await rosters.put(HOST, "juliet", rosterItem("a@x"), 10);
    expect(await rosters.changes(HOST, "juliet", 2)).toEqual([change("c@x", 4), change("a@x", 5)]);
  });

  it("forgets old removals, and says so to who would need them", async () => {
    const { rosters } = storesOf();
    for (let i = 0; i < 300; i++) {
      await rosters.put(HOST, "juliet", rosterItem(`n${i}@x`), 10);
      await rosters.remove(HOST, "juliet", `n${i}@x`);
    }
    expect(await rosters.changes(HOST, "juliet", 1)).toBeNull();
    expect(await rosters.changes(HOST, "juliet", 598)).toEqual([{ jid: "n299@x", version: 600 }]);
  });

  it("keeps requests in the order in which they came first", async () => {
    const { rosters } = storesOf();
    await rosters.putRequest(HOST, "juliet", { jid: "b@x", stanza: "<presence id='1'/>" }, []);
    await rosters.putRequest(HOST, "juliet", { jid: "a@x", stanza: "<presence id='2'/>" }, []);
    await rosters.putRequest(HOST, "juliet", { jid: "b@x", stanza: "<presence id='3'/>" }, []);
    const { requests } = await rosters.get(HOST, "juliet");
    expect(requests).toEqual([
      { jid: "b@x", stanza: "<presence id='3'/>" },
      { jid: "a@x", stanza: "<presence id='2'/>" },
    ]);
    await rosters.removeRequest(HOST, "juliet", "b@x");
    expect((await rosters.get(HOST, "juliet")).requests).toHaveLength(1);
  });

  it("keeps a request together with the forwards that tell of it", async () => {
    const { rosters, outbox } = storesOf();
    const request = { jid: "b@x", stanza: "<presence/>" };
    const events = [outboxEvent("e1", { class: "subscription" }), outboxEvent("e2", { target: "push" })];
    await rosters.putRequest(HOST, "juliet", request, events);
    // One that cannot be stored takes the request with it.
    const broken = outboxEvent("e3", { expiresAt: Number.NaN });
    const refused = rosters.putRequest(HOST, "juliet", { jid: "c@x", stanza: "<presence/>" }, [broken]);
    await expect(refused).rejects.toThrow();
    expect((await rosters.get(HOST, "juliet")).requests).toEqual([request]);
    const { items } = await outbox.list({}, { limit: 9 });
    expect(new Set(items.map(({ id, state }) => `${id} ${state}`))).toEqual(new Set(["e1 queued", "e2 queued"]));
  });
}
