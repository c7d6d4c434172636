import type { Locale } from "./locales.ts";

interface Joints {
  /** Between two sentences. */
  readonly gap: string;
  /** Between the names of a list. */
  readonly comma: string;
  /** Between a word and what it introduces. */
  readonly colon: string;
}

/** What stands between the parts of a text that is put together. */
export const joints: Readonly<Record<Locale, Joints>> = {
  en: { gap: " ", comma: ", ", colon: ": " },
  "zh-CN": { gap: "", comma: "、", colon: "：" },
};

/** Chinese characters and their punctuation: two of them have no blank between them. */
const chinese = String.raw`[\p{Script=Han}，。；：！？、（）《》“”]`;
const endsChinese = new RegExp(`${chinese}$`, "u");
const startsChinese = new RegExp(`^${chinese}`, "u");

/**
 * The blanks at the ends of a part of a text that stand between two Chinese characters, taken away: the values around the part
 * are Chinese at times, and Latin letters, which do take a blank, at others.
 */
export function closeUp(part: string, before: string, after: string): string {
  const inner = part.trim();
  const isClosedBefore = endsChinese.test(before) && startsChinese.test(inner);
  const isClosedAfter = endsChinese.test(inner) && startsChinese.test(after);
  return (
    (isClosedBefore ? "" : part.slice(0, part.indexOf(inner))) +
    inner +
    (isClosedAfter ? "" : part.slice(part.trimEnd().length))
  );
}
