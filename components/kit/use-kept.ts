"use client";

import { useEffect, useSyncExternalStore } from "react";
import { forgetKept, hasKept, keep, readKept, watchKept } from "@/lib/format/kept.ts";

/**
 * A draft by this name, or null: a reload, another page in between and the end of the session lose nothing of it. One that has
 * a secret does not outlive a reload. The prerendered page has none.
 */
export function useKept<T>(name: string, hasSecret = false): [T | null, (value: T | null) => void] {
  const value = useSyncExternalStore(
    watchKept,
    () => readKept<T>(name),
    () => null,
  );
  return [value, (next) => keep(name, next, hasSecret ? null : next)];
}

/** Is there a draft whose name begins so? */
export const useHasKept = (start: string): boolean =>
  useSyncExternalStore(
    watchKept,
    () => hasKept(start),
    () => false,
  );

const owner = "owner";

/** Drafts are for the account that began them: whoever logs in after it in this tab does not see them. */
export function useKeptOwner(account: string | undefined): void {
  useEffect(() => {
    if (account === undefined || readKept(owner) === account) return;
    forgetKept();
    keep(owner, account);
  }, [account]);
}
