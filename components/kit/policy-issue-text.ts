"use client";

import { useTranslations } from "use-intl";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";

/** What is wrong, in the reader's language; in the server's words where only these name the value. */
export function usePolicyIssueText(): (issue: PolicyIssue) => string {
  const t = useTranslations("policy.hints");
  return ({ code, path, message }) => {
    if (path.startsWith("forward.")) return message;
    switch (code) {
      case "bad-pattern":
      case "bad-cidr":
      case "bad-option":
      case "bad-value":
      case "failed-test":
        return message;
      default:
        return t(code);
    }
  };
}
