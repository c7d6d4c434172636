"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";

/**
 * The place in a list that is paged by cursors. It lives in the address, so that Back works; the cursors of earlier
 * pages are remembered while the page is open, and a shared link starts from its own.
 */
export function useCursor(resetKey: string) {
  const [cursor, setCursor] = useQueryState("cursor", parseAsString.withOptions({ history: "push", scroll: true }));
  const [trail, setTrail] = useState<{ key: string; cursors: (string | null)[] }>({ key: resetKey, cursors: [] });
  const cursors = trail.key === resetKey ? trail.cursors : [];
  const known = cursors.indexOf(cursor);
  const page = cursor === null ? 0 : known === -1 ? null : known;
  return {
    cursor,
    /** 0 for the first page; null when a link led into the middle of the list. */
    page,
    next: (nextCursor: string) => {
      const before = page === null ? [null, cursor] : [...cursors.slice(0, page), cursor];
      setTrail({ key: resetKey, cursors: [...before, nextCursor] });
      void setCursor(nextCursor);
    },
    previous: () => void setCursor(page === null || page === 0 ? null : (cursors[page - 1] ?? null)),
    reset: () => {
      if (cursor !== null) void setCursor(null, { history: "replace" });
    },
  };
}
