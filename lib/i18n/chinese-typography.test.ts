import { expect, test } from "vitest";
import { attemptErrorSentences } from "./chinese-attempt-errors.ts";
import { refusalSentences } from "./chinese-refusals.ts";
import { chineseRemarks } from "./chinese-remarks.ts";
import { chineseFieldSentences } from "./field-sentences.ts";
import { chineseImportSentences } from "./import-sentences.ts";
import { librarySentences } from "./library-sentences.ts";
import { messages } from "./messages/index.ts";
import { chineseModuleSentences } from "./module-sentences.ts";
import { chineseProtocolSentences } from "./protocol-sentences.ts";
import { chineseReasonSentences } from "./reason-sentences.ts";
import { chineseSentences } from "./sentences.ts";

type Tree = string | { readonly [key: string]: Tree };
const textsOf = (tree: Tree): string[] =>
  typeof tree === "string" ? [tree] : Object.values(tree).flatMap((each) => textsOf(each));

const texts = [
  ...textsOf(messages["zh-CN"]),
  ...Object.values(chineseRemarks),
  ...[
    attemptErrorSentences,
    refusalSentences,
    chineseFieldSentences,
    librarySentences,
    chineseImportSentences,
    chineseModuleSentences,
    chineseProtocolSentences,
    chineseReasonSentences,
    chineseSentences,
  ].flatMap((sentences) => sentences.map(([, chinese]) => chinese)),
  // What an element without text of its own stands for may be Latin, which does take blanks.
].map((text) => text.replaceAll(/<(\w+)><\/\1>/g, "x").replaceAll(/<\/?\w+>/g, ""));

test("no blank stands between two Chinese characters", () => {
  const blank = /[\p{Script=Han}，。；：！？、（）“”] +[\p{Script=Han}，。；：！？、（）“”]/u;
  expect(texts.length).toBeGreaterThan(3000);
  expect(texts.filter((text) => blank.test(text))).toEqual([]);
});

test("punctuation between Chinese characters is Chinese", () => {
  const halfWidth =
    /\p{Script=Han}[,;:!?.](?: |$|\p{Script=Han})|\p{Script=Han} ?\(|(?<!\()\) ?\p{Script=Han}|[}\w][,;!?] ?\p{Script=Han}/u;
  expect(
    texts.filter((text) => halfWidth.test(text.replaceAll(/\{\w+, (?:plural|select|number)[^{}]*/g, "{"))),
  ).toEqual([]);
});
