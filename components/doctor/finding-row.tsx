"use client";

import { ChevronRight, CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { isFixable } from "@/lib/contracts/doctor-words.ts";
import type { Finding } from "@/lib/contracts/doctor.ts";
import { fillWords } from "@/lib/contracts/fill-words.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";

const marks = {
  ok: { icon: CircleCheck, tone: "text-ok" },
  note: { icon: Info, tone: "text-accent" },
  warning: { icon: TriangleAlert, tone: "text-warn" },
  error: { icon: CircleAlert, tone: "text-err" },
};

interface Props {
  finding: Finding;
  /** Beside others about the same thing it is not named. */
  hasSubject?: boolean;
}

/** What was found, what to do about it, and how it was found out. */
export function FindingRow({ finding, hasSubject = true }: Props) {
  const t = useTranslations("doctor");
  const { state, code, evidence } = finding;
  const values = Object.fromEntries(Object.entries(finding.values).map(([name, value]) => [name, visible(value)]));
  const { icon: Icon, tone } = marks[state];
  const fix = state !== "ok" && isFixable(code) ? (t.raw(`fixes.${code}`) as string) : null;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Icon aria-label={t(`states.${state}`)} className={cn("mt-0.5 size-4 shrink-0", tone)} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p>{fillWords(t.raw(`texts.${code}`) as string, values)}</p>
        {fix === null ? null : <p className="text-ink-2">{fillWords(fix, values)}</p>}
        {evidence === "" ? null : (
          <details className="group mt-0.5 text-meta text-ink-3">
            <summary className="flex min-h-6 w-fit list-none items-center gap-1 hover:text-ink [&::-webkit-details-marker]:hidden">
              <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
              {t("evidence")}
            </summary>
            <div className="flex items-start gap-1.5">
              <bdi className="min-w-0 font-mono">{visible(evidence)}</bdi>
              <CopyButton text={evidence} />
            </div>
          </details>
        )}
      </div>
      {hasSubject ? (
        <bdi className="hidden max-w-48 truncate text-meta text-ink-3 sm:block">{visible(finding.subject)}</bdi>
      ) : null}
    </li>
  );
}
