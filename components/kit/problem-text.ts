"use client";

import { useTranslations } from "use-intl";
import { type Problem, problemOf } from "@/lib/api/problem.ts";

type Known = Parameters<ReturnType<typeof useTranslations<"errors.code">>>[0];

/** The problem in the reader's language, by its code; an unknown code shows the server's own words. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations("errors.code");
  return (error) => {
    const problem: Problem = isProblem(error) ? error : problemOf(error);
    if (t.has(problem.code as Known)) return t(problem.code as Known);
    return problem.detail ?? problem.title ?? t("unexpected");
  };
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error && "status" in error;
