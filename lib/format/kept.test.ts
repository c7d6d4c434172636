import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** As much of a browser's storage as is used: its keys are its own properties. */
class FakeStorage {
  [key: string]: unknown;
  getItem(key: string): unknown {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key: string, text: string): void {
    this[key] = text;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

/** The module as a page has it that was just loaded. */
const loaded = () => {
  vi.resetModules();
  return import("./kept.ts");
};

beforeEach(() => vi.stubGlobal("sessionStorage", new FakeStorage()));
afterEach(() => vi.unstubAllGlobals());

test("what is kept is there after a reload, until it is let go", async () => {
  const before = await loaded();
  expect(before.readKept("policy")).toBeNull();
  before.keep("policy", { base: 3 });
  const after = await loaded();
  expect(after.readKept("policy")).toEqual({ base: 3 });
  after.keep("policy", null);
  expect((await loaded()).readKept("policy")).toBeNull();
});

test("until something else is kept it is the same object", async () => {
  const { keep, readKept } = await loaded();
  const draft = { base: 3 };
  keep("policy", draft);
  expect(readKept("policy")).toBe(draft);
});

test("a secret lasts as long as the page", async () => {
  const before = await loaded();
  before.keep("target", { url: "https://a.example/", token: "t0ps3cret" }, { url: "https://a.example/" });
  expect(before.readKept("target")).toMatchObject({ token: "t0ps3cret" });
  expect((await loaded()).readKept("target")).toEqual({ url: "https://a.example/" });
  expect(JSON.stringify(sessionStorage)).not.toContain("t0ps3cret");
});

test("all of it is forgotten at once, and nothing else of the tab", async () => {
  sessionStorage.setItem("another", "stays");
  const { keep, forgetKept, readKept } = await loaded();
  keep("policy", { base: 3 });
  keep("rules", { base: 4 });
  forgetKept();
  expect([readKept("policy"), readKept("rules")]).toEqual([null, null]);
  expect(Object.keys(sessionStorage)).toEqual(["another"]);
});

test("what has a draft is known by the beginning of its name, also after a reload", async () => {
  const before = await loaded();
  expect(before.hasKept("room ")).toBe(false);
  before.keep("room a@b.example", { base: 3 });
  expect([before.hasKept("room "), before.hasKept("policy")]).toEqual([true, false]);
  const after = await loaded();
  expect(after.hasKept("room ")).toBe(true);
  after.keep("room a@b.example", null);
  expect(after.hasKept("room ")).toBe(false);
});

test("who watches is told of each change", async () => {
  const { keep, forgetKept, watchKept } = await loaded();
  const listener = vi.fn();
  const end = watchKept(listener);
  keep("policy", { base: 3 });
  forgetKept();
  end();
  keep("policy", { base: 4 });
  expect(listener).toHaveBeenCalledTimes(2);
});

test("where nothing can be stored it lasts as long as the page", async () => {
  const full = new FakeStorage();
  full.setItem = () => {
    throw new Error("the quota is exceeded");
  };
  vi.stubGlobal("sessionStorage", full);
  const { keep, readKept } = await loaded();
  keep("policy", { base: 3 });
  expect(readKept("policy")).toEqual({ base: 3 });
});
