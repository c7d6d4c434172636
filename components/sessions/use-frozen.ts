"use client";

import { useState } from "react";

/** Keeps a list as it is while the pointer or the focus is in it, so that no row moves under a click. */
export function useFrozen<T>(latest: T | undefined, key: string) {
  const [held, setHeld] = useState<{ data: T; key: string } | null>(null);
  // What was held of another page or search no longer counts.
  const isHeld = held !== null && held.key === key;
  const hold = () => {
    if (!isHeld && latest !== undefined) setHeld({ data: latest, key });
  };
  const release = () => setHeld(null);
  return {
    data: isHeld ? held.data : latest,
    isBehind: isHeld && held.data !== latest,
    release,
    handlers: { onPointerEnter: hold, onFocus: hold, onPointerLeave: release, onBlur: release },
  };
}
