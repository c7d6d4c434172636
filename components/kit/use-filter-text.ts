"use client";

import { useEffect, useRef, useState } from "react";
import { type FilterProblem, readFilter, type TermShape, writeTerm } from "@/lib/filter/grammar.ts";
import type { FilterTerm } from "./filter-terms.ts";
import type { Negation } from "./use-negation.ts";

const settleMs = 80;

/**
 * What somebody types into a filter field. A term that is finished leaves the text for its place in the address; the words are
 * searched for 80 ms after the last key; what is not understood stays, and is said.
 */
export function useFilterText(
  search: string,
  onSearch: (words: string) => void,
  terms: readonly FilterTerm[],
  negation: Negation | undefined,
) {
  const [text, setText] = useState(() => written(search));
  const [problems, setProblems] = useState<readonly FilterProblem[]>([]);
  const sent = useRef(search);
  const act = useRef({ onSearch, terms, negation });
  useEffect(() => {
    act.current = { onSearch, terms, negation };
  });
  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setText(written(search));
    setProblems([]);
  }, [search]);

  /** `isFinished`: the last word, too. */
  const read = (typed: string, isFinished: boolean) => {
    const shapes = shapesOf(act.current);
    const cut = isFinished ? typed.length : typed.search(/\S*$/);
    const found = readFilter(typed.slice(0, cut), shapes, Date.now());
    for (const term of act.current.terms) {
      const value = found.terms.get(term.shape.name);
      if (value !== undefined) term.set(value);
    }
    const untouched = (act.current.negation?.names ?? []).filter((name) => !found.terms.has(name));
    if (found.terms.size > 0) act.current.negation?.set([...untouched, ...found.turned]);
    setProblems(found.problems);
    if (found.terms.size === 0) return typed;
    const kept = [found.words, found.rest].filter((part) => part !== "").join(" ");
    return `${kept}${kept === "" ? "" : " "}${typed.slice(cut)}`;
  };
  const type = (typed: string) => {
    if (/\s/.test(typed) && !isQuoting(typed)) return setText(read(typed, false));
    setProblems([]);
    setText(typed);
  };
  const finish = (typed = text) => setText(read(typed, true));

  useEffect(() => {
    const timer = setTimeout(() => {
      const shapes = shapesOf(act.current);
      // A term that is being typed is no word to look for.
      const { words } = readFilter(text, shapes, Date.now());
      if (words === sent.current) return;
      sent.current = words;
      act.current.onSearch(words);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [text]);

  /** Makes text of the last term again, to change it. */
  const takeBack = () => {
    const last = terms.findLast(({ value }) => value !== null);
    if (last === undefined || last.value === null) return;
    const isTurned = negation?.names.includes(last.shape.name) ?? false;
    setText(`${isTurned ? "-" : ""}${writeTerm(last.shape.name, last.value)}`);
    last.set(null);
    negation?.drop([last.shape.name]);
  };
  return { text, problems, type, finish, takeBack };
}

const shapesOf = ({ terms, negation }: { terms: readonly FilterTerm[]; negation: Negation | undefined }): TermShape[] =>
  terms.map(({ shape }) => ({ ...shape, isTurnable: negation?.isPossible(shape.name) ?? false }));

/** Words as they are typed: those that would be read as a term are put in quotes. */
const written = (words: string): string => (words.includes(":") ? `"${words}"` : words);

const isQuoting = (text: string): boolean => text.split('"').length % 2 === 0;
