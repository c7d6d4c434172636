"use client";

import { useTranslations } from "use-intl";
import type { z } from "zod";

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** Texts for what the shared schemas find wrong, in the reader's language. */
export function useIssueText(): (issue: RawIssue) => string {
  const t = useTranslations("errors.field");
  return (issue) => {
    switch (issue.code) {
      case "too_small":
        if (issue.origin === "array") return t("one");
        if (issue.origin !== "string") return t("small", { minimum: Number(issue.minimum) });
        return issue.minimum === 1 ? t("required") : t("short", { minimum: Number(issue.minimum) });
      case "too_big":
        return t(issue.origin === "string" ? "long" : "big", { maximum: Number(issue.maximum) });
      case "invalid_type":
        return t(issue.input === undefined || Number.isNaN(issue.input) ? "required" : "invalid");
      case "invalid_format":
        return t(issue.format === "url" ? "url" : "format");
      default:
        return t("invalid");
    }
  };
}
