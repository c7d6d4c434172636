"use client";

import { useState } from "react";

/**
 * Which accounts are chosen: some of the page, or all that the filter finds but for some. A selection belongs to the filter
 * that it was made with.
 */
export function useSelection(filterKey: string) {
  const [state, setState] = useState<{ key: string; isAll: boolean; picked: ReadonlySet<string> }>({
    key: filterKey,
    isAll: false,
    picked: new Set(),
  });
  const isCurrent = state.key === filterKey;
  const isAll = isCurrent && state.isAll;
  const picked: ReadonlySet<string> = isCurrent ? state.picked : new Set();
  const set = (all: boolean, next: Iterable<string>) => setState({ key: filterKey, isAll: all, picked: new Set(next) });
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
    clear: () => set(false, []),
  };
}
