"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ForwardLog } from "@/lib/api/forward-log.ts";
import { useLive } from "@/lib/api/live-context.ts";
import type { ForwardFilter } from "@/lib/contracts/forward-filter.ts";

/** The live log of a filter, and its view of this frame. `isComplete`: never only a sample. */
export function useForwardLog(filter: ForwardFilter, isComplete: boolean) {
  const live = useLive();
  const [log] = useState(() => new ForwardLog(live, filter, isComplete));
  const applied = useRef(filter);
  useEffect(() => log.start(), [log]);
  useEffect(() => {
    if (applied.current === filter) return;
    applied.current = filter;
    log.setFilter(filter);
  }, [log, filter]);
  useEffect(() => log.setComplete(isComplete), [log, isComplete]);
  const view = useSyncExternalStore(log.onView, log.getView, log.getView);
  return { log, view };
}
