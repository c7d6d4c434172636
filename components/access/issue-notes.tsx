"use client";

import { CircleAlert, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { usePolicyIssueText } from "@/components/kit/policy-issue-text.ts";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";

/** What the server says about the line, condition or entry above. */
export function IssueNotes({ issues, numbered }: { issues: PolicyIssue[]; numbered?: (issue: PolicyIssue) => number }) {
  const t = useTranslations();
  const issueText = usePolicyIssueText();
  if (issues.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 py-0.5 text-meta leading-5">
      {issues.map((issue, index) => {
        const isError = issue.severity === "error";
        const Icon = isError ? CircleAlert : TriangleAlert;
        return (
          <li key={index} className="flex items-start gap-1.5">
            <Icon aria-hidden className={cn("mt-[3px] size-3.5 shrink-0", isError ? "text-err" : "text-warn")} />
            <span className="sr-only">{t(`access.${issue.severity}`)}</span>
            <p className="min-w-0 wrap-anywhere text-ink-2">
              {numbered ? <span className="mr-1">{t("policy.atCondition", { line: numbered(issue) })}</span> : null}
              <span className="mr-1.5 font-medium text-ink">{t(`access.codes.${issue.code}`)}</span>
              {issueText(issue)}
              {issue.suggestion ? (
                <span className="ml-1.5">{t("access.suggestion", { name: visible(issue.suggestion) })}</span>
              ) : null}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
