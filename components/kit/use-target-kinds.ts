"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";

/** The kind of each target by its name; a target that is gone is taken for a web server. */
export function useTargetKinds(): (name: string) => TargetKind {
  const targets = useQuery(api.forward.targets.queryOptions({ staleTime: 60_000 }));
  return (name) => targets.data?.items.find((target) => target.name === name)?.target.kind ?? "webhook";
}
