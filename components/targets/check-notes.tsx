"use client";

import { Check, CircleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { useTold } from "@/components/kit/use-told.ts";
import type { TargetCheck } from "@/lib/contracts/simulation.ts";

/** What is in a key file, or what is wrong with it. */
export function FileNotes({ check, field }: { check: TargetCheck; field: string }) {
  const t = useTranslations("targets");
  const sentence = useSentence();
  const told = useTold();
  const problems = check.problems.filter((problem) => problem.field === field);
  return (
    <div aria-live="polite" className="flex flex-col gap-1 empty:hidden">
      {problems.map((problem, index) => (
        <p key={index} className="flex items-start gap-1.5 text-err">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="inline-block wrap-anywhere first-letter:uppercase">{told(problem)}</span>
        </p>
      ))}
      {problems.length === 0 && check.facts.length > 0 ? (
        <div className="flex items-start gap-1.5">
          <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          <dl aria-label={t("facts")} className="flex min-w-0 flex-wrap gap-x-4 gap-y-0.5">
            {check.facts.map(([name, value]) => (
              <div key={name} className="flex gap-1.5">
                <dt className="text-ink-3">{sentence(name)}</dt>
                <dd className="wrap-anywhere">
                  <bdi>{sentence(value)}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
    </div>
  );
}

/** Everything else that the server finds wrong with the settings. */
export function CheckProblems({ check, except }: { check: TargetCheck; except: readonly string[] }) {
  const told = useTold();
  const problems = check.problems.filter((problem) => !except.includes(problem.field));
  return (
    <ul aria-live="polite" className="flex flex-col gap-1 empty:hidden">
      {problems.map((problem, index) => (
        <li key={index} className="flex items-start gap-1.5 text-warn">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 wrap-anywhere text-ink">
            <code className="mr-1.5 font-mono text-meta text-ink-2">{problem.field}</code>
            {told(problem)}
          </span>
        </li>
      ))}
    </ul>
  );
}
