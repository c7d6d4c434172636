import { wordsOf, writeTerm } from "./grammar.ts";

interface Completable {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly isTurnable?: boolean;
}

export interface Suggestion {
  /** What stands in the field instead of the word. */
  readonly text: string;
  /** What it means, where that is not what stands there. */
  readonly note: string;
  /** The term is complete with it. */
  readonly isWhole: boolean;
}

interface Completion {
  readonly start: number;
  readonly end: number;
  readonly suggestions: readonly Suggestion[];
}

/** What the word at the caret could become: names of terms, and after a colon the values of one. */
export function complete(text: string, caret: number, terms: readonly Completable[]): Completion {
  const word = wordsOf(text).find(({ start, end }) => start < caret && caret <= end);
  const { start, end } = word ?? { start: caret, end: caret };
  const typed = text.slice(start, caret);
  const [, name, begun = ""] = /^-?([a-z]+):(.*)$/i.exec(typed) ?? [];
  const hyphen = typed.startsWith("-") ? "-" : "";
  const possible = hyphen === "" ? terms : terms.filter(({ isTurnable }) => isTurnable);
  const term = terms.find((each) => each.name === name?.toLowerCase());
  if (name !== undefined && term === undefined) return { start, end, suggestions: [] };
  const suggestions =
    term === undefined
      ? possible
          .filter((each) =>
            [`${hyphen}${each.name}`, ...(typed === "" ? [] : [each.label])].some((text) => begins(text, typed)),
          )
          .map((each) => ({ text: `${hyphen}${each.name}:`, note: each.label, isWhole: false }))
      : term.options
          .filter(([value, label]) => begins(value, begun) || begins(label, begun))
          .map(([value, label]) => ({
            text: `${hyphen}${writeTerm(term.name, value)}`,
            note: label === value ? "" : label,
            isWhole: true,
          }));
  return { start, end, suggestions };
}

const begins = (text: string, begun: string): boolean => text.toLowerCase().startsWith(begun.toLowerCase());
