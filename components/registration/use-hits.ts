"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";

/** How often lines of the registration policy have decided in a day; null: it is not known. */
export function useHits(host: string | null) {
  const hits = useQuery(api.registration.hits.queryOptions({ input: host ? { host } : {}, staleTime: 60_000 }));
  const lines = hits.data?.lines;
  return {
    allowed: hits.data?.allowed ?? null,
    /** Of a network line. In the log it has the number it had then; what it says is what names it. */
    ofNetwork: ({ action, cidr }: { action: string; cidr: string }): number | null =>
      lines === undefined
        ? null
        : lines
            .filter(({ line }) => line.includes("networks[") && line.endsWith(`: ${action} ${cidr}`))
            .reduce((sum, { count }) => sum + count, 0),
  };
}
