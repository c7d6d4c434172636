import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Jid } from "./jid.ts";
import { prepareLocalpart } from "./localpart.ts";

test.each([
  ["alice", "alice"],
  ["Alice", "alice"],
  ["\uff21\uff4c\uff49\uff43\uff45", "alice"],
  ["ame\u0301lie", "am\u00e9lie"],
  ["\u5c0f\u660e", "\u5c0f\u660e"],
])("%j becomes %j", (text, prepared) => {
  expect(prepareLocalpart(text)).toBe(prepared);
});

test.each([
  ["", "empty", null],
  ["a b", "space", " "],
  ["a\u00a0b", "space", "\u00a0"],
  ["a@b", "reserved", "@"],
  ["a\uff20b", "reserved", "\uff20"],
  ["o'brien", "reserved", "'"],
  ["a\u0007b", "control", "\u0007"],
  ["a\u200bb", "ignorable", "\u200b"],
  ["\u2665", "symbol", "\u2665"],
  ["a\u{1f600}", "symbol", "\u{1f600}"],
  ["a\u2014b", "punctuation", "\u2014"],
  ["\u20dd", "other", "\u20dd"],
  ["henry\u2163", "compatibility", "\u2163"],
  ["\u0640", "exception", "\u0640"],
  ["a\u00b7b", "context", "\u00b7"],
  ["\u1100", "old-hangul", "\u1100"],
  ["\u0378", "unassigned", "\u0378"],
  ["a\u05d0", "direction", "a"],
  ["\u05d0B", "direction", "B"],
  ["\u05d0-", "direction", "-"],
  ["\u06271\u0661", "direction", "1"],
  ["a\ud800", "surrogate", null],
  ["a".repeat(1024), "too-long", null],
  ["\u00e9".repeat(512), "too-long", null],
])("%j breaks the rule %s by %j", (text, rule, char) => {
  expect(prepareLocalpart(text)).toEqual({ rule, char });
});

test("a text is a localpart exactly where an address can have it, and the character that is named stands in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 12 }), (text) => {
      const prepared = prepareLocalpart(text);
      let jid: Jid | null = null;
      try {
        jid = Jid.of(text, "example.com");
      } catch {
        expect(prepared).toBeTypeOf("object");
      }
      if (jid !== null) expect(prepared).toBe(jid.local);
      if (typeof prepared === "object" && prepared.char !== null)
        expect(text.normalize("NFC") + text).toContain(prepared.char);
    }),
  );
});
