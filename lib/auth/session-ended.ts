"use client";

import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let isEnded = false;

/** Set by any call that the server answers with 401; the shell then asks for the password in place. */
export const sessionEnded = {
  set(value: boolean): void {
    if (value === isEnded) return;
    isEnded = value;
    for (const listener of listeners) listener();
  },
};

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isEnded,
    () => false,
  );
