import { expect, test } from "vitest";
import { negotiateLocale } from "./locales.ts";

test.each([
  [undefined, null, "en"],
  ["zh-CN", "en", "zh-CN"],
  ["xx", "zh", "zh-CN"],
  [undefined, "zh-TW,en;q=0.8", "zh-CN"],
  [undefined, "fr, en;q=0.5, zh;q=0.9", "zh-CN"],
  [undefined, "zh;q=0, en;q=0.1", "en"],
  [undefined, "fr,de", "en"],
  [undefined, ";;;,,q=1", "en"],
])("cookie %j and Accept-Language %j give %s", (cookie, header, expected) => {
  expect(negotiateLocale(cookie, header)).toBe(expected);
});
