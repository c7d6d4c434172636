import { expect, test } from "vitest";
import { languageName } from "./language-name.ts";

test.each([
  ["en", "zh-CN", "English"],
  ["zh-CN", "en", "简体中文"],
  ["de", "en", "German"],
  ["de", "zh-CN", "德语"],
  ["a", "en", "a"],
  ["constructor-x", "en", "constructor-x"],
])("%s is called in %s: %s", (tag, locale, name) => {
  expect(languageName(tag, locale)).toBe(name);
});
