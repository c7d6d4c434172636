"use client";

import { useKept } from "@/components/kit/use-kept.ts";

interface Selection {
  key: string;
  isAll: boolean;
  picked: readonly string[];
}

/**
 * Which accounts are chosen: some of the page, or all that the filter finds but for some. A selection belongs to the filter
 * that it was made with, and is still there when the reader comes back to it.
 */
export function useSelection(filterKey: string) {
  // A reload begins anew: whoever did not choose just now must not delete.
  const [kept, keep] = useKept<Selection>("selection users", true);
  const current = kept?.key === filterKey ? kept : null;
  const isAll = current?.isAll ?? false;
  const picked: ReadonlySet<string> = new Set(current?.picked);
  const set = (all: boolean, next: Iterable<string>) => keep({ key: filterKey, isAll: all, picked: [...next] });
  return {
    /** Everything the filter finds; `picked` are then those left out. */
    isAll,
    except: isAll ? [...picked] : [],
    /** The chosen ones among the rows of a page. */
    on: (rows: readonly string[]): ReadonlySet<string> => new Set(rows.filter((jid) => picked.has(jid) !== isAll)),
    /** The reader has chosen these of the rows of a page. */
    choose: (rows: readonly string[], chosen: ReadonlySet<string>) => {
      const others = [...picked].filter((jid) => !rows.includes(jid));
      set(isAll, isAll ? [...others, ...rows.filter((jid) => !chosen.has(jid))] : chosen);
    },
    all: () => set(true, []),
    clear: () => keep(null),
  };
}
