"use client";

import { useSyncExternalStore } from "react";

const stepMs = 10_000;
const listeners = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, stepMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  if (Math.abs(Date.now() - now) > stepMs) now = Date.now();
  return now;
}

/** The time in ms, moving on every ten seconds for all that show a relative time together. */
export const useNow = (): number => useSyncExternalStore(subscribe, read, () => 0);
