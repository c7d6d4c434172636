"use client";

import { useStored } from "@/lib/format/stored.ts";

export type Density = "comfortable" | "compact";

/** How tall the rows of all tables are, in this browser. */
export const useDensity = () => useStored<Density>("nightpost.density", "comfortable");

/** Columns that somebody does not want to see in a table, by the table's name, in this browser. */
export function useHiddenColumns(table: string | undefined) {
  const [text, setText] = useStored<string>(`nightpost.columns.${table ?? ""}`, "");
  const hidden = new Set(table === undefined || text === "" ? [] : text.split(","));
  return {
    hidden,
    toggle: (column: string) => {
      if (!hidden.delete(column)) hidden.add(column);
      setText([...hidden].join(","));
    },
  };
}
