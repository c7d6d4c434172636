"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useKept } from "@/components/kit/use-kept.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import type { Policy } from "@/lib/contracts/policy.ts";

interface Draft {
  policy: Policy;
  /** Revision that the draft began from. */
  base: number;
}

/** The draft of the policy that all tabs edit, with what the server says about it. */
export function useDraft() {
  const live = useQuery(api.policy.get.queryOptions());
  const [draft, setDraft] = useKept<Draft>("policy");
  const settled = useSettled(draft, 300);
  const check = useQuery(
    api.policy.check.queryOptions({
      input: { policy: settled?.policy ?? null },
      enabled: settled !== null,
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  return {
    live,
    policy: draft?.policy ?? live.data?.policy,
    draft,
    change: (policy: Policy) => setDraft({ policy, base: draft?.base ?? live.data?.revision.id ?? 0 }),
    discard: () => setDraft(null),
    issues: draft ? (check.data?.issues ?? []) : (live.data?.issues ?? []),
    changes: draft ? (check.data?.changes ?? []) : [],
    isChecking: draft !== settled || check.isFetching,
  };
}

export type DraftState = ReturnType<typeof useDraft>;
