"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";

/** Names of the hosts this account may see; empty while they are being read. */
export function useHosts(): string[] {
  const hosts = useQuery(api.hosts.list.queryOptions({ staleTime: 60_000 }));
  return hosts.data?.items.map((each) => each.host) ?? [];
}
