"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { User } from "@/lib/contracts/users.ts";

/** The account as some page of the list has it, to be shown until it is read itself; null: no page that was open has it. */
export function useListedUser(jid: string): User | null {
  const pages = useQueryClient().getQueriesData<{ items: User[] }>({ queryKey: [["users", "list"]] });
  return pages.flatMap(([, page]) => page?.items ?? []).find((user) => user.jid === jid) ?? null;
}
