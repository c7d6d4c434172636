"use client";

import { useDeferredValue } from "react";

/** Where there is no screen. */
const unknownPx = 900;

/** As many of the rows as a screen can show, and all of them a moment later: nobody waits for what is further down. */
export function useScreenful<Row>(rows: readonly Row[], rowPx: number): readonly Row[] {
  const isAll = useDeferredValue(true, false);
  return isAll ? rows : rows.slice(0, Math.ceil((globalThis.innerHeight ?? unknownPx) / rowPx));
}
