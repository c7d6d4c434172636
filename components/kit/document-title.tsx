"use client";

import { useEffect, useSyncExternalStore } from "react";
import { useProductName } from "@/lib/api/brand.ts";

const listeners = new Set<() => void>();
let current: string | null = null;

function set(title: string | null): void {
  current = title;
  for (const listener of listeners) listener();
}

/** Puts a title in front of the console's name, as long as the caller is on the screen. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    set(title);
    return () => set(null);
  }, [title]);
}

/**
 * The one title of the document, from the first HTML on. A page that wrote to `document.title` itself, or had a `<title>` of its
 * own, would lose to the one that is there while it loads.
 */
export function DocumentTitle() {
  const product = useProductName();
  const title = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
    () => null,
  );
  return <title>{title === null ? product : `${title} · ${product}`}</title>;
}
