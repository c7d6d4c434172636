"use client";

import { useSyncExternalStore } from "react";

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

/** A phone: tables become lists. */
export const useNarrow = (): boolean => useMedia("(max-width: 599px)");

/** Room for an inspector beside the list. */
export const useWide = (): boolean => useMedia("(min-width: 1100px)");
