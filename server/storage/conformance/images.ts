import { expect, it } from "vitest";
import type { ImageRow } from "../ports.ts";
import type { StoresOf } from "./samples.ts";

const image = (id: string, createdAt: number): ImageRow => ({
  id,
  type: "image/png",
  width: 64,
  height: 32,
  data: `${id}==`,
  createdAt,
});

export function imagesConformance(storesOf: StoresOf): void {
  it("keeps an image as it came", async () => {
    const { images } = storesOf();
    await images.put(image("a", 1), 2, []);
    expect(await images.find("a")).toEqual(image("a", 1));
    expect(await images.find("b")).toBeNull();
  });

  it("lets the oldest go beyond the limit, but none that is in use", async () => {
    const { images } = storesOf();
    for (const [id, at] of [
      ["used", 1],
      ["old", 2],
      ["newer", 3],
    ] as const)
      await images.put(image(id, at), 3, ["used"]);
    // It comes again, and is the youngest.
    await images.put(image("old", 4), 3, ["used"]);
    await images.put(image("newest", 5), 3, ["used"]);
    const left = await Promise.all(["used", "old", "newer", "newest"].map((id) => images.find(id)));
    expect(left.map((row) => row?.id)).toEqual(["used", "old", undefined, "newest"]);
  });
}
