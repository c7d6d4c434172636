import { closeUp } from "./joints.ts";

/** A sentence with places for values, ready to be compared. */
interface Phrase {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly translation: string;
  /** How much of it is not a value: the more, the more it says. */
  readonly weight: number;
}

const place = /\{(\w+)\}/g;
/** Places where a sentence of the list may stand; at the others stands somebody's own text, which stays what it is. */
const forSentences: ReadonlySet<string> = new Set("author detail fault hint problem reason signal what".split(" "));

/** A list of sentences and their translations, as a function. What is none of them comes back as null. */
export function translator(
  sentences: readonly (readonly [english: string, translation: string])[],
): (text: string) => string | null {
  const exact = new Map(sentences);
  const phrases = sentences
    .filter(([english]) => english.search(place) >= 0)
    .map(([english, translation]) => phraseOf(english, translation))
    .toSorted((a, b) => b.weight - a.weight);
  const translate = (text: string): string | null => {
    const same = exact.get(text);
    if (same !== undefined) return same;
    for (const { pattern, names, translation } of phrases) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const parts = translation.split(/\{(\w+)\}/).map((part, index) => {
        if (index % 2 === 0) return part;
        const value = found[names.indexOf(part) + 1] ?? "";
        return (forSentences.has(part) ? translate(value) : null) ?? value;
      });
      return parts
        .map((part, index) => (index % 2 === 0 ? closeUp(part, parts[index - 1] ?? "", parts[index + 1] ?? "") : part))
        .join("");
    }
    return null;
  };
  return translate;
}

function phraseOf(english: string, translation: string): Phrase {
  const names = Array.from(english.matchAll(place), ([, name]) => name!);
  const fixed = english.split(/\{\w+\}/);
  return {
    pattern: new RegExp(`^${fixed.map(escaped).join("(.+?)")}$`, "su"),
    names,
    translation,
    weight: fixed.join("").length,
  };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
