"use client";

import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { usePolicyIssueText } from "./policy-issue-text.ts";

/** Why a policy was not applied: its errors, each with its place. */
export function ProblemIssues({ issues }: { issues: readonly PolicyIssue[] }) {
  const issueText = usePolicyIssueText();
  return (
    <ul className="mt-1 text-ink-2">
      {issues
        .filter(({ severity }) => severity === "error")
        .map((issue, index) => (
          <li key={index} className="wrap-anywhere">
            <code className="mr-1.5 font-mono text-meta">{issue.path}</code>
            {issueText(issue)}
          </li>
        ))}
    </ul>
  );
}
