"use client";

import { Check, Minus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { useTold } from "@/components/kit/use-told.ts";
import { Badge } from "@/components/ui/badge.tsx";
import type { Verdict } from "@/lib/contracts/policy.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";

/** The answer, and every line that was looked at with each condition's own vote. */
export function VerdictView({ verdict }: { verdict: Verdict }) {
  const t = useTranslations("access");
  const sentence = useSentence();
  const told = useTold();
  const { allowed, line, trace } = verdict;
  const Icon = allowed ? Check : X;
  return (
    <div className="flex flex-col gap-4">
      <div className={cn("flex items-start gap-3 rounded-control px-4 py-3", allowed ? "bg-ok-soft" : "bg-err-soft")}>
        <Icon aria-hidden className={cn("mt-1 size-5", allowed ? "text-ok" : "text-err")} />
        <div>
          <p className={cn("text-section font-semibold", allowed ? "text-ok" : "text-err")}>
            {t(allowed ? "why.allowed" : "why.denied")}
          </p>
          <p className="text-ink">
            {line === null ? t("why.byDefault") : t("why.by", { line: line + 1 })}
            <code className="ml-2 font-mono text-meta wrap-anywhere">
              {told({ ...verdict, message: verdict.text })}
            </code>
          </p>
        </div>
      </div>
      <ol className="flex flex-col">
        {trace.map((step) => {
          const isDeciding = step.index === line;
          const isReached = line === null || step.index <= line;
          return (
            <li
              key={step.index}
              className={cn(
                "border-l-2 py-2 pl-4",
                isDeciding ? (allowed ? "border-ok" : "border-err") : "border-line",
                !isReached && "opacity-65",
              )}
            >
              <p className="flex flex-wrap items-center gap-2">
                <span className="text-ink-3">{t("why.line", { line: step.index + 1 })}</span>
                <span className={step.action === "allow" ? "font-medium text-ok" : "font-medium text-err"}>
                  {t(step.action === "allow" ? "allowIf" : "denyIf")}
                </span>
                {isDeciding ? <Badge tone={allowed ? "ok" : "err"}>{t("why.decided")}</Badge> : null}
                {isReached ? null : <span className="text-meta text-ink-3">{t("why.notReached")}</span>}
              </p>
              <ul className="mt-1 flex flex-col gap-0.5">
                {step.conditions.map((condition, index) => (
                  <li key={index} className="flex items-baseline gap-2">
                    {condition.matched ? (
                      <Check aria-label={t("why.matched")} className="size-3.5 shrink-0 translate-y-0.5 text-ok" />
                    ) : (
                      <X aria-label={t("why.notMatched")} className="size-3.5 shrink-0 translate-y-0.5 text-err" />
                    )}
                    <code className="font-mono text-meta wrap-anywhere">{visible(condition.text)}</code>
                    <span dir="auto" className="text-meta wrap-anywhere text-ink-3">
                      {sentence(condition.detail)}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          );
        })}
        <li
          className={cn(
            "flex items-center gap-2 border-l-2 py-2 pl-4 text-ink-3",
            line === null ? "border-err" : "border-line",
          )}
        >
          <Minus aria-hidden className="size-3.5" />
          {t("why.fallThrough")}
          {line === null ? <Badge tone="err">{t("why.decided")}</Badge> : null}
        </li>
      </ol>
    </div>
  );
}
