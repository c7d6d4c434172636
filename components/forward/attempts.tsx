"use client";

import { useRef } from "react";
import { useTranslations } from "use-intl";
import { AttemptCard } from "@/components/kit/attempt-card.tsx";
import { useKeys } from "@/components/kit/use-keys.ts";
import type { ForwardAttempt } from "@/lib/contracts/forward-event.ts";
import type { TargetKind } from "@/lib/contracts/forward-target.ts";

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** What was tried, the latest first. The keys 1 to 9 open these attempts. */
export function Attempts({ attempts, kind }: { attempts: ForwardAttempt[]; kind: TargetKind }) {
  const t = useTranslations("forward");
  const list = useRef<HTMLOListElement>(null);
  const open = (number: string) => {
    const attempt = list.current?.querySelector<HTMLDetailsElement>(`[data-attempt="${number}"]`);
    if (!attempt) return;
    attempt.open = true;
    attempt.querySelector("summary")?.focus();
    attempt.scrollIntoView({ block: "nearest" });
  };
  useKeys(Object.fromEntries(digits.map((number) => [number, () => open(number)])));
  if (attempts.length === 0) return <p className="text-ink-2">{t("noAttempts")}</p>;
  return (
    <ol ref={list} className="flex flex-col">
      {attempts
        .map((attempt, index) => (
          <AttemptCard
            key={attempt.number}
            attempt={attempt}
            previous={attempts[index - 1]}
            kind={kind}
            isOpen={index === attempts.length - 1}
          />
        ))
        .toReversed()}
    </ol>
  );
}
