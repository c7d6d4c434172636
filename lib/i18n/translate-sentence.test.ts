import { expect, test } from "vitest";
import { translator } from "./translate-sentence.ts";

const translate = translator([
  ["no key", "无密钥"],
  ["always", "始终"],
  ["{rule} matched", "{rule} 已匹配"],
  ["{rule} matched and is the last", "{rule} 已匹配，且为最后一条"],
  ["{first}: {second}", "{first} 之后是 {second}"],
  ["file: {reason}", "文件：{reason}"],
  ["control socket", "控制套接字"],
  ["by {author}", "由 {author} 操作"],
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
  ["by anna@h", "由 anna@h 操作"],
  ["by control socket", "由控制套接字操作"],
  // A value ends where the sentence first goes on.
  ["a: b: no key", "a 之后是 b: no key"],
  // A rule may have any name.
  ["always matched", "always 已匹配"],
  ["$& matched", "$& 已匹配"],
  ["something else", null],
  ["", null],
])("%j is %j", (text, expected) => {
  expect(translate(text)).toBe(expected);
});
