import { expect, test } from "vitest";
import { replyIn } from "./reply-text.ts";

const texts = { de: "Hallo", "zh-CN": "您好", "zh-TW": "您好呀", en: "Hello" };

test.each([
  ["en", "Hello"],
  ["EN-gb", "Hello"],
  ["zh-tw", "您好呀"],
  ["zh", "您好"],
  ["zh-Hans-SG", "您好"],
  ["fr", "Hallo"],
  ["zhx", "Hallo"],
  ["", "Hallo"],
])("whoever speaks %j is told %j", (language, told) => {
  expect(replyIn(texts, language)).toBe(told);
});

test("no texts, no reply", () => {
  expect(replyIn({}, "en")).toBe("");
});
