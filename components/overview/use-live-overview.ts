"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "@/lib/api/client.ts";
import { useLive, useLiveState } from "@/lib/api/live-context.ts";

/** Writes the figures of the live stream into the query's cache; answers whether they come. */
export function useLiveOverview(): boolean {
  const live = useLive();
  const queries = useQueryClient();
  const { status } = useLiveState();

  useEffect(() => {
    const { end } = live.subscribe("overview", {
      onEvents: (events) => {
        const latest = events.at(-1)?.data;
        if (!latest) return;
        queries.setQueryData(api.server.overview.queryKey(), (old) => {
          if (!old) return old;
          const { backlog, dead, ...figures } = latest;
          return { ...old, ...figures, forward: { ...old.forward, backlog, dead } };
        });
      },
    });
    return end;
  }, [live, queries]);

  return status === "open";
}
