"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";

const everyMs = 300_000;

/** How the 95th percentile of each target went in the last day, where the reader may see what is measured. */
export function useTargetLatency(): (target: string) => readonly (number | null)[] {
  const may = useMay();
  const board = useQuery(
    api.metrics.board.queryOptions({
      input: { range: "24h" },
      enabled: may("metrics.board"),
      refetchInterval: everyMs,
      staleTime: everyMs,
    }),
  );
  return (target) => board.data?.series.find(({ name }) => name === `latency:${target}`)?.values ?? [];
}
