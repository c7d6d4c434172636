"use client";

import { useSyncExternalStore } from "react";

const changed = new EventTarget();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener("change", listener);
  addEventListener("storage", listener);
  return () => {
    changed.removeEventListener("change", listener);
    removeEventListener("storage", listener);
  };
}

/** A setting of this browser, the same in all components and tabs. The prerendered page has the default. */
export function useStored<T extends string>(key: string, initial: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => (read(key) as T | null) ?? initial,
    () => initial,
  );
  return [
    value,
    (next) => {
      try {
        localStorage.setItem(key, next);
      } catch {
        // Storage may be switched off: the setting then lasts as long as the page.
      }
      changed.dispatchEvent(new Event("change"));
    },
  ];
}
