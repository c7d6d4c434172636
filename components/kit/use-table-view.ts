"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useStored } from "@/lib/format/stored.ts";
import { arrange, moved, type Place, readLayout, toggled, writeLayout } from "./table-layout.ts";

export type Density = "comfortable" | "compact";

/** How tall the rows of all tables are, in this browser. */
export const useDensity = () => useStored<Density>("nightpost.density", "comfortable");

/** The layout of a table that is kept in this browser, as text; empty: as it comes. */
export const useStoredLayout = (table: string | undefined) => useStored<string>(`nightpost.table.${table ?? ""}`, "");

/**
 * Which columns of a table are shown, and in which order: as the address says (a saved view does), else as this browser keeps it.
 * A page has one table with a name at most.
 */
export function useTableColumns(table: string | undefined, ids: readonly string[]) {
  const [stored, setStored] = useStoredLayout(table);
  const [linked, setLinked] = useQueryState("columns", parseAsString.withOptions({ history: "replace" }));
  const text = table === undefined ? "" : (linked ?? stored);
  const layout = arrange(ids, readLayout(text));
  const set = (next: readonly Place[]) => {
    const written = writeLayout(ids, next);
    if (linked === null) setStored(written);
    else void setLinked(written);
  };
  return {
    layout,
    toggle: (id: string) => set(toggled(layout, id)),
    move: (id: string, by: -1 | 1) => set(moved(layout, id, by)),
    isChanged: text !== "",
    reset: () => {
      setStored("");
      void setLinked(null);
    },
  };
}
