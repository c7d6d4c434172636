"use client";

import { useLocale, useTranslations } from "use-intl";
import type { FieldProblem } from "@/lib/api/problem.ts";
import { useTold } from "./use-told.ts";

const chinese = /\p{Script=Han}/u;

/** What is wrong with a field, in the reader's language; Chinese readers get a general sentence where nobody has translated one. */
export function useFieldText(): (problem: Omit<FieldProblem, "path">) => string {
  const t = useTranslations("errors.field");
  const locale = useLocale();
  const told = useTold();
  return (problem) => {
    const text = told(problem);
    return locale === "zh-CN" && !chinese.test(text) ? t("invalid") : text;
  };
}
