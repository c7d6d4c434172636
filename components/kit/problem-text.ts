"use client";

import { useLocale, useTranslations } from "use-intl";
import { type Problem, problemOf } from "@/lib/api/problem.ts";
import { visible } from "@/lib/format/visible.ts";
import { useRefusal } from "./use-refusal.ts";

type Known = Parameters<ReturnType<typeof useTranslations<"errors.code">>>[0];

/** Codes that say no more than what kind of problem it is: a reason says which. */
const general: ReadonlySet<string> = new Set([
  "bad-input",
  "forbidden",
  "not-found",
  "exists",
  "conflict",
  "unavailable",
]);

/** The problem in the reader's language, by its reason or its code; an unknown one in the server's own words, which are English. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations("errors.code");
  const locale = useLocale();
  const refusal = useRefusal();
  return (error) => {
    const problem: Problem = isProblem(error) ? error : problemOf(error);
    if (problem.reason !== undefined && problem.detail !== undefined && general.has(problem.code))
      return refusal(problem) ?? visible(problem.detail);
    if (t.has(problem.code as Known)) return t(problem.code as Known);
    const own = locale === "zh-CN" ? undefined : (problem.detail ?? problem.title);
    return own === undefined ? t("unexpected") : visible(own);
  };
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error && "status" in error;
