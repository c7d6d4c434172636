"use client";

import { createContext, useContext, useSyncExternalStore } from "react";
import type { LiveState, LiveStream } from "./live.ts";

export const LiveContext = createContext<LiveStream | null>(null);

/** The tab's live stream; the shell provides and starts it. */
export function useLive(): LiveStream {
  const live = useContext(LiveContext);
  if (!live) throw new Error("no live stream outside the console's shell");
  return live;
}

const idle: LiveState = { status: "idle", retryAt: null, lostAt: null };

export function useLiveState(): LiveState {
  const live = useLive();
  return useSyncExternalStore(live.onState, live.getState, () => idle);
}
