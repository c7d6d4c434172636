import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diff } from "./diff.ts";

describe("diff", () => {
  test.each<[string, unknown, unknown, unknown[]]>([
    ["nothing", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["a value", { a: { "b.c": 1 } }, { a: { "b.c": 2 } }, [{ path: 'a["b.c"]', before: 1, after: 2 }]],
    ["a key", { a: {} }, { a: { b: 1 } }, [{ path: "a.b", before: null, after: 1 }]],
    ["an item put in", { a: ["x", "z"] }, { a: ["x", "y", "z"] }, [{ path: "a[1]", before: null, after: "y" }]],
    ["an item taken out", { a: ["x", "y", "z"] }, { a: ["x", "z"] }, [{ path: "a[1]", before: "y", after: null }]],
    [
      "an item changed",
      { a: [{ b: 1 }, 2] },
      { a: [{ b: 3 }, 2] },
      [{ path: "a[0]", before: { b: 1 }, after: { b: 3 } }],
    ],
    ["a list that was none", { a: null }, { a: [1] }, [{ path: "a", before: null, after: [1] }]],
    ["__proto__", {}, JSON.parse('{"constructor":1}'), [{ path: "constructor", before: null, after: 1 }]],
  ])("%s", (_, before, after, expected) => expect(diff(before, after)).toEqual(expected));

  test("is empty exactly when nothing differs", () => {
    // A key that is null and one that is absent mean the same.
    const value = fc.jsonValue().filter((one) => !JSON.stringify(one).includes("__proto__"));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(diff(a, structuredClone(a))).toEqual([]);
        expect(diff([a], [a, b])).toHaveLength(1);
        expect(diff({ a }, { a: [a, b] })).not.toEqual([]);
      }),
    );
  });
});
