"use client";

import { useQuery } from "@tanstack/react-query";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { NameCheck } from "@/lib/contracts/users.ts";

const settleMs = 250;

/** What the server says of a user name once the typing has stopped; null: it has not been asked of just this one. */
export function useNameCheck(local: string, host: string): NameCheck | null {
  const settled = useSettled(local, settleMs);
  const isAsked = local !== "" && local === settled && host !== "";
  const may = useMay()("users.checkName", host);
  const check = useQuery(
    api.users.checkName.queryOptions({ input: { local, host }, enabled: isAsked && may, retry: false, gcTime: 0 }),
  );
  return (isAsked && check.data) || null;
}
