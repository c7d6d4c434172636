"use client";

import { useLocale, useTranslations } from "use-intl";
import type { FieldProblem } from "@/lib/api/problem.ts";
import { useRefusal } from "./use-refusal.ts";
import { useSentence } from "./use-sentence.ts";

const chinese = /\p{Script=Han}/u;

/** What is wrong with a field, in the reader's language; Chinese readers get a general sentence where nobody has translated one. */
export function useFieldText(): (problem: Omit<FieldProblem, "path">) => string {
  const t = useTranslations("errors.field");
  const locale = useLocale();
  const sentence = useSentence();
  const refusal = useRefusal();
  return (problem) => {
    const told = refusal(problem) ?? sentence(problem.message);
    return locale === "zh-CN" && !chinese.test(told) ? t("invalid") : told;
  };
}
