import { expect, test } from "vitest";
import { el, type Element } from "./element.ts";
import { StanzaError } from "./errors.ts";
import { listPage } from "./list-page.ts";
import { NS } from "./namespaces.ts";

const request = (...wish: readonly Element[]): Element =>
  el("query", "urn:q", undefined, ...(wish.length === 0 ? [] : [el("set", NS.rsm, undefined, ...wish)]));
const max = (count: number): Element => el("max", NS.rsm, undefined, String(count));
const after = (key: string): Element => el("after", NS.rsm, undefined, key);
const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`);
const shown = (of: readonly string[], wish: readonly Element[] = [], text = ""): string[] =>
  listPage(
    request(...wish),
    of,
    (key) => key,
    (key) => el("item", "urn:q", { jid: key }, text),
  ).map((element) => element.attr("jid") ?? String(element));
const set = (first: string, last: string, count: number): string =>
  `<set xmlns='${NS.rsm}'><first>${first}</first><last>${last}</last><count>${count}</count></set>`;

test("a list that fits comes as it is, without pages", () => {
  expect(shown([])).toEqual([]);
  expect(shown(["a", "b"])).toEqual(["a", "b"]);
});

test("of a long one come 2,000 entries, then what is behind them", () => {
  const all = keys(4500);
  const first = shown(all);
  expect(first).toEqual([...all.slice(0, 2000), set("u0", "u1999", 4500)]);
  expect(shown(all, [after("u1999")]).at(-1)).toBe(set("u2000", "u3999", 4500));
  expect(shown(all, [after("u3999")])).toEqual([...all.slice(4000), set("u4000", "u4499", 4500)]);
});

test("entries with long texts end a page early; one comes always", () => {
  expect(shown(keys(9), [], "x".repeat(50_000))).toEqual(["u0", "u1", "u2", set("u0", "u2", 9)]);
  expect(shown(keys(2), [], "x".repeat(200_000))).toEqual(["u0", set("u0", "u0", 2)]);
});

test("as many as are asked for", () => {
  expect(shown(keys(5), [max(2), after("u0")])).toEqual(["u1", "u2", set("u1", "u2", 5)]);
  expect(shown(keys(5), [max(0)])).toEqual([`<set xmlns='${NS.rsm}'><count>5</count></set>`]);
});

test("an entry that is gone, and pages from the end: an error", () => {
  const conditionOf = (...wish: Element[]): string | undefined => {
    try {
      shown(keys(5), wish);
    } catch (error) {
      if (error instanceof StanzaError) return error.condition;
      throw error;
    }
    return undefined;
  };
  expect(conditionOf(after("gone"))).toBe("item-not-found");
  expect(conditionOf(el("before", NS.rsm))).toBe("feature-not-implemented");
  expect(conditionOf(el("max", NS.rsm, undefined, "many"))).toBe("bad-request");
});
