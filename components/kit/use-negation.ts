"use client";

import {
  type Nullable,
  parseAsString,
  type SetValues,
  useQueryState,
  type UseQueryStatesKeysMap,
  type Values,
} from "nuqs";

/**
 * Terms of a list's filter that are turned round, in the address: `?not=state,via`. `fields`: the terms that can be, and what
 * the server calls them.
 */
export function useNegation(fields: Readonly<Record<string, string>>) {
  const [text, setText] = useQueryState("not", parseAsString.withOptions({ history: "replace" }));
  const names = (text ?? "").split(",").filter((name) => Object.hasOwn(fields, name));
  const set = (next: readonly string[]) => void setText(next.length === 0 ? null : next.join(","));
  const drop = (changed: readonly string[]) => {
    if (names.some((name) => changed.includes(name))) set(names.filter((name) => !changed.includes(name)));
  };
  return {
    names,
    /** For the server, beside the values. */
    input: names.length === 0 ? {} : { not: names.map((name) => fields[name]).join(",") },
    isPossible: (name: string): boolean => Object.hasOwn(fields, name),
    set,
    /** Some terms are set anew, as they are. */
    drop,
    /** How the values beside are set, so that what is set anew is as it is; `nothing`: what is left when they are cleared. */
    over: <Parsers extends UseQueryStatesKeysMap>(setValues: SetValues<Parsers>, nothing: Some<Parsers>) => ({
      set: (next: Some<Parsers>): void => {
        drop(Object.keys(next));
        void setValues(next);
      },
      clear: (): void => {
        set([]);
        void setValues(nothing);
      },
    }),
    /** What controls show that cannot say "not": nothing, where a term is turned round. */
    plain: <Shown extends object>(values: Shown) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, names.includes(name) ? null : value]),
      ) as Nullable<Shown>,
  };
}

type Some<Parsers extends UseQueryStatesKeysMap> = Partial<Nullable<Values<Parsers>>>;

export type Negation = ReturnType<typeof useNegation>;
