import { expect, test } from "vitest";
import { el, type Element } from "./element.ts";
import { NS } from "./namespaces.ts";
import { pageElement, parsePageWish } from "./rsm.ts";

const set = (...children: readonly Element[]): Element => el("set", NS.rsm, undefined, ...children);
const child = (name: string, text = ""): Element => el(name, NS.rsm, undefined, text);
const nothing = { max: undefined, before: undefined, after: undefined, index: undefined };

test.each([
  { name: "no set", element: undefined, wish: nothing },
  { name: "an empty set", element: set(), wish: nothing },
  { name: "a number", element: set(child("max", "10")), wish: { ...nothing, max: 10 } },
  { name: "the last page", element: set(child("before")), wish: { ...nothing, before: "" } },
  {
    name: "after an id",
    element: set(child("max", "0"), child("after", "x")),
    wish: { ...nothing, max: 0, after: "x" },
  },
  { name: "an index", element: set(child("index", "3")), wish: { ...nothing, index: "3" } },
  { name: "no number", element: set(child("max", "ten")), wish: undefined },
  { name: "less than nothing", element: set(child("max", "-1")), wish: undefined },
  { name: "everything", element: set(child("max", "2147483647")), wish: { ...nothing, max: 2_147_483_647 } },
  { name: "no number at all", element: set(child("max", "9".repeat(21))), wish: undefined },
])("$name", ({ element, wish }) => {
  expect(parsePageWish(element)).toEqual(wish);
});

test("an answer has what there is to say", () => {
  expect(String(pageElement({ first: "a", last: "b", count: 3 }))).toBe(
    `<set xmlns='${NS.rsm}'><first>a</first><last>b</last><count>3</count></set>`,
  );
  expect(String(pageElement({ first: undefined, last: undefined, count: null }))).toBe(`<set xmlns='${NS.rsm}'/>`);
});
