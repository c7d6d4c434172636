import { expect, it } from "vitest";
import type { SavedViewRow } from "../ports.ts";
import type { StoresOf } from "./samples.ts";

const view: SavedViewRow = {
  id: "v1",
  owner: "boss@a.example",
  page: "/users",
  name: "Suspended",
  query: "filter=suspended",
  shared: false,
  createdAt: 1000,
};

export function viewsConformance(storesOf: StoresOf): void {
  it("keeps views by page, one's own and those that are shared", async () => {
    const { views } = storesOf();
    const shared: SavedViewRow = { ...view, id: "v2", owner: "deputy@a.example", name: "Queued", shared: true };
    for (const one of [
      view,
      shared,
      { ...view, id: "v3", owner: "deputy@a.example" },
      { ...view, id: "v4", page: "/audit" },
    ])
      expect(await views.put(one, 10)).toBe(true);
    expect(await views.list("/users", "boss@a.example")).toEqual([shared, view]);
    expect(await views.find("v4")).toMatchObject({ page: "/audit" });
    expect(await views.remove("v4")).toBe(true);
    expect(await views.remove("v4")).toBe(false);
    expect(await views.find("v4")).toBeNull();
  });

  it("replaces a view of the same name, and keeps no more than the limit", async () => {
    const { views } = storesOf();
    expect(await views.put(view, 1)).toBe(true);
    expect(await views.put({ ...view, id: "v2", query: "filter=online" }, 1)).toBe(true);
    expect(await views.list("/users", view.owner)).toMatchObject([{ id: "v2", query: "filter=online" }]);
    expect(await views.put({ ...view, id: "v3", name: "Another" }, 1)).toBe(false);
  });
}
