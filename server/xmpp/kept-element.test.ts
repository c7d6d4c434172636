import { describe, expect, it } from "vitest";
import { el } from "./element.ts";
import { KeptElement } from "./kept-element.ts";

describe("a kept element", () => {
  it("is the same one until a part of it is another one, is missing, or is added", () => {
    const kept = new KeptElement();
    const parts: unknown[] = [{}, "b", undefined];
    const make = (): ReturnType<typeof el> => el("x", "urn:x");
    const first = kept.of(parts, make);
    expect(kept.of([...parts], make)).toBe(first);
    for (const other of [[{}, "b", undefined], parts.slice(0, 2), [...parts, "c"], []]) {
      kept.of(parts, make);
      const before = kept.of(parts, make);
      expect(kept.of(other, make)).not.toBe(before);
    }
  });
});
