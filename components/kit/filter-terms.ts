import type { TermShape, TermValue } from "@/lib/filter/grammar.ts";

/** A term of a list's filter field, bound to the place in the address where its value is kept. */
export interface FilterTerm {
  shape: TermShape;
  /** What it is about, in the reader's language. */
  label: string;
  /** As it would be typed; null: the list is not filtered by it. */
  value: string | null;
  /** Values to choose from, with their names. */
  options: readonly (readonly [value: string, text: string])[];
  /** What stands for it when it is set: what it is about, if that is to be said, and its value. */
  chip: readonly string[] | null;
  /** Another control of the page shows it, unless it is turned round. */
  isShown: boolean;
  set: (value: TermValue | null) => void;
}

interface Common<Value> {
  name: string;
  label: string;
  value: Value | null | undefined;
  set: (value: Value | null) => void;
  isShown?: boolean;
}

const textOf = (value: TermValue | null): string | null => (value?.kind === "text" ? value.text : null);

/** One of a few values. */
export function choiceTerm<Value extends string>({
  options,
  ...term
}: Common<Value> & { options: readonly (readonly [value: Value, text: string])[] }): FilterTerm {
  const { name, label, isShown, set } = term;
  const value = term.value ?? null;
  const chosen = options.find(([each]) => each === value);
  return {
    shape: { name, kind: "choice", values: options.map(([each]) => each) },
    label,
    value,
    options,
    chip: chosen === undefined ? null : [label, chosen[1]],
    isShown: isShown ?? false,
    set: (next) => set(options.find(([each]) => each === textOf(next))?.[0] ?? null),
  };
}

/** Any text; `known`: some that are likely. */
export function textTerm({ known = [], ...term }: Common<string> & { known?: readonly string[] }): FilterTerm {
  const { name, label, isShown, set } = term;
  const value = term.value ?? null;
  return {
    shape: { name, kind: "text" },
    label,
    value,
    options: known.map((each) => [each, each] as const),
    chip: value === null ? null : [label, value],
    isShown: isShown ?? false,
    set: (next) => set(textOf(next)),
  };
}

/** A number: of days, unless it is said to be a `count`. */
export function numberTerm({
  name,
  label,
  value: number,
  isShown,
  set,
  kind = "days",
  known,
}: Common<number> & { kind?: "days" | "count"; known: readonly string[] }): FilterTerm {
  const value = number ? String(number) : null;
  return {
    shape: { name, kind },
    label,
    value,
    options: known.map((each) => [each, each] as const),
    chip: value === null ? null : [label, value],
    isShown: isShown ?? false,
    set: (next) => set(textOf(next) === null ? null : Number(textOf(next))),
  };
}

interface Range {
  since: string | null;
  until: string | null;
}

/** A stretch of time; `chip` says it in words. */
export function timeTerm({
  name,
  label,
  range,
  chip,
  set,
}: {
  name: string;
  label: string;
  range: Range;
  chip: string;
  set: (range: Range) => void;
}): FilterTerm {
  const { since, until } = range;
  const value = since !== null ? `>${since}` : until !== null ? `<${until}` : null;
  return {
    shape: { name, kind: "time" },
    label,
    value,
    options: ["<1h", "<1d", "<1w"].map((each) => [each, each] as const),
    chip: value === null ? null : [chip],
    isShown: false,
    set: (next) => set(next?.kind === "time" ? { since: next.since, until: next.until } : { since: null, until: null }),
  };
}
