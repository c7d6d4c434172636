import { describe, expect, test } from "vitest";
import { Stanza } from "../xmpp/stanza.ts";
import { formatStanzaId, MessageKeys, parseStanzaId, stanzaIdOf, withoutStanzaId, withStanzaId } from "./stanza-id.ts";

describe("keys", () => {
  test("grow whatever the clock does, and are even", () => {
    const keys = new MessageKeys();
    const ids = [1000, 1000, 1000, 500, 1001].map((now) => keys.next(now).id);
    expect(ids).toEqual([1_000_000, 1_000_002, 1_000_004, 1_000_006, 1_001_000]);
    keys.startAfter(5_000_001);
    expect(keys.next(2000).id).toBe(5_000_002);
    keys.startAfter(7);
    expect(keys.next(2000).id).toBe(5_000_004);
  });

  test("have salts that do not repeat", () => {
    const keys = new MessageKeys();
    const salts = new Set(Array.from({ length: 2000 }, () => keys.next(0).salt));
    expect(salts.size).toBe(2000);
    expect(Math.max(...salts)).toBeLessThan(2 ** 48);
  });
});

describe("ids", () => {
  test.each([
    { id: 1, salt: 0 },
    { id: 1_795_359_021_177_000, salt: 2 ** 48 - 1 },
    { id: Number.MAX_SAFE_INTEGER, salt: 1 },
  ])("of $id and $salt are read as they were written", (key) => {
    expect(parseStanzaId(formatStanzaId(key))).toEqual(key);
  });

  test("are in the order of the keys", () => {
    const ids = [3, 40, 1e9, 1e15].map((id) => formatStanzaId({ id, salt: 2 ** 47 }));
    expect(ids.toSorted()).toEqual(ids);
  });

  test.each(["", "1", "x".repeat(22), "zzzzzzzzzzzzzzzzzzzzz", "-0000000000000000000a", "0000000000A0000000000"])(
    "'%s' is none of ours",
    (text) => {
      expect(parseStanzaId(text)).toBeUndefined();
    },
  );
});

test("a message carries the id of each account that names it, and loses that one only", () => {
  const key = { id: 1_000_000, salt: 7 };
  const bare = Stanza.parse("<message to='a@b.c'><body>x</body></message>");
  const both = withStanzaId(withStanzaId(bare, "a@b.c", key), "o&'n@b.c", { id: 2, salt: 3 });
  expect(stanzaIdOf(both, "a@b.c")).toEqual(key);
  expect(stanzaIdOf(Stanza.parse(both.toString()), "o&'n@b.c")).toEqual({ id: 2, salt: 3 });
  expect(stanzaIdOf(both, "x@b.c")).toBeUndefined();
  expect(stanzaIdOf(bare, "a@b.c")).toBeUndefined();
  const one = withoutStanzaId(both, "o&'n@b.c");
  expect(String(withoutStanzaId(one, "a@b.c"))).toBe(String(bare));
  expect(withoutStanzaId(bare, "a@b.c")).toBe(bare);
});
