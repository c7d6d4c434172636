"use client";

import { parseAsString, useQueryState } from "nuqs";

/**
 * Terms of a list's filter that are turned round, in the address: `?not=state,via`. `fields`: the terms that can be, and what
 * the server calls them.
 */
export function useNegation(fields: Readonly<Record<string, string>>) {
  const [text, setText] = useQueryState("not", parseAsString.withOptions({ history: "replace" }));
  const names = (text ?? "").split(",").filter((name) => Object.hasOwn(fields, name));
  const set = (next: readonly string[]) => void setText(next.length === 0 ? null : next.join(","));
  return {
    names,
    /** For the server, beside the values. */
    input: names.length === 0 ? {} : { not: names.map((name) => fields[name]).join(",") },
    isPossible: (name: string): boolean => Object.hasOwn(fields, name),
    set,
    /** Some terms are set anew, as they are. */
    drop: (changed: readonly string[]) => {
      if (names.some((name) => changed.includes(name))) set(names.filter((name) => !changed.includes(name)));
    },
    /** What controls show that cannot say "not": nothing, where a term is turned round. */
    plain: <Values extends object>(values: Values) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, names.includes(name) ? null : value]),
      ) as { [Name in keyof Values]: Values[Name] | null },
  };
}

export type Negation = ReturnType<typeof useNegation>;
