import { expect, it } from "vitest";
import {
  account,
  allPages,
  enqueue,
  HOST,
  offlineUnit,
  outboxEvent,
  rosterItem,
  SCRAM,
  SEALED,
  type StoresOf,
} from "./samples.ts";

export function accountsConformance(storesOf: StoresOf): void {
  it("creates an account once, and finds it", async () => {
    const { accounts } = storesOf();
    expect(await accounts.create(account("juliet", { createdFrom: "192.0.2.1" }))).toBe(true);
    expect(await accounts.create(account("juliet", { credentials: SEALED }))).toBe(false);
    expect(await accounts.exists(HOST, "juliet")).toBe(true);
    expect(await accounts.exists("montague.lit", "juliet")).toBe(false);
    expect(await accounts.find(HOST, "juliet")).toEqual({
      host: HOST,
      local: "juliet",
      createdAt: 1000,
      createdVia: "cli",
      createdFrom: "192.0.2.1",
      suspended: null,
      lastActivity: null,
      offlineMessages: 0,
      tags: [],
    });
    expect(await accounts.find(HOST, "nurse")).toBeNull();
    expect(await accounts.login(HOST, "juliet")).toEqual({ credentials: SCRAM, suspended: null });
    expect(await accounts.login(HOST, "nurse")).toBeNull();
  });

  it("creates many, and says what became of each", async () => {
    const { accounts } = storesOf();
    await accounts.create(account("n0001"));
    const many = Array.from({ length: 1200 }, (_, i) =>
      account(`n${String(i).padStart(4, "0")}`, { credentials: SEALED }),
    );
    expect(await accounts.createMany(many, "skip")).toEqual({ created: 1199, updated: 0, skipped: 1 });
    expect(await accounts.login(HOST, "n0001")).toMatchObject({ credentials: SCRAM });
    expect(await accounts.createMany(many.slice(0, 2), "update")).toEqual({ created: 0, updated: 2, skipped: 0 });
    expect(await accounts.login(HOST, "n0001")).toMatchObject({ credentials: SEALED });
    expect(await accounts.count(HOST)).toBe(1200);
    expect(await accounts.count("montague.lit")).toBe(0);
    expect(await accounts.names(HOST, "n1197", 10)).toEqual(["n1198", "n1199"]);
  });

  it("knows which passwords are still sealed", async () => {
    const { accounts } = storesOf();
    await accounts.createMany([account("a", { credentials: SEALED }), account("b", { credentials: SEALED })], "skip");
    expect(await accounts.sealed(1)).toHaveLength(1);
    expect(await accounts.setCredentials(HOST, "a", SCRAM)).toBe(true);
    expect(await accounts.sealed(10)).toEqual([{ host: HOST, local: "b", sealed: "c2VhbGVk" }]);
    expect(await accounts.setCredentials(HOST, "nobody", SCRAM)).toBe(false);
  });

  it("keeps suspension and last activity", async () => {
    const { accounts } = storesOf();
    await accounts.create(account("juliet"));
    const suspended = { reason: "spam", at: 2000, until: null, by: "admin" };
    expect(await accounts.setSuspension(HOST, "juliet", suspended)).toBe(true);
    expect(await accounts.setSuspension(HOST, "nobody", suspended)).toBe(false);
    await accounts.setLastActivity(HOST, "juliet", 3000, "bye");
    expect(await accounts.find(HOST, "juliet")).toMatchObject({ suspended, lastActivity: { at: 3000, status: "bye" } });
    expect((await accounts.login(HOST, "juliet"))?.suspended).toEqual(suspended);
    await accounts.setSuspension(HOST, "juliet", null);
    expect((await accounts.find(HOST, "juliet"))?.suspended).toBeNull();
  });

  it("removes an account with everything it owns, so that the next owner of the name inherits nothing", async () => {
    const stores = storesOf();
    await stores.accounts.create(account("juliet"));
    await stores.rosters.put(HOST, "juliet", rosterItem("romeo@montague.lit"), 10);
    await stores.rosters.putRequest(HOST, "juliet", { jid: "paris@capulet.lit", stanza: "<presence/>" }, []);
    await stores.offline.commit(offlineUnit("<message/>", { forwards: [outboxEvent("e1"), outboxEvent("e2")] }));
    await stores.personal.setVcard(HOST, "juliet", "<vCard/>");
    await stores.personal.setPrivate(HOST, "juliet", "ns", "x", "<x/>", 100);

    expect(await stores.accounts.remove(HOST, "juliet")).toBe(true);
    expect(await stores.accounts.remove(HOST, "juliet")).toBe(false);
    expect(await stores.offline.commit(offlineUnit("<message/>"))).toBe("full");
    await stores.accounts.create(account("juliet"));
    expect(await stores.rosters.get(HOST, "juliet")).toEqual({ version: 0, items: [], requests: [] });
    expect(await stores.offline.read(HOST, "juliet", 0, 10)).toEqual([]);
    expect(await stores.offline.depth(HOST, "juliet")).toEqual({ messages: 0, bytes: 0 });
    expect(await stores.personal.vcard(HOST, "juliet")).toBeNull();
    expect(await stores.personal.private(HOST, "juliet", "ns", "x")).toBeNull();
    expect(await stores.outbox.claim("web", 5000, 1000, 10, 10)).toEqual([]);
    expect(await stores.outbox.find("e1")).toMatchObject({ state: "cancelled", payload: "" });
    expect(await stores.outbox.due()).toEqual([]);
  });

  it("removes the accounts of one host", async () => {
    const { accounts } = storesOf();
    const many = Array.from({ length: 1100 }, (_, i) => account(`n${i}`));
    await accounts.createMany([...many, account("romeo", { host: "montague.lit" })], "skip");
    expect(await accounts.removeHost(HOST)).toBe(1100);
    expect(await accounts.count(HOST)).toBe(0);
    expect(await accounts.count()).toBe(1);
  });

  it("lists by (local, host), page by page, whatever is created meanwhile", async () => {
    const { accounts } = storesOf();
    const at = (local: string, host = HOST) => account(local, { host });
    await accounts.createMany([at("b"), at("d"), at("a", "montague.lit"), at("a"), at("c", "montague.lit")], "skip");
    const first = await accounts.list({ limit: 2 });
    expect(first).toMatchObject({
      items: [
        { local: "a", host: HOST },
        { local: "a", host: "montague.lit" },
      ],
      total: 5,
    });
    await accounts.create(at("aa"));
    await accounts.create(at("0"));
    const rest = await allPages((cursor) =>
      accounts.list({ limit: 2, cursor: cursor ?? first.nextCursor ?? undefined }),
    );
    expect(rest.map(({ local }) => local)).toEqual(["aa", "b", "c", "d"]);
    const hosts = ["montague.lit", "verona.lit"];
    const montague = await allPages((cursor) => accounts.list({ limit: 1, hosts, cursor }));
    expect(montague.map(({ local }) => local)).toEqual(["a", "c"]);
    const both = await allPages((cursor) => accounts.list({ limit: 1, hosts: [HOST, "montague.lit"], cursor }));
    expect(both.map(({ local }) => local)).toEqual(["0", "a", "a", "aa", "b", "c", "d"]);
    expect((await accounts.list({ limit: 5, hosts: [] })).items).toEqual([]);
    await expect(accounts.list({ limit: 5, cursor: "nonsense" })).rejects.toMatchObject({ code: "cursor" });
  });

  it.each([
    { search: "jul", found: ["jules", "juliet", "ajul", "bjulb"] },
    { search: "JUL", found: ["jules", "juliet", "ajul", "bjulb"] },
    { search: "jul@cap", found: ["jules", "juliet", "ajul"] },
    { search: "juliet@capulet.lit", found: ["juliet"] },
    { search: "%", found: [] },
    { search: "", found: ["ajul", "bjulb", "jules", "juliet", "nurse"] },
  ])("finds '$search': names that begin with it, then names that contain it", async ({ search, found }) => {
    const { accounts } = storesOf();
    const names = ["juliet", "jules", "ajul", "nurse"].map((local) => account(local));
    await accounts.createMany([...names, account("bjulb", { host: "montague.lit" })], "skip");
    for (const limit of [1, 2, 3, 4, 50]) {
      const rows = await allPages((cursor) => accounts.list({ limit, search, cursor }));
      expect(rows.map(({ local }) => local)).toEqual(found);
    }
  });

  it("filters, and restricts to given JIDs", async () => {
    const { accounts, offline } = storesOf();
    await accounts.createMany(
      ["a", "b", "c", "d"].map((local) => account(local)),
      "skip",
    );
    await accounts.setSuspension(HOST, "a", { reason: "", at: 1, until: null, by: "admin" });
    await accounts.setSuspension(HOST, "b", { reason: "", at: 1, until: 2, by: "admin" });
    await accounts.setLastActivity(HOST, "c", 5, "");
    await offline.commit(offlineUnit("<message/>", { local: "d" }));
    const names = async (query: object) =>
      (await allPages((cursor) => accounts.list({ limit: 1, cursor, ...query }))).map(({ local }) => local);
    expect(await names({ filter: "suspended" })).toEqual(["a"]);
    expect(await names({ filter: "never" })).toEqual(["a", "b", "d"]);
    expect(await names({ filter: "queued" })).toEqual(["d"]);
    expect(await names({ filter: "queued", hosts: ["montague.lit"] })).toEqual([]);
    const only = [`d@${HOST}`, `b@${HOST}`, `x@${HOST}`, "a@montague.lit"];
    expect(await names({ only })).toEqual(["b", "d"]);
    expect(await names({ only, filter: "queued" })).toEqual(["d"]);
    expect(await names({ only, search: "b" })).toEqual(["b"]);
    expect(await names({ only: [] })).toEqual([]);
  });

  it("narrows by traits", async () => {
    const { accounts, offline } = storesOf();
    const made = { a: 100, b: 200, c: 300, d: 400 };
    for (const [local, createdAt] of Object.entries(made))
      await accounts.create(account(local, { createdAt, createdVia: local === "d" ? "web" : "cli" }));
    await accounts.setLastActivity(HOST, "a", 500, "");
    await offline.commit(offlineUnit("<message/>", { local: "c" }));
    const names = async (query: object) =>
      (await allPages((cursor) => accounts.list({ limit: 1, cursor, ...query }))).map(({ local }) => local);
    expect(await names({ traits: { createdSince: 200 } })).toEqual(["b", "c", "d"]);
    expect(await names({ traits: { createdSince: 200, createdBefore: 400 } })).toEqual(["b", "c"]);
    expect(await names({ traits: { idleSince: 400 } })).toEqual(["b", "c"]);
    expect(await names({ traits: { minMessages: 1 } })).toEqual(["c"]);
    expect(await names({ traits: { via: "web" }, hosts: [HOST] })).toEqual(["d"]);
    expect(await names({ traits: { via: "cli" }, only: [`d@${HOST}`, `b@${HOST}`] })).toEqual(["b"]);
    expect(await names({ traits: { createdSince: 200 }, filter: "never", search: "b" })).toEqual(["b"]);
    expect((await accounts.list({ limit: 1, traits: { createdSince: 0 } })).total).toBeNull();
    expect((await accounts.list({ limit: 1, traits: {} })).total).toBe(4);
  });

  it("turns terms round", async () => {
    const { accounts } = storesOf();
    for (const local of ["a", "b", "c"])
      await accounts.create(account(local, { createdAt: local === "a" ? 100 : 200, createdVia: "cli" }));
    await accounts.setSuspension(HOST, "a", { reason: "", at: 1, until: null, by: "admin" });
    await accounts.setTags(HOST, "b", { add: ["vip"], remove: [] }, 20);
    const names = async (query: object) =>
      (await allPages((cursor) => accounts.list({ limit: 1, cursor, ...query }))).map(({ local }) => local);
    expect(await names({ filter: "suspended", not: ["filter"] })).toEqual(["b", "c"]);
    expect(await names({ filter: "suspended", not: ["filter"], hosts: [HOST, "montague.lit"] })).toEqual(["b", "c"]);
    expect(await names({ filter: "suspended", not: ["filter"], only: [`a@${HOST}`, `c@${HOST}`] })).toEqual(["c"]);
    expect(await names({ filter: "queued", not: ["filter"], search: "a" })).toEqual(["a"]);
    expect(await names({ traits: { createdSince: 200 }, not: ["createdSince"] })).toEqual(["a"]);
    expect(await names({ traits: { tag: "vip" }, not: ["tag"] })).toEqual(["a", "c"]);
    expect(await names({ traits: { tag: "vip", minMessages: 1 }, not: ["minMessages"] })).toEqual(["b"]);
    expect(await names({ except: [`b@${HOST}`] })).toEqual(["a", "c"]);
  });

  it("keeps tags with accounts, and finds accounts by them", async () => {
    const { accounts } = storesOf();
    await accounts.create(account("a"));
    await accounts.create(account("b"));
    await accounts.create(account("b", { host: "montague.lit" }));
    const tag = async (local: string, add: string[], remove: string[] = [], host = HOST) =>
      accounts.setTags(host, local, { add, remove }, 3);
    expect(await tag("nobody", ["vip"])).toBe("unknown");
    expect(await tag("a", ["vip", "beta", "vip"])).toBe("done");
    expect(await tag("b", ["vip"])).toBe("done");
    expect(await tag("b", ["vip"], [], "montague.lit")).toBe("done");
    expect((await accounts.find(HOST, "a"))?.tags).toEqual(["beta", "vip"]);
    expect(await tag("a", ["c", "d"])).toBe("full");
    expect(await tag("a", ["c", "d"], ["beta", "gone"])).toBe("done");
    expect((await accounts.find(HOST, "a"))?.tags).toEqual(["c", "d", "vip"]);
    expect(await accounts.tags(undefined)).toEqual([
      { tag: "c", accounts: 1 },
      { tag: "d", accounts: 1 },
      { tag: "vip", accounts: 3 },
    ]);
    expect(await accounts.tags(["montague.lit"])).toEqual([{ tag: "vip", accounts: 1 }]);
    const found = async (query: object) =>
      (await allPages((cursor) => accounts.list({ limit: 1, cursor, traits: { tag: "vip" }, ...query }))).map(
        ({ local, host }) => `${local}@${host}`,
      );
    expect(await found({})).toEqual([`a@${HOST}`, `b@${HOST}`, "b@montague.lit"]);
    expect(await found({ hosts: [HOST] })).toEqual([`a@${HOST}`, `b@${HOST}`]);
    expect(await found({ search: "b" })).toEqual([`b@${HOST}`, "b@montague.lit"]);
    expect(await found({ only: [`a@${HOST}`] })).toEqual([`a@${HOST}`]);
    await accounts.remove(HOST, "a");
    await accounts.create(account("a"));
    expect((await accounts.find(HOST, "a"))?.tags).toEqual([]);
  });

  it("leaves other users' forwards alone when an account goes", async () => {
    const { accounts, outbox } = storesOf();
    await accounts.create(account("nurse"));
    await enqueue(storesOf(), outboxEvent("e1"));
    await accounts.remove(HOST, "nurse");
    expect(await outbox.find("e1")).toMatchObject({ state: "queued" });
  });
}
