"use client";

import { useTranslations } from "use-intl";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { useSentence } from "./use-sentence.ts";

/** What is wrong, in the reader's language; in the server's words where only these name the value, translated. */
export function usePolicyIssueText(): (issue: PolicyIssue) => string {
  const t = useTranslations("policy.hints");
  const sentence = useSentence();
  return ({ code, path, message }) => {
    if (path.startsWith("forward.")) return sentence(message);
    switch (code) {
      case "bad-pattern":
      case "bad-cidr":
      case "bad-option":
      case "bad-value":
      case "failed-test":
        return sentence(message);
      default:
        return t(code);
    }
  };
}
