import { expect, test } from "vitest";
import { visible } from "./visible.ts";

test.each([
  ["plain", false, "plain"],
  ["a\u0000b\u001bc\u007f", false, "a␀b␛c␡"],
  ["a\nb\tc", false, "a␊b␉c"],
  ["a\r\nb\tc", true, "a\nb\tc"],
  ["user\u202Egnp.exe", false, "user[U+202E]gnp.exe"],
  ["\u0085", false, "[U+0085]"],
  ["漢字 🙂", false, "漢字 🙂"],
])("visible(%j, %j)", (text, keepLines, expected) => {
  expect(visible(text, keepLines)).toBe(expected);
});
