import { expect, it } from "vitest";
import type { GroupRow } from "../ports.ts";
import { account, HOST, type StoresOf } from "./samples.ts";

function group(name: string, changes: Partial<GroupRow> = {}): GroupRow {
  return { host: HOST, name, label: name, description: "", members: "listed", displays: [], ...changes };
}

export function groupsConformance(storesOf: StoresOf): void {
  it("keeps groups, and knows new ones from known ones", async () => {
    const { groups } = storesOf();
    expect(await groups.put(group("b"), "known", 10)).toBe("unknown");
    expect(await groups.put(group("b"), "new", 10)).toBe("done");
    expect(await groups.put(group("b"), "new", 10)).toBe("exists");
    expect(await groups.put(group("a", { members: "everybody", displays: ["b", "nobody"] }), "new", 10)).toBe("done");
    expect(await groups.put(group("c"), "new", 2)).toBe("too-many");
    expect(await groups.list(HOST)).toEqual([
      { ...group("a", { members: "everybody", displays: ["b"] }), listed: 0 },
      { ...group("b"), listed: 0 },
    ]);
    const changed = group("a", { label: "A", displays: ["a", "b"] });
    expect(await groups.put(changed, "known", 2)).toBe("done");
    expect(await groups.find(HOST, "a")).toEqual({ ...changed, listed: 0 });
    expect(await groups.list("x.example")).toEqual([]);
  });

  it("lists accounts as members, within the limit", async () => {
    const { groups, accounts } = storesOf();
    for (const local of ["juliet", "nurse", "tybalt"]) await accounts.create(account(local));
    await groups.put(group("a"), "new", 10);
    expect(await groups.change(HOST, "a", ["nurse", "juliet", "nobody"], [], 3)).toEqual({ added: 2, removed: 0 });
    expect(await groups.members(HOST, "a", "", 10)).toEqual(["juliet", "nurse"]);
    expect(await groups.members(HOST, "a", "juliet", 10)).toEqual(["nurse"]);
    expect(await groups.change(HOST, "a", ["tybalt"], [], 2)).toBe("too-many");
    expect(await groups.change(HOST, "a", ["tybalt"], ["nurse", "paris"], 2)).toEqual({ added: 1, removed: 1 });
    expect(await groups.find(HOST, "a")).toMatchObject({ listed: 2 });
    expect(await groups.change(HOST, "b", ["tybalt"], [], 2)).toBeNull();
  });

  it("forgets accounts that are removed, and groups with what led to them", async () => {
    const { groups, accounts } = storesOf();
    await accounts.create(account("juliet"));
    await groups.put(group("a"), "new", 10);
    await groups.put(group("b", { displays: ["a"] }), "new", 10);
    await groups.change(HOST, "a", ["juliet"], [], 10);
    await accounts.remove(HOST, "juliet");
    expect(await groups.members(HOST, "a", "", 10)).toEqual([]);
    expect(await groups.remove(HOST, "a")).toBe(true);
    expect(await groups.remove(HOST, "a")).toBe(false);
    expect(await groups.list(HOST)).toEqual([{ ...group("b"), listed: 0 }]);
  });

  it("removes them with their host", async () => {
    const { groups, accounts } = storesOf();
    await groups.put(group("a"), "new", 10);
    await groups.put(group("a", { host: "x.example" }), "new", 10);
    await accounts.removeHost(HOST);
    expect(await groups.list(HOST)).toEqual([]);
    expect(await groups.list("x.example")).toHaveLength(1);
  });
}
