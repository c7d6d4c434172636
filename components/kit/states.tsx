"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { problemOf } from "@/lib/api/problem.ts";
import { cn } from "@/lib/format/cn.ts";
import { NoPermissionText } from "./no-permission-text.tsx";
import { useProblemText } from "./problem-text.ts";

interface StateProps {
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
  /** A command that does the same. */
  command?: string;
}

/** On the bare page a state has a frame of its own; within a panel, a list or a dialog it has theirs. */
const frame = "rounded-panel border border-line bg-surface px-4 py-7 in-[.bg-surface]:border-0";

/** Nothing is here yet: what it is, one thing to do, and the command that does it. */
export function EmptyState({ title, text, action, command }: StateProps) {
  return (
    <div className={cn(frame, "flex flex-col items-start gap-2")}>
      <p className="text-body font-medium">{title}</p>
      {text ? <p className="max-w-[64ch] text-base text-ink-2">{text}</p> : null}
      {action ? <div className="mt-2 flex flex-wrap gap-2">{action}</div> : null}
      {command ? (
        <code className="mt-1 max-w-full rounded-badge bg-sunken px-2 py-1 font-mono text-meta wrap-anywhere text-ink-2">
          {command}
        </code>
      ) : null}
    </div>
  );
}

/** There is something, but the filter shows none of it. */
export function NoMatch({ title, onClear }: { title: ReactNode; onClear: () => void }) {
  const t = useTranslations("common");
  return (
    <div className={cn(frame, "flex flex-wrap content-start items-center gap-3")}>
      <p className="text-base text-ink-2">{title}</p>
      <Button size="sm" onClick={onClear}>
        {t("clearFilters")}
      </Button>
    </div>
  );
}

/** A failed read; a missing permission is told apart and names who can grant it. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations();
  const problem = problemOf(error);
  const text = useProblemText();
  if (problem.status === 403)
    return <EmptyState title={t("errors.noPermission.title")} text={<NoPermissionText problem={problem} />} />;
  // Asking again for what is gone helps nobody.
  if (problem.status === 404) return <EmptyState title={text(problem)} />;
  return (
    <div role="alert" className={cn(frame, "flex flex-col items-start gap-2")}>
      <p className="text-body font-medium">{t("errors.title")}</p>
      <p className="max-w-[64ch] text-base text-ink-2">{text(problem)}</p>
      <div className="mt-1 flex flex-wrap items-center gap-3">
        {onRetry ? (
          <Button size="sm" onClick={onRetry}>
            {t("common.retry")}
          </Button>
        ) : null}
        {problem.requestId ? (
          <span className="font-mono text-meta text-ink-3">{t("errors.requestId", { id: problem.requestId })}</span>
        ) : null}
      </div>
    </div>
  );
}
