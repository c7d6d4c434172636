"use client";

import { useState } from "react";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";
import { frozenRows } from "./frozen-rows.ts";

interface SessionPage {
  items: OnlineSession[];
  nextCursor: string | null;
  total: number | null;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * Keeps the order of a list while the pointer or the focus is in it, so that no row moves under a click. What the rows say
 * goes on; `fresh` and `ended` tell how many rows would come and go.
 */
export function useFrozen(latest: SessionPage | undefined, key: string) {
  const [held, setHeld] = useState<{ page: SessionPage; key: string } | null>(null);
  // What was held of another page or search no longer counts.
  const page = held !== null && held.key === key ? held.page : null;
  const hold = () => {
    if (page === null && latest !== undefined) setHeld({ page: latest, key });
  };
  const release = () => setHeld(null);
  const merged = page !== null && latest !== undefined && latest !== page ? frozenRows(page, latest) : null;
  return {
    rows: merged?.rows ?? (page ?? latest)?.items ?? [],
    ended: merged?.ended ?? nobody,
    fresh: merged?.fresh ?? 0,
    isBehind: merged !== null && (merged.fresh > 0 || merged.ended.size > 0),
    release,
    handlers: { onPointerEnter: hold, onFocus: hold, onPointerLeave: release, onBlur: release },
  };
}
