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

const readToday = (): number => new Date(read()).setHours(0, 0, 0, 0);

/** When the day began in the browser's zone, in ms. It shows nowhere, so that nothing differs from what was prerendered. */
export const useToday = (): number => useSyncExternalStore(subscribe, readToday, readToday);

/** The time in ms, moving on every ten seconds for all that show a relative time together. */
export const useNow = (): number => useSyncExternalStore(subscribe, read, () => 0);
