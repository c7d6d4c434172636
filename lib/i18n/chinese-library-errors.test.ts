import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { attemptErrorSentences } from "./chinese-attempt-errors.ts";
import { chineseLibraryError, libraryErrorSentences } from "./chinese-library-errors.ts";
import { librarySentences } from "./library-sentences.ts";
import { chineseSentences } from "./sentences.ts";
import { translator } from "./translate-sentence.ts";

test.each([
  ["Unexpected token: EOF.", "表达式不完整"],
  ["No such key: boddy.", "没有字段 boddy"],
  ["Unknown variable: messages.", "没有变量 messages"],
  ["no such overload: int == string.", "不能这样运算：int == string"],
  ["Logical operator requires bool operands, got 'int'.", "逻辑运算的两侧必须是 bool，而不是 int"],
  ["Ternary branches must have the same type, got 'int' and 'string'.", "两个分支的类型必须相同：int 与 string"],
  ["found no matching overload for 'size(int, int)'.", "没有这种参数的函数：size(int, int)"],
  [
    "exists(var, predicate) predicate must return bool, got 'int'.",
    "exists(var, predicate) 的条件必须是 bool，而不是 int",
  ],
  ["Expected IDENTIFIER, got EOF.", "表达式不完整：此处应为 IDENTIFIER"],
  ["Exceeded maxDepth (24).", "表达式过于复杂：maxDepth 最多为 24"],
  ["error parsing regexp: missing closing ): `(`", "( 缺少右括号 )"],
  ["error parsing regexp: invalid repeat count: `{900}`", "重复次数 {900} 无效"],
  ["error parsing regexp: trailing backslash at end of expression", "末尾多出反斜杠"],
  ['Output "{{ a" not closed.', '输出 "{{ a" 没有结束'],
  ["Tag {% if a %} not closed.", "标签 {% if a %} 没有结束"],
  ['Tag "for" not found.', '没有标签 "for"'],
  ['Invalid value expression: "".', '"" 不是值'],
  ['Expected "=".', '缺少 "="'],
  ["[ not closed.", "缺少右括号 ]"],
])("%s", (said, chinese) => {
  expect(chineseLibraryError(said)).toBe(`${chinese}（原文：“${said.replace(/\.$/, "")}”）`);
});

const translate = translator([...chineseSentences, ...attemptErrorSentences, ...libraryErrorSentences]);
test.each([
  [
    "its expression has no answer for this message: No such key: sise",
    "其表达式对该消息没有结果：没有字段 sise（原文：“No such key: sise”）",
  ],
  ["line 1, column 6: Undefined filter: nope.", "第 1 行第 6 列：没有过滤器 nope（原文：“Undefined filter: nope”）。"],
])("what is kept as a sentence: %s", (english, chinese) => {
  expect(translate(english)).toBe(chinese);
});

test("what nobody has translated stays what it is, in quotes", () => {
  expect(chineseLibraryError("Something new.")).toBe("“Something new”");
});

const require = createRequire(import.meta.url);
const celFolder = dirname(require.resolve("@marcbachmann/cel-js"));
const cel = "errors evaluator macros operators parser registry type-checker".split(" ");
const said = [
  ...cel.map((name) => `${celFolder}/${name}.js`),
  require.resolve("re2js"),
  require.resolve("liquidjs"),
  new URL("../../server/forward/templates/engine.ts", import.meta.url),
]
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

test.each(librarySentences)("the libraries still say: %s", (english) => {
  // Values and what stands between two strings that are put together is not there as it is written here.
  const words = english.replace("error parsing regexp: ", "").split(/\{\w+\}|EOF|[,:`'"()]/);
  expect(words.filter((word) => !said.includes(word.trim()))).toEqual([]);
});
