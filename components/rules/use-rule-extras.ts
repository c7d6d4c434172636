"use client";

import { useLocale, useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import type { ForwardRule } from "@/lib/contracts/forward-policy.ts";
import { formatDuration } from "@/lib/format/time.ts";

/** What the sentence does not say because few rules have it, in a few words. */
export function useRuleExtras(): (rule: ForwardRule) => string[] {
  const t = useTranslations("rules");
  const { comma } = useJoints();
  const locale = useLocale();
  return ({ delaySeconds, ttlSeconds, cancelOn, hints, expression }) => [
    ...(delaySeconds > 0 ? [t("extraDelay", { time: formatDuration(delaySeconds * 1000, locale) })] : []),
    ...(ttlSeconds === null ? [] : [t("extraTtl", { time: formatDuration(ttlSeconds * 1000, locale) })]),
    ...(cancelOn === null ? [] : [t("extraCancel", { when: t(`cancels.${cancelOn}`) })]),
    ...(hints.length === 0 ? [] : [t("extraHints", { hints: hints.join(comma) })]),
    ...(expression === "" ? [] : [t("extraExpression")]),
  ];
}
