"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/lib/api/client.ts";
import type { DraftRule } from "./use-rules-draft.ts";

/** How many of the latest messages each rule matches, once it is asked. What was counted holds until a rule changes. */
export function useMatches(rules: readonly DraftRule[]) {
  const [asked, setAsked] = useState<readonly DraftRule[] | null>(null);
  const isAsked = asked === rules;
  const { data, isFetching } = useQuery(
    api.forward.countMatches.queryOptions({
      input: { rules: rules.map(({ rule }) => rule) },
      enabled: isAsked,
      staleTime: 60_000,
    }),
  );
  return {
    count: () => setAsked(rules),
    isCounting: isAsked && isFetching,
    of: (index: number): { matched: number; messages: number } | null => {
      const rule = isAsked ? data?.rules[index] : undefined;
      return data === undefined || rule === undefined ? null : { matched: rule.matched, messages: data.messages };
    },
  };
}
