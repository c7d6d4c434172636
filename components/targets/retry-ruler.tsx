"use client";

import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { formatDuration } from "@/lib/format/time.ts";
import { useTimes } from "@/lib/format/use-times.ts";

/** When an event that comes now is attempted if every attempt fails; the ruler is logarithmic, because the waits are. */
export function RetryRuler({ attemptsAt }: { attemptsAt: readonly number[] }) {
  const t = useTranslations("targets");
  const locale = useLocale();
  const times = useTimes();
  const [start] = useState(() => Date.now());
  const whole = Math.log1p(attemptsAt.at(-1) ?? 0);
  return (
    <section aria-label={t("attemptsAt")} className="flex flex-col gap-2">
      <h4 className="font-medium">{t("attemptsAt")}</h4>
      <div aria-hidden className="relative mx-1 h-3">
        <span className="absolute inset-x-0 top-1/2 border-t border-line-strong/60" />
        {attemptsAt.map((seconds) => (
          <span
            key={seconds}
            className="absolute top-1/2 size-2 -translate-x-1/2 -translate-y-1/2 rounded-full bg-accent"
            style={{ left: `${whole === 0 ? 0 : (Math.log1p(seconds) / whole) * 100}%` }}
          />
        ))}
      </div>
      <ol className="text-meta tabular-nums">
        {attemptsAt.map((seconds, index) => (
          <li key={seconds} className="flex gap-2">
            <span className="w-5 text-right text-ink-3">{index + 1}</span>
            <span className="w-24 font-mono">{`+${formatDuration(seconds * 1000, locale)}`}</span>
            <span className="text-ink-3">{times.full(new Date(start + seconds * 1000).toISOString())}</span>
          </li>
        ))}
      </ol>
      <p className="text-meta text-ink-3">{t("attemptsAtHint")}</p>
    </section>
  );
}
