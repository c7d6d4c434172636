"use client";

import { CircleAlert, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Panel } from "@/components/ui/panel.tsx";
import type { PolicyIssue } from "@/lib/contracts/policy.ts";
import { usePolicyIssueText } from "./policy-issue-text.ts";

/** What the server finds wrong or odd, with the place it is about. */
export function IssueList({ issues }: { issues: PolicyIssue[] }) {
  const t = useTranslations("access");
  const issueText = usePolicyIssueText();
  if (issues.length === 0) return null;
  return (
    <Panel title={t("issues")} flush>
      <ul className="divide-y divide-line">
        {issues.map((issue, index) => {
          const Icon = issue.severity === "error" ? CircleAlert : TriangleAlert;
          return (
            <li key={index} className="flex items-start gap-2.5 px-4 py-2">
              <Icon
                aria-hidden
                className={
                  issue.severity === "error" ? "mt-0.5 size-4 shrink-0 text-err" : "mt-0.5 size-4 shrink-0 text-warn"
                }
              />
              <span className="sr-only">{t(issue.severity)}</span>
              <p className="min-w-0 flex-1 wrap-anywhere">
                <code className="mr-2 font-mono text-meta text-ink-2">{issue.path}</code>
                <span className="font-medium">{t(`codes.${issue.code}`)}</span>
                <span className="ml-2 text-ink-2">{issueText(issue)}</span>
                {issue.suggestion ? (
                  <span className="ml-2 text-ink-2">{t("suggestion", { name: issue.suggestion })}</span>
                ) : null}
              </p>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
