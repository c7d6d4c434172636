"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "@/lib/api/client.ts";
import { useLive, useLiveState } from "@/lib/api/live-context.ts";
import type { MetricRange } from "@/lib/contracts/charts.ts";
import { withSample } from "./with-sample.ts";

/** Adds each sample to the last hour as the server takes it; answers whether they come. */
export function useLiveBoard(range: MetricRange): boolean {
  const live = useLive();
  const queries = useQueryClient();
  const { status } = useLiveState();
  const isFollowed = range === "1h";

  useEffect(() => {
    if (!isFollowed) return undefined;
    const { end } = live.subscribe("metrics", {
      onEvents: (events) => {
        queries.setQueryData(api.metrics.board.queryKey({ input: { range: "1h" } }), (old) =>
          old === undefined ? old : events.reduce((board, { data }) => withSample(board, data), old),
        );
      },
    });
    return end;
  }, [live, queries, isFollowed]);

  return isFollowed && status === "open";
}
