"use client";

import { useTranslations } from "use-intl";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { withoutPlace } from "./issue-place.ts";
import { useTold } from "./use-told.ts";

/** What is wrong, in the reader's language; in the server's words where only these name the value, translated. */
export function usePolicyIssueText(): (issue: PolicyIssue) => string {
  const t = useTranslations("policy");
  const told = useTold();
  return (issue) => {
    const { code, path, line, column = 1 } = issue;
    if (line !== undefined) return t("placed", { line, column, text: told(withoutPlace(issue)) });
    if (path.startsWith("forward.")) return told(issue);
    switch (code) {
      case "bad-pattern":
      case "bad-cidr":
      case "bad-option":
      case "bad-value":
      case "failed-test":
        return told(issue);
      default:
        return t(`hints.${code}`);
    }
  };
}
