"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useSettled } from "@/components/kit/use-settled.ts";
import { api } from "@/lib/api/client.ts";
import type { Condition, Policy } from "@/lib/contracts/policy.ts";
import { readCondition, shapeOf } from "./condition.ts";

/** How many accounts and sessions a condition matches while it is written. */
export function ConditionCount({ condition, draft }: { condition: Condition; draft: Policy | null }) {
  const t = useTranslations("policy");
  const settled = useSettled(condition, 500);
  const { kind, value } = readCondition(settled);
  const count = useQuery(
    api.policy.count.queryOptions({
      // What an ACL means is said by the document around it.
      input: { condition: settled, ...(kind === "acl" && draft ? { draft } : {}) },
      enabled: shapeOf(kind) === "word" || value !== "",
      staleTime: 60_000,
    }),
  );
  if (!count.data) return null;
  const { matched, checked, total, online } = count.data;
  return (
    <p aria-live="polite" className="basis-full text-meta text-ink-3 tabular-nums">
      {checked < total ? t("matchesSample", { matched, checked, online }) : t("matches", { matched, total, online })}
    </p>
  );
}
