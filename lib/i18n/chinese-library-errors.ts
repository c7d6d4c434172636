import { librarySentences } from "./library-sentences.ts";
import { translator } from "./translate-sentence.ts";

const withOriginal = (chinese: string, english: string): string => `${chinese}（原文：“${english}”）`;
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/**
 * What the libraries say, in Chinese, with their own words after it to search for: as they say it, and as the server makes
 * sentences of it.
 */
export const libraryErrorSentences = librarySentences.flatMap(([english, chinese]) =>
  [...new Set([english, capital(english)])].flatMap((said): (readonly [english: string, chinese: string])[] => [
    [said, withOriginal(chinese, said)],
    [`${said}.`, `${withOriginal(chinese, said)}。`],
  ]),
);

const translate = translator(libraryErrorSentences);

/** The same without a full stop; in quotes where nobody has translated it. */
export function chineseLibraryError(said: string): string {
  const own = said.replace(/\.$/, "");
  return translate(own) ?? `“${own}”`;
}
