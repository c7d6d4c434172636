"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import { ForwardTarget } from "@/lib/contracts/forward-target.ts";
import { candidateOf } from "./candidate.ts";
import type { TargetFormInput } from "./target-form.ts";

const none = { problems: [], facts: [], attemptsAt: [] };

/** What the server says about the form as it stands: half a second after the last key, and nothing is saved. */
export function useTargetCheck(isNew: boolean) {
  const { control } = useFormContext<TargetFormInput>();
  const values = useWatch({ control }) as TargetFormInput;
  const settled = useSettled(values, 500);
  const candidate = useMemo(() => candidateOf(settled), [settled]);
  const check = useQuery(
    api.forward.checkTarget.queryOptions({
      input: { target: candidate?.target ?? fallback, ...(isNew ? {} : { name: settled.name }) },
      enabled: candidate !== null,
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 60_000,
    }),
  );
  if (candidate === null || !check.data) return { ...none, target: candidate?.target ?? null };
  return {
    target: candidate.target,
    facts: check.data.facts,
    attemptsAt: check.data.attemptsAt,
    // What is not filled in yet is not wrong yet.
    problems: check.data.problems.filter(({ field }) => !candidate.missing.has(field.split(/[.[]/)[0] ?? field)),
  };
}

const fallback: ForwardTarget = ForwardTarget.parse({ kind: "xep0357" });
