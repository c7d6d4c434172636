"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useKept } from "@/components/kit/use-kept.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";

/** A rule and a name for its place in the list, which stays while rules move and are renamed. */
export interface DraftRule {
  key: number;
  rule: ForwardRule;
}

interface Draft {
  rules: DraftRule[];
  /** Revision that the draft began from. */
  base: number;
}

/** After a reload they go on above those of a draft that was kept. */
let keys = Date.now();
export const asDraftRule = (rule: ForwardRule): DraftRule => ({ key: keys++, rule });

/** The rules as they are being edited, with what the server says about the policy that they would make. */
export function useRulesDraft() {
  const live = useQuery(api.forward.rules.queryOptions());
  const policy = useQuery(api.policy.get.queryOptions());
  const [draft, setDraft] = useKept<Draft>("forward-rules");
  const settled = useSettled(draft, 300);
  const check = useQuery(
    api.policy.check.queryOptions({
      input: { policy: settled && policy.data ? withRules(policy.data.policy, settled.rules) : null },
      enabled: settled !== null && policy.data !== undefined,
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const stored = useMemo(() => (live.data?.items ?? []).map(asDraftRule), [live.data]);
  const rules = draft?.rules ?? stored;
  return {
    live,
    policy: policy.data?.policy,
    draft,
    rules,
    change: (rules: DraftRule[]) => setDraft({ rules, base: draft?.base ?? live.data?.revision.id ?? 0 }),
    discard: () => setDraft(null),
    /** Some rule is not finished: the server would not take them. */
    isUnreadable: rules.some(({ rule }) => rule.classes.length === 0 || rule.name === ""),
    issues: draft ? (check.data?.issues ?? []).filter(({ path }) => path.startsWith("forward.")) : [],
    allIssues: draft ? (check.data?.issues ?? []) : [],
    changes: draft ? (check.data?.changes ?? []) : [],
    isChecking: draft !== settled || check.isFetching,
  };
}

const withRules = <P extends { forward: { rules: ForwardRule[] } }>(policy: P, rules: DraftRule[]): P => ({
  ...policy,
  forward: { ...policy.forward, rules: rules.map(({ rule }) => rule) },
});

export type RulesDraft = ReturnType<typeof useRulesDraft>;
