import { expect, test } from "vitest";
import { translator } from "./translate-sentence.ts";

const translate = translator([
  ["no key", "无密钥"],
  ["always", "始终"],
  ["{rule} matched", "{rule} 已匹配"],
  ["{rule} matched and is the last", "{rule} 已匹配，且为最后一条"],
  ["file: {reason}", "文件：{reason}"],
  ["{name}() is not here (yet).", "没有 {name}()。"],
]);

test.each([
  ["no key", "无密钥"],
  ["nightly matched", "nightly 已匹配"],
  ["nightly matched and is the last", "nightly 已匹配，且为最后一条"],
  ["file: no key", "文件：无密钥"],
  ["file: EACCES", "文件：EACCES"],
  ["file: file: no key", "文件：文件：无密钥"],
  ["size() is not here (yet).", "没有 size()。"],
  // A rule may have any name.
  ["always matched", "always 已匹配"],
  ["$& matched", "$& 已匹配"],
  ["something else", null],
  ["", null],
])("%j is %j", (text, expected) => {
  expect(translate(text)).toBe(expected);
});
