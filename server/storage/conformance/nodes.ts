import { expect, it } from "vitest";
import type { ItemQuery, NewItem, NewNode, NodeOwner, Stores } from "../ports.ts";
import { account, HOST, type StoresOf } from "./samples.ts";

const JULIET: NodeOwner = { host: HOST, local: "juliet" };
const ROMEO: NodeOwner = { host: HOST, local: "romeo" };
const SERVICE: NodeOwner = { host: `pubsub.${HOST}`, local: "" };
const plenty = { maxNodes: 100, maxBytes: 1000 };
const everything: ItemQuery = { now: 0, limit: 100, maxBytes: 1000 };

const newNode = (changes: Partial<NewNode> = {}): NewNode => ({
  config: "{}",
  createdAt: 1000,
  creator: `juliet@${HOST}`,
  ...changes,
});
const item = (id: string, changes: Partial<NewItem> = {}): NewItem => ({
  id,
  publisher: `juliet@${HOST}/balcony`,
  at: 2000,
  expiresAt: null,
  payload: `<${id}/>`,
  ...changes,
});

export function nodesConformance(storesOf: StoresOf): void {
  const { publish, ids, kept } = {
    publish: (items: readonly NewItem[], maxItems = 100, limits = plenty, owner = JULIET, node = "n") =>
      storesOf().nodes.publish(owner, node, items, newNode(), maxItems, limits),
    ids: async (query: Partial<ItemQuery> = {}) =>
      (await storesOf().nodes.items(JULIET, "n", { ...everything, ...query }))?.items.map(({ id }) => id) ?? null,
    kept: async (stores: Stores) =>
      (await stores.nodes.list(JULIET)).map(({ node, items, bytes }) => [node, items, bytes]),
  };

  it("keeps nodes by owner and name, up to a number", async () => {
    const { nodes } = storesOf();
    expect(await nodes.create(JULIET, "b", newNode(), { maxNodes: 2 })).toBe("created");
    expect(await nodes.create(JULIET, "b", newNode(), { maxNodes: 2 })).toBe("exists");
    expect(await nodes.create(JULIET, "a", newNode({ config: "1" }), { maxNodes: 2 })).toBe("created");
    expect(await nodes.create(JULIET, "c", newNode(), { maxNodes: 2 })).toBe("too-many-nodes");
    expect(await publish([item("i")], 100, { ...plenty, maxNodes: 2 })).toEqual({ kind: "too-many-nodes" });
    expect(await nodes.create(ROMEO, "b", newNode(), { maxNodes: 2 })).toBe("created");
    expect((await nodes.list(JULIET)).map(({ node }) => node)).toEqual(["a", "b"]);
    expect(await nodes.find(JULIET, "a", "x")).toEqual({
      node: "a",
      ...newNode({ config: "1" }),
      items: 0,
      bytes: 0,
      affiliation: null,
      subscription: null,
    });
    expect(await nodes.find(JULIET, "A", "x")).toBeNull();
    expect(await nodes.remove(JULIET, "a")).toBe(true);
    expect(await nodes.remove(JULIET, "a")).toBe(false);
    expect(await nodes.find(ROMEO, "a", "x")).toBeNull();
  });

  it("makes the creator an owner of a service's node", async () => {
    const { nodes } = storesOf();
    await nodes.create(SERVICE, "one", newNode(), { maxNodes: 10 });
    await publish([item("i")], 100, plenty, SERVICE, "two");
    expect((await nodes.find(SERVICE, "one", `juliet@${HOST}`))?.affiliation).toBe("owner");
    expect((await nodes.find(SERVICE, "two", `juliet@${HOST}`))?.affiliation).toBe("owner");
  });

  it("gives items newest first; what is published again is the newest", async () => {
    const { nodes } = storesOf();
    expect(await nodes.publish(JULIET, "n", [item("a")], null, 100, plenty)).toEqual({ kind: "no-node" });
    expect(await publish([item("a"), item("b")])).toEqual({ kind: "published", evicted: [] });
    await publish([item("c")]);
    await publish([item("a", { payload: "<again/>", at: 3000 })]);
    expect(await ids()).toEqual(["a", "c", "b"]);
    expect(await nodes.itemIds(JULIET, "n", 0)).toEqual(["a", "c", "b"]);
    const page = await nodes.items(JULIET, "n", { ...everything, limit: 1 });
    expect(page).toEqual({
      items: [{ id: "a", publisher: `juliet@${HOST}/balcony`, at: 3000, payload: "<again/>" }],
      total: 3,
      isPartial: true,
    });
    expect(await kept(storesOf())).toEqual([["n", 3, "<b/><c/><again/>".length]]);
  });

  it.each<[Partial<ItemQuery>, string[] | null]>([
    [{ limit: 2 }, ["d", "c"]],
    [{ olderThan: "c" }, ["b", "a"]],
    [{ newerThan: "b" }, ["d", "c"]],
    [{ newerThan: "a", fromOldest: true, limit: 2 }, ["c", "b"]],
    [{ fromOldest: true, limit: 1 }, ["a"]],
    [{ ids: ["a", "x", "d"] }, ["a", "d"]],
    [{ ids: ["a", "x", "d"], maxBytes: 1 }, ["a"]],
    [{ maxBytes: 8 }, ["d", "c"]],
    [{ maxBytes: 1 }, ["d"]],
    [{ olderThan: "x" }, null],
    [{ newerThan: "x" }, null],
    [{ limit: 0 }, []],
  ])("pages: %j", async (query, expected) => {
    await publish(["a", "b", "c", "d"].map((id) => item(id)));
    expect(await ids(query)).toEqual(expected);
  });

  it("drops the oldest past a node's number of items", async () => {
    const { nodes } = storesOf();
    await publish(["a", "b", "c"].map((id) => item(id)));
    expect(await publish([item("b"), item("d")], 3)).toEqual({ kind: "published", evicted: ["a"] });
    expect(await ids()).toEqual(["d", "b", "c"]);
    expect(await nodes.configure(JULIET, "n", "new", 1)).toEqual(["b", "c"]);
    expect((await nodes.find(JULIET, "n", "x"))?.config).toBe("new");
    expect(await nodes.configure(JULIET, "none", "new", 1)).toBeNull();
    expect(await publish([item("e")], 0)).toEqual({ kind: "published", evicted: ["e", "d"] });
    expect(await kept(storesOf())).toEqual([["n", 0, 0]]);
  });

  it("counts bytes over all nodes of the owner", async () => {
    const limits = { ...plenty, maxBytes: 10 };
    const of = (payload: string, id = "i") => item(id, { payload });
    expect((await publish([of("12345678")], 9, limits, JULIET, "m")).kind).toBe("published");
    expect((await publish([of("ää")], 9, limits)).kind).toBe("too-many-bytes");
    expect((await publish([of("ä")], 9, limits)).kind).toBe("published");
    expect((await publish([of("xy")], 9, limits)).kind).toBe("published");
    expect((await publish([of("z", "j")], 9, limits)).kind).toBe("too-many-bytes");
    expect((await publish([of("ää")], 9, limits, ROMEO)).kind).toBe("published");
    expect(await kept(storesOf())).toEqual([
      ["m", 1, 8],
      ["n", 1, 2],
    ]);
  });

  it("retracts and purges", async () => {
    const { nodes } = storesOf();
    await publish(["a", "b", "c"].map((id) => item(id)));
    expect(await nodes.retract(JULIET, "n", ["b", "x"])).toEqual(["b"]);
    expect(await nodes.retract(JULIET, "none", ["b"])).toEqual([]);
    expect(await ids()).toEqual(["c", "a"]);
    expect(await nodes.purge(JULIET, "n")).toBe(2);
    expect(await kept(storesOf())).toEqual([["n", 0, 0]]);
  });

  it("knows items that expire", async () => {
    const { nodes } = storesOf();
    await publish([item("short", { expiresAt: 5000 }), item("long", { expiresAt: 9000 }), item("ever")]);
    expect(await ids({ now: 4999 })).toEqual(["ever", "long", "short"]);
    expect(await ids({ now: 5000 })).toEqual(["ever", "long"]);
    expect((await nodes.items(JULIET, "n", { ...everything, now: 5000 }))?.total).toBe(2);
    expect(await nodes.removeExpired(9000, 1)).toBe(1);
    expect(await nodes.removeExpired(9000, 5)).toBe(1);
    expect(await kept(storesOf())).toEqual([["n", 1, "<ever/>".length]]);
  });

  it("finds the newest items of several owners", async () => {
    const { nodes } = storesOf();
    await publish([item("a"), item("b")]);
    await publish([item("c")], 9, plenty, JULIET, "m");
    await publish([item("d")], 9, plenty, JULIET, "other");
    await publish([item("e"), item("gone", { expiresAt: 5 })], 9, plenty, ROMEO);
    await nodes.create(ROMEO, "m", newNode(), { maxNodes: 9 });
    const owners = [ROMEO, JULIET, SERVICE];
    const query = { now: 10, behind: "", maxBytes: 1000 };
    const found = await nodes.latest(owners, ["n", "m"], query);
    expect(found.isPartial).toBe(false);
    expect(found.items.map(({ local, node, config, item: { id } }) => [local, node, config, id])).toEqual([
      ["romeo", "n", "{}", "e"],
      ["juliet", "m", "{}", "c"],
      ["juliet", "n", "{}", "b"],
    ]);
    const idsOf = async (from: readonly NodeOwner[], behind: string, maxBytes: number): Promise<unknown> => {
      const { isPartial, items } = await nodes.latest(from, ["m", "n"], { ...query, behind, maxBytes });
      return [...items.map(({ item: { id } }) => id), isPartial ? "and more" : "all"];
    };
    expect(await idsOf(owners, "", 1)).toEqual(["e", "and more"]);
    expect(await idsOf(owners, "", "<ever/>".length)).toEqual(["e", "and more"]);
    expect(await idsOf(owners, "n", 12)).toEqual(["c", "b", "all"]);
    expect(await idsOf([JULIET], "m", 1)).toEqual(["b", "all"]);
  });

  it("counts the nodes of one creator, and the bytes of one node", async () => {
    const { nodes } = storesOf();
    const limits = { maxNodes: 9, maxNodesOfCreator: 1, maxBytes: 1000, maxBytesOfNode: 10 };
    const by = (creator: string): NewNode => newNode({ creator });
    expect(await nodes.create(SERVICE, "one", by("a@x"), limits)).toBe("created");
    expect(await nodes.create(SERVICE, "two", by("a@x"), limits)).toBe("too-many-of-creator");
    expect(await nodes.publish(SERVICE, "two", [], by("a@x"), 9, limits)).toEqual({ kind: "too-many-of-creator" });
    expect(await nodes.create(SERVICE, "two", by("b@x"), limits)).toBe("created");
    const put = async (id: string, payload: string): Promise<string> =>
      (await nodes.publish(SERVICE, "one", [item(id, { payload })], null, 9, limits)).kind;
    expect(await put("i", "1234567")).toBe("published");
    expect(await put("j", "1234")).toBe("too-many-bytes-in-node");
    expect(await put("j", "123")).toBe("published");
    expect(await put("i", "12345678")).toBe("too-many-bytes-in-node");
    expect(await put("i", "1")).toBe("published");
  });

  it("keeps affiliations", async () => {
    const { nodes } = storesOf();
    await nodes.create(JULIET, "n", newNode(), { maxNodes: 9 });
    await nodes.create(JULIET, "m", newNode(), { maxNodes: 9 });
    await nodes.setAffiliations(JULIET, "n", [
      { jid: "romeo@x", affiliation: "member" },
      { jid: "paris@x", affiliation: "outcast" },
    ]);
    await nodes.setAffiliations(JULIET, "m", [{ jid: "romeo@x", affiliation: "publisher" }]);
    await nodes.setAffiliations(JULIET, "n", [{ jid: "paris@x", affiliation: null }]);
    await nodes.setAffiliations(JULIET, "none", [{ jid: "paris@x", affiliation: "member" }]);
    expect(await nodes.affiliations(JULIET, "n", null)).toEqual([{ node: "n", jid: "romeo@x", affiliation: "member" }]);
    expect((await nodes.affiliations(JULIET, null, "romeo@x")).map(({ node }) => node)).toEqual(["m", "n"]);
    expect((await nodes.find(JULIET, "n", "romeo@x"))?.affiliation).toBe("member");
  });

  it("keeps subscriptions, up to a number for each node", async () => {
    const { nodes } = storesOf();
    const subscribe = (jid: string, state: "subscribed" | "pending" | null = "subscribed") =>
      nodes.setSubscriptions(JULIET, "n", [{ jid, state, subid: "1" }], 2);
    await nodes.create(JULIET, "n", newNode(), { maxNodes: 9 });
    expect(await subscribe("romeo@x/a", "pending")).toBe(true);
    expect((await nodes.find(JULIET, "n", "romeo@x"))?.subscription).toBe("pending");
    expect(await subscribe("romeo@x")).toBe(true);
    expect((await nodes.find(JULIET, "n", "romeo@x"))?.subscription).toBe("subscribed");
    expect(await subscribe("paris@x")).toBe(false);
    expect(await subscribe("romeo@x/a")).toBe(true);
    expect(await nodes.subscriptions(JULIET, null, "romeo@x")).toEqual([
      { node: "n", jid: "romeo@x", state: "subscribed", subid: "1" },
      { node: "n", jid: "romeo@x/a", state: "subscribed", subid: "1" },
    ]);
    expect(await subscribe("romeo@x/a", null)).toBe(true);
    expect((await nodes.subscriptions(JULIET, "n", null)).map(({ jid }) => jid)).toEqual(["romeo@x"]);
  });

  it("forgets everything of an account that is removed", async () => {
    const stores = storesOf();
    await stores.accounts.create(account("juliet"));
    await publish([item("a")]);
    await stores.nodes.setAffiliations(JULIET, "n", [{ jid: "romeo@x", affiliation: "member" }]);
    await stores.nodes.setSubscriptions(JULIET, "n", [{ jid: "romeo@x", state: "subscribed", subid: "1" }], 9);
    await publish([item("a")], 9, plenty, ROMEO);
    await stores.accounts.remove(HOST, "juliet");
    expect(await stores.nodes.list(JULIET)).toEqual([]);
    expect((await stores.nodes.list(ROMEO)).length).toBe(1);
    await stores.nodes.create(JULIET, "n", newNode(), { maxNodes: 9 });
    expect(await ids()).toEqual([]);
    expect(await stores.nodes.affiliations(JULIET, null, null)).toEqual([]);
    expect(await stores.nodes.subscriptions(JULIET, null, null)).toEqual([]);
  });
}
