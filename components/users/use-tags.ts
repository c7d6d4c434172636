"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";

/** Tags that accounts have, of a host or of all. */
export function useTags(host: string | null): readonly string[] {
  const tags = useQuery(api.users.tags.queryOptions({ input: host ? { host } : {} }));
  return tags.data?.items.map(({ tag }) => tag) ?? [];
}
