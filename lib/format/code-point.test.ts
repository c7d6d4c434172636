import { expect, test } from "vitest";
import { codePointText } from "./code-point.ts";

test.each([
  ["♥", "♥ U+2665"],
  ["😀", "😀 U+1F600"],
  ["@", "@ U+0040"],
  [" ", "U+0020"],
  ["\u200b", "U+200B"],
  ["\u0301", "U+0301"],
  ["\u3164", "U+3164"],
  ["\u{e000}", "U+E000"],
])("%j is written %s", (char, text) => {
  expect(codePointText(char)).toBe(text);
});
