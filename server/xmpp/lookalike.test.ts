import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lookalike } from "./lookalike.ts";

describe("texts that can be taken for each other", () => {
  test.each([
    ["Cyrillic letters among Latin ones", "p\u0430ypal", "paypal"],
    ["Greek letters among Latin ones", "r\u03bfme\u03bf", "romeo"],
    ["Cyrillic capitals only", "\u0412\u041e\u0412", "BOB"],
    ["small Cyrillic letters only", "\u0433\u043e\u043e\u0442", "root"],
    ["Cyrillic drawn like small capitals", "\u0442\u043e\u043c", "Tom"],
    ["Greek capitals only", "\u0391\u039d\u039d\u0391", "anna"],
    ["a zero", "b0b", "Bob"],
    ["a one", "bi11", "Bill"],
    ["a capital I", "BiIl", "bill"],
    ["a one for a capital I", "J1M", "Jim"],
    ["a Cyrillic capital I", "K\u0406NG", "king"],
    ["a bar", "Bi|l", "bill"],
    ["two letters drawn like one", "adrnin", "admin"],
    ["another script altogether", "\u13aaNN\u13aa", "Anna"],
    ["letters of mathematics", "\u{1d5ba}nna", "anna"],
    ["full width", "\uff41nna", "anna"],
    ["what nobody sees", "an\u00adna\u200b", "anna"],
    ["an accent of its own", "Re\u0301ne", "R\u00e9ne"],
    ["a hyphen that is none", "anna\u2010lena", "anna-lena"],
  ])("%s", (_, one, other) => {
    expect(lookalike(one)).toBe(lookalike(other));
  });

  test.each([
    ["romeo", "rome"],
    ["Rene", "Ren\u00e9"],
    ["jan", "ian"],
    ["\u0418\u0432\u0430\u043d", "Ivan"],
    ["\u674e", "\u674f"],
  ])("not %s and %s", (one, other) => {
    expect(lookalike(one)).not.toBe(lookalike(other));
  });
});

test("what looks like a lookalike looks like what it is one of", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(lookalike(lookalike(text))).toBe(lookalike(text));
    }),
  );
});
